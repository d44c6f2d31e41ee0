package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/letrazapp/letraz-export/internal/api"
)

// TestOpenAPI_Files checks that docs/openapi.json and its version for tools of OpenAPI 3.0 are
// what the program serves. The tests of internal/testenv/openapi read them. With -update it
// writes them.
func TestOpenAPI_Files(t *testing.T) {
	doc := api.Document("latest", templates())
	for file, form := range map[string]func() ([]byte, error){"../../docs/openapi.json": doc.MarshalJSON, "../../docs/openapi-3.0.json": doc.Downgrade} {
		text, err := form()
		if err != nil {
			t.Fatal(err)
		}
		var indented bytes.Buffer
		if err := json.Indent(&indented, text, "", "  "); err != nil {
			t.Fatal(err)
		}
		indented.WriteByte('\n')
		if *update {
			if err := os.WriteFile(file, indented.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		old, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(old, indented.Bytes()) {
			t.Errorf("%s is not what the API serves; write it with make generate", file)
		}
	}
}

func TestOpenAPI_Command(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"as JSON", nil, `{"components":`},
		{"as YAML", []string{"--format", "yaml"}, "components:\n"},
		{"as OpenAPI 3.0", []string{"--openapi-3.0"}, `"openapi":"3.0.3"`},
		{"as OpenAPI 3.0 in YAML", []string{"--openapi-3.0", "--format", "yaml"}, "openapi: 3.0.3\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if status := run(t.Context(), append([]string{"openapi"}, tt.args...), nil, &stdout, &stderr); status != 0 || !bytes.Contains(stdout.Bytes(), []byte(tt.want)) {
				t.Errorf("status %d, no %q in %.300s\n%s", status, tt.want, stdout.String(), stderr.String())
			}
		})
	}
}
