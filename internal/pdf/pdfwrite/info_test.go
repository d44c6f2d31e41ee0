package pdfwrite

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// drawn returns a small file printed by Chrome: three pages, no fonts.
func drawn(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/chrome.pdf")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var changed = time.Date(2026, 3, 1, 2, 30, 15, 123456789, time.FixedZone("IST", 5*3600+1800))

// finish parses and writes a copy of the data, in a slice with spare capacity like that of a
// browser's answer.
func finish(data []byte, i Info) (w Written, pages int, err error) {
	f, err := Parse(append(make([]byte, 0, len(data)+8<<10), data...))
	if err != nil {
		return Written{}, 0, err
	}
	w, err = f.Write(i)
	return w, f.Pages(), err
}

func TestParse_Truncated(t *testing.T) {
	t.Parallel()
	whole := drawn(t)
	end := bytes.LastIndex(whole, []byte("%%EOF")) + len("%%EOF")
	for n := range whole {
		_, pages, err := finish(whole[:n], Info{Title: "T"})
		switch {
		case n < end && !errors.Is(err, ErrForm):
			t.Fatalf("the first %d of %d bytes: %d pages, %v", n, len(whole), pages, err)
		case n >= end && (err != nil || pages != 3):
			t.Fatalf("without the last line break: %d pages, %v", pages, err)
		}
	}
}

func TestParse_OtherForms(t *testing.T) {
	t.Parallel()
	whole := string(drawn(t))
	change := func(old, new string) string {
		if strings.Count(whole, old) == 0 {
			t.Fatalf("the file has no %q to change", old)
		}
		return strings.ReplaceAll(whole, old, new)
	}
	for name, data := range map[string]string{
		"nothing":                       "",
		"an error page":                 "<html>502 Bad Gateway</html>",
		"only the first line":           "%PDF-1.4\n",
		"zeros":                         string(make([]byte, 4096)),
		"another kind of table":         change("xref\n0 11", "xref\n3 11"),
		"a table of nothing":            change("xref\n0 11", "xref\n0 00"),
		"a table longer than the file":  change("xref\n0 11", "xref\n0 9999999"),
		"a table of too many entries":   change("xref\n0 11", "xref\n0 922337203685477581"),
		"an object before the file":     change("0000001258", "-000000005"),
		"an object after the file":      change("0000001258", "0000009999"),
		"an object nowhere":             change("0000001258", "0000000000"),
		"an object in another's place":  change("0000001258", "0000000593"),
		"no trailer":                    change("trailer", "traitor"),
		"no catalog":                    change("/Root 10 0 R", "/Tree 10 0 R"),
		"a catalog that is no number":   change("/Root 10 0 R", "/Root xy 0 R"),
		"a catalog that does not exist": change("/Root 10 0 R", "/Root 99 0 R"),
		"no information":                change("/Info 1 0 R", "/Data 1 0 R"),
		"no count of pages":             change("/Count 3", "/Kount 3"),
		"no pages":                      change("/Count 3", "/Count 0"),
		"a count over all numbers":      change("/Count 3", "/Count 99999999999999999999"),
		"a start that is no number":     change("startxref\n1376", "startxref\nabcd"),
		"a start after the end":         change("startxref\n1376", "startxref\n9999"),
		"a start before the file":       change("startxref\n1376", "startxref\n-376"),
		"no end":                        change("%%EOF", "%%EOL"),
	} {
		if _, pages, err := finish([]byte(data), Info{}); !errors.Is(err, ErrForm) {
			t.Errorf("%s: %d pages, %v", name, pages, err)
		}
	}
}

func FuzzWrite(f *testing.F) {
	whole := drawn(f)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(append(bytes.Clone(whole[1300:]), whole...))
	f.Add([]byte("%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R\n/Info 1 0 R>>\nstartxref\n9\n%%EOF"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, pages, err := finish(data, Info{Title: "T", Date: changed})
		if err == nil && pages < 1 {
			t.Errorf("%d pages", pages)
		}
	})
}

// Readers show any name as it is, and nothing else in the file changes.
func TestWrite_HostileInformation(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Plain", "(", ")", `a \) b`, `\`, "()()", "Zoë 𝒵 👩🏽‍💻", "ليلى", `endobj`, "/CreationDate (D:19700101000000+00'00')", "trailer startxref %%EOF",
	} {
		out, _, err := finish(drawn(t), Info{Title: name, Author: name, Subject: name, Keywords: []string{name, name}, Date: changed})
		if err != nil {
			t.Fatal(err)
		}
		path := saved(t, out.Data)
		tool(t, "qpdf", "--check", path)
		got := tool(t, "pdfinfo", "-enc", "UTF-8", "-isodates", path)
		for _, want := range []string{
			"Title:           " + name, "Author:          " + name, "Subject:         " + name, "Keywords:        " + name + ", " + name,
			"Pages:           3", "CreationDate:    2026-02-28T21:00:15Z", "Producer:        Skia/PDF",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("%q: want %q in\n%s", name, want, got)
			}
		}
	}
}

func TestWrite_NoDate(t *testing.T) {
	t.Parallel()
	out, _, err := finish(drawn(t), Info{Title: "T"})
	if err != nil {
		t.Fatal(err)
	}
	got := tool(t, "pdfinfo", "-isodates", saved(t, out.Data))
	if !strings.Contains(got, "CreationDate:    2026-11-22T10:14:30Z") {
		t.Errorf("no date of printing in\n%s", got)
	}
}

func TestWrite_TimeOfPrintingIsReplaced(t *testing.T) {
	t.Parallel()
	first := drawn(t)
	second := bytes.ReplaceAll(first, []byte("D:20261122101430"), []byte("D:20301231235959"))
	i := Info{Title: "T", Date: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	a, _, err := finish(first, i)
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := finish(second, i)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Data, b.Data) {
		t.Error("files with different times of printing differ")
	}
	if bytes.Equal(first, second) || bytes.Contains(a.Data, []byte("D:2026112")) {
		t.Error("the time of printing is in the file")
	}
}

func TestWrite_CatalogHasAttachments(t *testing.T) {
	t.Parallel()
	data := bytes.Replace(drawn(t), []byte("/DisplayDocTitle true"), []byte("/Names 5 0 R/Unknown 1"), 1)
	if _, _, err := finish(data, Info{Attached: &Attachment{Name: "a.json", Type: "application/json"}}); !errors.Is(err, ErrForm) {
		t.Errorf("got %v", err)
	}
}
