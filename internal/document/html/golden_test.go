package html

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/corpus"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

var update = flag.Bool("update", false, "write the golden pages anew")

// The golden pages hold the stylesheet too: a change of looks shows in a
// review, and is accepted with go test -run Golden -update.
func TestGolden(t *testing.T) {
	cases := []struct {
		name   string
		resume resume.Resume
		paper  export.Paper
	}{
		{"one-page", corpus.Jane(), export.A4},
		{"arabic", corpus.Layla(), export.A4},
		{"german", corpus.Joerg(), export.Letter},
		{"nearly-empty", resume.Resume{Person: resume.Person{FirstName: "Sam", LastName: "Fairweather"}}, export.A4},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := render(t, c.resume, Options{Paper: c.paper})
			file := filepath.Join("testdata", c.name+".html")
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the page differs from %s:\n%s", file, got)
			}
			checkTidy(t, got)
			checkSafe(t, got)
		})
	}
}
