package resume

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/note"
)

// archive returns a ZIP archive of these files.
func archive(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for name, content := range files {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestRead_UnknownFormats(t *testing.T) {
	for _, test := range []struct{ name, data, want string }{
		{"PDF", "%PDF-1.7\n", "a PDF"},
		{"DOCX", string(archive(t, map[string]string{"word/document.xml": "<w:document/>"})), "a Word document (DOCX)"},
		{"ODT", string(archive(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.text"})), "a ZIP archive"},
		{"ZIP", string(archive(t, map[string]string{"resume.json": "{}"})), "a ZIP archive"},
		{"DOC", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "a document of an old Microsoft Office"},
		{"RTF", `{\rtf1\ansi}`, "a document in Rich Text Format"},
		{"HTML", "<!DOCTYPE html><html><body>Ada</body></html>", "a web page (HTML)"},
		{"Europass XML", `<?xml version="1.0"?><SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass"/>`, "a Europass CV (XML)"},
		{"Europass JSON", `{"SkillsPassport": {"LearnerInfo": {}}}`, "a Europass CV"},
		{"HR-XML", `<?xml version="1.0"?><Candidate xmlns="http://www.hr-xml.org/3"/>`, "a candidate in HR-XML"},
		{"HR Open", `{"candidate": {"person": {}}}`, "a candidate in HR Open or HR-XML"},
		{"picture", "\x89PNG\r\n\x1a\n", "a picture (PNG)"},
		{"plain text", "Ada Test\nEngineer\n\nI build engines: big ones.\n", "plain text"},
		{"one word", "Ada", "plain text"},
		{"Markdown", "# Ada Test\n\n* item\n", "plain text"},
		{"LaTeX", "\\documentclass{article}", "a LaTeX document"},
		{"list", `[1, 2]`, "a list"},
		{"text", `"Ada"`, "plain text"},
		{"YAML of another kind", "version: 2\nservices:\n  web: {image: x}\n", `an object with the members "version", "services"`},
		{"package.json", `{"name": "x", "version": "1.0.0", "scripts": {"x": "y"}}`, "a package of a program"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Read([]byte(test.data), ReadOptions{})
			if err == nil || !strings.Contains(err.Error(), "this is "+test.want) || !strings.Contains(err.Error(), "Reactive Resume") {
				t.Errorf("error %v, want one that says that this is %s", err, test.want)
			}
		})
	}
}

func TestRead_YAMLSyntax(t *testing.T) {
	_, err := Read([]byte("basics:\n  name: [Ada\nwork: []\n"), ReadOptions{})
	if err == nil || !strings.Contains(err.Error(), "line ") || strings.Contains(err.Error(), "plain text") {
		t.Errorf("error %v, want the place of the fault", err)
	}
}

func TestRead_YAML(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("builders", "testdata", "jsonresume.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(data, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Notes) > 0 {
		t.Errorf("notes %v", r.Notes)
	}
	if r.Person.Phone != "55512345" || r.Person.Country != "NO" || r.Language != "nb" || r.Job.Salary.Min != 450000 {
		t.Errorf("person %+v, language %q, job %+v", r.Person, r.Language, r.Job)
	}
	if work := r.Sections[0].Experience[0]; work.Duration.Start != (Date{Year: 2015}) || work.Duration.End != (Date{Year: 2020, Month: 9}) {
		t.Errorf("duration %+v", work.Duration)
	}
	if score := r.Sections[1].Education[0].Score(); score != "5.50" {
		t.Errorf("score %q, want it as written", score)
	}
	if list := r.Sections[2].Other.Items[0].Raw.Strings("highlights"); len(list) != 3 || list[0] != "Version 3.10 of the log" || list[2] != "no" {
		t.Errorf("highlights %q", list)
	}
}

func TestRead_Locale(t *testing.T) {
	data := []byte(`{"en": {"basics": {"name": "Ada", "label": "Pilot"}}, "de": {"basics": {"name": "Ada", "label": "Pilotin"}}}`)
	for language, want := range map[string]string{"": "Pilot", "de": "Pilotin", "en": "Pilot"} {
		r, err := Read(data, ReadOptions{Language: language})
		if err != nil {
			t.Fatal(err)
		}
		if r.Person.Headline != want || len(r.Notes) == 0 {
			t.Errorf("asked for %q: headline %q, notes %v", language, r.Person.Headline, r.Notes)
		}
	}
}

// Every sample of another format is read, and its leaves have no settings.
func TestRead_OtherFormats(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("builders", "testdata", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, ".want.json") || filepath.Base(path) == "fuzz" {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			var notes note.List
			file, err := readSource(sampleFile(t, path), ReadOptions{}, &notes)
			if err != nil {
				t.Fatal(err)
			}
			if name := file.resume.Get("basics").Get("name"); name.Absent() || len(file.resume.Members) < 2 {
				t.Errorf("no name or no sections: %s", file.resume.Append(nil))
			}
			r, err := Read(sampleFile(t, path), ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range r.Notes {
				if n.Code == note.Repaired {
					t.Errorf("note %v", n)
				}
			}
			leaves, err := Leaves(sampleFile(t, path))
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range leaves {
				setting := strings.HasPrefix(l.Path, "metadata") || strings.HasPrefix(l.Path, "design") || strings.HasSuffix(l.Path, ".id")
				left := slices.ContainsFunc(notes.Notes(), func(n note.Note) bool { return n.Path != "" && strings.HasPrefix(l.Path, n.Path) })
				if setting && !left {
					t.Errorf("the leaves have the setting %s", l.Path)
				}
			}
		})
	}
}

// sampleFile returns a file of testdata, or a ZIP archive of the files of a directory.
func sampleFile(t *testing.T, path string) []byte {
	t.Helper()
	if filepath.Ext(path) == "" {
		files := map[string]string{}
		names, err := filepath.Glob(filepath.Join(path, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			files["Basic_LinkedInDataExport/"+filepath.Base(name)] = string(sampleFile(t, name))
		}
		return archive(t, files)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
