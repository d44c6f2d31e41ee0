package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/note"
)

func TestNotesDocument_ListsEveryCode(t *testing.T) {
	text := readDocument(t, "docs/notes.md")
	for _, code := range note.Codes() {
		if !strings.Contains(text, "| `"+string(code)+"` |") {
			t.Errorf("docs/notes.md does not list %s", code)
		}
	}
}

const notedResume = `{"basics": {"name": "Ana Lima\u001b[31m", "summary": "She leads the nurses of the ward and the training of new ones."},
	"work": [{"name": "Acme", "position": "Nurse", "x-badge": "Blue 7"}], "meta": {"language": "en"}}`

func TestCheck_Notes(t *testing.T) {
	dir := t.TempDir()
	noted, clean, broken := filepath.Join(dir, "noted.json"), filepath.Join(dir, "clean.json"), filepath.Join(dir, "broken.json")
	write(t, noted, notedResume)
	write(t, clean, strings.Replace(notedResume, `, "x-badge": "Blue 7"`, "", 1))
	write(t, broken, `{"basics": `)
	status, out, errs := call(t, "check", noted, clean)
	if status != 0 || !strings.Contains(out, "noted.json: 4 of 5 values shown, in en, notes: 1\n") || !strings.Contains(out, "clean.json: 4 of 4 values shown, in en, notes: 0\n") {
		t.Errorf("status %d\n%s", status, out)
	}
	if !strings.Contains(errs, "noted.json: there is 1 note on it:\n  work[0].x-badge  \"Blue 7\" is kept, but") || !strings.Contains(errs, "\n                   → move it") || strings.Contains(errs, "clean") {
		t.Errorf("it says\n%s", errs)
	}
	// All files are checked, also after a bad one.
	status, out, errs = call(t, "check", "--strict", broken, filepath.Join(dir, "none.json"), noted, clean)
	for _, want := range []string{"broken.json", "none.json", "noted.json: there is 1 note, and --strict was given"} {
		if status != 1 || !strings.Contains(errs, want) {
			t.Errorf("status %d, no %q in\n%s", status, want, errs)
		}
	}
	if !strings.Contains(out, "clean.json: 4 of 4") || strings.Contains(errs, "clean.json") {
		t.Errorf("it says\n%s%s", out, errs)
	}
}

// That a language was guessed is told, and is no failure.
func TestCheck_StrictGuess(t *testing.T) {
	file := filepath.Join(t.TempDir(), "german.json")
	write(t, file, `{"basics": {"name": "Ada", "summary": "Verantwortlich für die Planung von Kampagnen sowie die Betreuung der Kunden."}}`)
	status, out, errs := call(t, "check", "--strict", file)
	if status != 0 || !strings.Contains(out, "in de, notes: 1") || !strings.Contains(errs, "meta.language") {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
}

func TestCheck_JSON(t *testing.T) {
	dir := t.TempDir()
	noted, broken := filepath.Join(dir, "noted.json"), filepath.Join(dir, "broken.json")
	write(t, noted, notedResume)
	write(t, broken, `{"basics": `)
	status, out, _ := call(t, "check", "--json", "--language", "fr", noted, broken)
	var files []checkedFile
	if err := json.Unmarshal([]byte(out), &files); err != nil || status != 1 || len(files) != 2 {
		t.Fatalf("%v, status %d\n%s", err, status, out)
	}
	if f := files[0]; f.File != noted || f.Language != "fr" || f.Values != 5 || f.Shown != 4 || len(f.Notes) != 1 || f.Notes[0].Code != note.NotShown || f.Error != "" {
		t.Errorf("%+v", f)
	}
	if f := files[1]; f.File != broken || f.Notes == nil || !strings.Contains(f.Error, "broken.json") {
		t.Errorf("%+v", f)
	}
}

func TestRender_Notes(t *testing.T) {
	dir := t.TempDir()
	file, out := filepath.Join(dir, "noted.json"), filepath.Join(dir, "out.txt")
	write(t, file, notedResume)
	if status, _, errs := call(t, "render", file, "-o", out); status != 0 || !strings.Contains(errs, "work[0].x-badge") {
		t.Errorf("status %d\n%s", status, errs)
	}
	refused := filepath.Join(dir, "refused.txt")
	status, _, errs := call(t, "render", "--strict", file, "-o", refused)
	if _, err := os.Stat(refused); status != 1 || !strings.Contains(errs, "--strict was given") || err == nil {
		t.Errorf("status %d, written: %v\n%s", status, err, errs)
	}
	if status, _, errs := call(t, "render", file, "-o", out, "--language", "klingon"); status == 0 || !strings.Contains(errs, "--language klingon is unknown") {
		t.Errorf("status %d\n%s", status, errs)
	}
}
