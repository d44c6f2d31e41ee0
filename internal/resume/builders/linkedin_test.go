package builders

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"
)

// zipOf returns a ZIP archive with one file.
func zipOf(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestReadArchive_Limits(t *testing.T) {
	many := func() []byte {
		var buf bytes.Buffer
		w := zip.NewWriter(&buf)
		for range maxArchiveFiles + 1 {
			if _, err := w.Create("a.csv"); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return buf.Bytes()
	}
	good := zipOf(t, "Profile.csv", []byte("First Name\nAda\n"))
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"large table", zipOf(t, "Positions.csv", bytes.Repeat([]byte("x"), maxArchiveText+1)), "bytes"},
		{"many cells", zipOf(t, "Positions.csv", []byte("a,b\n"+strings.Repeat("1,2\n", maxArchiveCells/2+1))), "cells"},
		{"many files", many(), "files"},
		{"cut off", good[:len(good)-10], "cannot be read"},
		{"not LinkedIn's", zipOf(t, "Connections.csv", []byte("First Name\nAda\n")), "no Profile.csv"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := ReadArchive(test.data)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			if errors.Is(err, ErrNotLinkedIn) != (test.name == "not LinkedIn's") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// A file of any size costs little if it is not a table of the resume.
func TestReadArchive_DoesNotUnpackOtherFiles(t *testing.T) {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for name, content := range map[string][]byte{"Profile.csv": []byte("First Name,Last Name\nAda,Test\n"),
		"messages.csv": bytes.Repeat([]byte("0"), 8*maxArchiveText)} {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	root, notes, err := ReadArchive(buf.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if len(root.Members) != 1 || len(notes) != 1 || !strings.Contains(notes[0].Message, `"messages.csv"`) {
		t.Errorf("members %v, notes %v", root.Members, notes)
	}
}

func TestReadArchive_Tables(t *testing.T) {
	for _, test := range []struct{ name, csv, want string }{
		{"quotes and lines", "Name,Text\nA,\"one\ntwo, \"\"three\"\"\"\n", `[{"Name":"A","Text":"one\ntwo, \"three\""}]`},
		{"short row", "A,B,C\n1\n", `[{"A":"1"}]`},
		{"long row", "A,B\n1,2,3,4\n", `[{"A":"1","B":"2,3,4"}]`},
		{"bare quote", "A,B\n5\" nails,x\n", `[{"A":"5\" nails","B":"x"}]`},
		{"byte order mark", "\ufeffA\n1\n", `[{"A":"1"}]`},
		{"Latin-1", "A\nZo\xeb\n", `[{"A":"Zoë"}]`},
		{"same names", "A,A,\n1,2,3\n", `[{"A":"1","A_":"2","_":"3"}]`},
		{"no rows", "A,B\n", `[]`},
		{"empty", "", `[]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			root, _, err := ReadArchive(zipOf(t, "x/profile.CSV", []byte(test.csv)))
			if err != nil {
				t.Fatal(err)
			}
			if got := string(root.Get("Profile").Append(nil)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func FuzzReadArchive(f *testing.F) {
	f.Add("Company Name,Title\nA,\"B\"\n")
	f.Fuzz(func(t *testing.T, csv string) {
		root, _, err := ReadArchive(zipOf(t, "Positions.csv", []byte(csv)))
		if err != nil {
			return
		}
		r, ok := Convert(root, Options{})
		if !ok {
			return
		}
		for _, l := range missing(leaves(root, ""), r.Resume, r.Notes) {
			t.Fatalf("%s is lost: %q in %s", l.path, l.text, r.Resume.Append(nil))
		}
	})
}
