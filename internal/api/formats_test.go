package api_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
)

// The schema of a request lists the formats of the table.
func TestOpenAPI_Formats(t *testing.T) {
	t.Parallel()
	f := setup(t)
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct {
					Type    any
					Enum    []any
					Default any
				}
			}
		}
	}
	if err := json.Unmarshal(f.call(t, "", "GET", "/openapi.json", "").body, &doc); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, schema := range doc.Components.Schemas {
		format, ok := schema.Properties["format"]
		if _, asked := schema.Properties["resume_id"]; !ok || !asked || format.Enum == nil {
			continue
		}
		found = true
		var want []any
		for _, name := range export.Formats() {
			want = append(want, string(name))
		}
		if !slices.Equal(format.Enum, want) || format.Default != want[0] || format.Type != "string" {
			t.Errorf("a request takes %+v, want %v", format, want)
		}
	}
	if !found {
		t.Error("no schema of a request lists formats")
	}
}
