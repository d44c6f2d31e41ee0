package main

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/note"
)

// noted tests that the notes of an import are kept with the resume, and are in the answer
// to each export of it, as the OpenAPI document describes them.
func (h *hostileInput) noted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "noted.json")
	write(t, file, `{"basics": {"name": "Ada Hurt", "image": "https://example.org/me.png"}, "meta": {"language": "en"},
		"work": [{"name": "Acme", "position": "Nurse", "startDate": "Summer 2015", "x-badge": "Blue 7"}]}`)
	status, out, errs := call(t, "import", "--user", "user_hurt", "--data-dir", h.dir, file)
	if status != 0 || !strings.Contains(errs, `"Summer 2015"`) || !strings.Contains(errs, "basics.image") {
		t.Fatalf("status %d\n%s", status, errs)
	}
	id, _, _ := strings.Cut(out, "\t")
	for range 2 { // the second is a copy of the first
		a := h.exported(t, id)
		var answer struct {
			Status string
			Notes  []note.Note
		}
		h.get(t, "/v1/exports/"+a.ID, &answer)
		var got []string
		for _, n := range answer.Notes {
			got = append(got, string(n.Code)+" "+n.Path)
			if n.Message == "" || n.Hint == "" {
				t.Errorf("a note without message or hint: %+v", n)
			}
		}
		if want := []string{"as_written work[0].startDate", "not_shown work[0].x-badge", "picture_not_used basics.image"}; answer.Status != "ready" || !slices.Equal(got, want) {
			t.Errorf("%s, the notes are %q, want %q", answer.Status, got, want)
		}
	}
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct{ Description string }
			}
		}
	}
	h.get(t, "/openapi.json", &doc)
	schemas := doc.Components.Schemas
	for _, name := range []string{"path", "code", "message", "hint"} {
		if schemas["Note"].Properties[name].Description == "" {
			t.Errorf("the OpenAPI document does not describe %s of a note", name)
		}
	}
	if schemas["Export"].Properties["notes"].Description == "" {
		t.Errorf("the OpenAPI document does not describe the notes of an export")
	}
}

// get reads a JSON answer of the API.
func (h *hostileInput) get(t *testing.T, path string, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+h.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", path, resp.Status, err)
	}
}
