package resume

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestRead_Files: each file of testdata/read is read with the notes, and as the document, of
// its golden file.
func TestRead_Files(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/read/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			doc, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := readAs(t, doc)
			golden := strings.TrimSuffix(file, ".json") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			checkAny(t, doc)
		})
	}
}

// readAs returns the notes on a document and the document that is written.
func readAs(t *testing.T, doc []byte) string {
	t.Helper()
	r, err := Read(doc, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, n := range r.Notes {
		b.WriteString(string(n.Code) + " " + n.String() + "\n")
	}
	return b.String() + mustMarshal(t, r)
}

func TestRead_Encodings(t *testing.T) {
	t.Parallel()
	const doc = `{"basics": {"name": "Zoë Test", "label": "naïve"}}`
	want, err := Read([]byte(doc), ReadOptions{})
	if err != nil || len(want.Notes) != 0 {
		t.Fatalf("%v, notes %v", err, want.Notes)
	}
	wide := func(mark, little bool) string {
		units := utf16.Encode([]rune(doc))
		if mark {
			units = append([]uint16{0xfeff}, units...)
		}
		var b []byte
		for _, u := range units {
			if little {
				b = append(b, byte(u), byte(u>>8))
			} else {
				b = append(b, byte(u>>8), byte(u))
			}
		}
		return string(b)
	}
	for name, data := range map[string]string{
		"UTF-16LE with a mark": wide(true, true), "UTF-16BE with a mark": wide(true, false), "UTF-16LE": wide(false, true), "UTF-16BE": wide(false, false),
		"Windows-1252": strings.NewReplacer("ë", "\xeb", "ï", "\xef").Replace(doc), "UTF-8 with a mark": "\ufeff" + doc,
	} {
		got, err := Read([]byte(data), ReadOptions{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if notes := len(got.Notes); (notes == 1) != (name != "UTF-8 with a mark") {
			t.Errorf("%s: notes %v", name, got.Notes)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Resume{}, "Notes")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRead_ManyNotes(t *testing.T) {
	t.Parallel()
	r, err := Read([]byte(`{"basics": {"name": "A"}, "awards": [`+strings.Repeat(`{"date": "May 2011"},`, 999)+`{}]}`), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(r.Notes); n != 201 || r.Notes[200].Message != "799 more repairs of the same kinds" {
		t.Errorf("%d notes, the last is %v", n, r.Notes[n-1])
	}
}

func TestDateText(t *testing.T) {
	t.Parallel()
	details := Details{"season": []byte(`"Summer 2015"`), "word": []byte(`"long ago"`), "day": []byte(`"2015-03-01"`), "now": []byte(`"Present"`), "year": []byte(`2015`)}
	for _, test := range []struct {
		name       string
		understood Date
		want       string
	}{
		{"season", Date{Year: 2015}, "Summer 2015"}, {"season", Date{Year: 2016}, ""}, {"season", Date{}, ""}, {"word", Date{}, "long ago"},
		{"word", Date{Year: 2015}, ""}, {"day", Date{Year: 2015, Month: 3}, ""}, {"now", Date{}, ""}, {"year", Date{Year: 2015}, ""}, {"none", Date{}, ""},
	} {
		if got := details.DateText(test.name, test.understood); got != test.want {
			t.Errorf("%s with %v: %q, want %q", test.name, test.understood, got, test.want)
		}
	}
}
