package render

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/pdf"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// TestEmbedSource_IsJSONExport: the attachment is the same as a JSON export.
func TestEmbedSource_IsJSONExport(t *testing.T) {
	t.Parallel()
	for _, slug := range []string{"german", "arabic", "academic", "nearly-empty"} {
		r := sample(t, slug)
		o := Options{Format: export.PDF, Template: "classic", Paper: export.A4}
		plain, err := Render(t.Context(), testenv.Engine(t), r, o)
		if err != nil {
			t.Fatal(err)
		}
		o.EmbedSource = true
		a, err := Render(t.Context(), testenv.Engine(t), r, o)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Render(t.Context(), testenv.Engine(t), r, o); err != nil || !bytes.Equal(again.Data, a.Data) {
			t.Errorf("%s: two renders differ (%v)", slug, err)
		}
		want, err := resume.MarshalJSONResume(r)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := attachment(a.Data); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes are attached, want %d: %v", slug, len(got), len(want), err)
		}
		if _, err := attachment(plain.Data); !errors.Is(err, pdf.ErrNoAttachment) {
			t.Errorf("%s, without the option: %v", slug, err)
		}
		// Two thirds of the source and what describes it.
		if more := len(a.Data) - len(plain.Data); more > 2*len(want)/3+1000 {
			t.Errorf("%s: %d bytes more for %d", slug, more, len(want))
		}
		path := saved(t, a.Data)
		tool(t, "qpdf", "--check", path)
		if list := tool(t, "pdfdetach", "-list", path); !strings.Contains(list, "1: resume.json") {
			t.Errorf("%s: pdfdetach lists %s", slug, list)
		}
		out := filepath.Join(t.TempDir(), "out.json")
		tool(t, "pdfdetach", "-save", "1", "-o", out, path)
		if got, err := os.ReadFile(out); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: pdfdetach saves %d bytes (%v)", slug, len(got), err)
		}
		root, _ := pdfObject(t, path, "trailer")["/Root"].(string)
		list, _ := pdfObject(t, path, root)["/AF"].([]any)
		if len(list) != 1 || pdfObject(t, path, list[0].(string))["/AFRelationship"] != "/Source" {
			t.Errorf("%s: the associated files are %v", slug, list)
		}
	}
}

func attachment(data []byte) ([]byte, error) {
	f, err := pdf.Open(data)
	if err != nil {
		return nil, err
	}
	return f.Attachment(SourceName)
}

// TestEmbedSource_AfterOtherSoftware: after other software has rewritten a file, the
// resume can still be read, or the error states the reason.
func TestEmbedSource_AfterOtherSoftware(t *testing.T) {
	t.Parallel()
	r := sample(t, "arabic")
	o := Options{Format: export.PDF, Template: "classic", Paper: export.A4}
	o.EmbedSource = true
	a, err := Render(t.Context(), testenv.Engine(t), r, o)
	if err != nil {
		t.Fatal(err)
	}
	want, err := resume.MarshalJSONResume(r)
	if err != nil {
		t.Fatal(err)
	}
	in, out := saved(t, a.Data), filepath.Join(t.TempDir(), "out.pdf")
	for _, c := range []struct {
		command string
		want    error
	}{
		{"qpdf --linearize IN OUT", nil},
		{"qpdf --linearize --object-streams=generate IN OUT", nil},
		{"qpdf --object-streams=disable IN OUT", nil},
		{"qpdf --object-streams=generate IN OUT", nil},
		{"qpdf --qdf IN OUT", nil}, // with the length of each stream as an object
		{"mutool clean IN OUT", nil},
		{"mutool clean -gggg -z IN OUT", nil},
		{"mutool clean -d IN OUT", nil},
		{"pdfunite IN IN OUT", nil},
		{"qpdf --encrypt  owner 256 -- IN OUT", pdf.ErrForm},
		{"pdftocairo -pdf IN OUT", pdf.ErrNoAttachment},
	} {
		args := strings.Split(c.command, " ")
		for i, arg := range args {
			switch arg {
			case "IN":
				args[i] = in
			case "OUT":
				args[i] = out
			}
		}
		tool(t, args[0], args[1:]...)
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		got, err := attachment(data)
		if !errors.Is(err, c.want) || c.want == nil && !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, want %d: %v", c.command, len(got), len(want), err)
		}
	}
}

func TestContent_EmbedSource(t *testing.T) {
	t.Parallel()
	o := Options{Format: export.PDF, Template: "classic", Paper: export.A4}
	o.EmbedSource = true
	r := sample(t, "german")
	before := contentOf(t, r, o, browser)
	r.Details = resume.Details{"$schema": []byte(`"https://example.com/schema"`)} // shown nowhere
	if contentOf(t, r, o, browser) == before {
		t.Error("another source, the same content")
	}
}
