package builders

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

var update = flag.Bool("update", false, "write the golden files")

// samples are the files of testdata that are converted.
func samples(t *testing.T) []string {
	t.Helper()
	names := []string{"linkedin"}
	for _, pattern := range []string{"*.json", "*.yaml"} {
		files, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if base := filepath.Base(f); !strings.HasSuffix(base, ".want.json") && base != "jsonresume.yaml" {
				names = append(names, base)
			}
		}
	}
	return names
}

// readSample parses a sample. A directory is read as a ZIP archive of its files.
func readSample(t *testing.T, name string) (*tree.Value, []note.Note) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if filepath.Ext(name) == "" {
		root, notes, err := ReadArchive(archiveOf(t, path))
		if err != nil {
			t.Fatal(err)
		}
		return root, notes
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var notes note.List
	parse := tree.Parse
	if filepath.Ext(name) == ".yaml" {
		parse = tree.ParseYAML
	}
	root, err := parse(data, &notes)
	if err != nil {
		t.Fatal(err)
	}
	return root, notes.Notes()
}

// archiveOf returns a ZIP archive of the files in a directory.
func archiveOf(t *testing.T, dir string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	if err := w.AddFS(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// golden is what a golden file holds.
type golden struct {
	Format string          `json:"format"`
	Notes  []string        `json:"notes"`
	Resume json.RawMessage `json:"resume"`
}

func TestConvert_Golden(t *testing.T) {
	for _, name := range samples(t) {
		t.Run(name, func(t *testing.T) {
			root, _ := readSample(t, name)
			r, ok := Convert(root, Options{})
			if !ok {
				t.Fatal("not recognised")
			}
			g := golden{Format: r.Format, Resume: r.Resume.Append(nil)}
			for _, n := range r.Notes {
				g.Notes = append(g.Notes, string(n.Code)+" "+n.String())
			}
			var got bytes.Buffer
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(g); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", strings.TrimSuffix(strings.TrimSuffix(name, ".json"), ".yaml")+".want.json")
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want, got.Bytes()) {
				t.Errorf("conversion differs from %s; run with -update and look at the difference\n%s", path, got.Bytes())
			}
		})
	}
}
