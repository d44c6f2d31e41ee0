package resume

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Texts with HTML are read as rich text, and written as they were until they change.
func TestRead_TextsWithHTML(t *testing.T) {
	t.Parallel()
	const source = `{"basics":{"name":"Ada Test","summary":"First<br>Second &amp; last"},` +
		`"work":[{"name":"Acme","summary":"Led <strong>core</strong> team","highlights":["Wrote <a href=\"https://docs.example\">docs</a>","R&D <3 **x**"]}],` +
		`"awards":[{"title":"Prize","summary":"For <em>x</em>"}]}`
	r, err := ParseJSONResume([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	work := &r.Sections[0].Experience[0]
	got := []RichText{r.Person.ProfileText, work.Description, r.Sections[1].Other.Items[0].Summary}
	want := []RichText{"<p>First<br>Second &amp; last</p>",
		`<p>Led <strong>core</strong> team</p><ul><li>Wrote <a href="https://docs.example">docs</a></li><li>R&amp;D &lt;3 **x**</li></ul>`,
		"<p>For <em>x</em></p>"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, text := range []string{`"First<br>Second &amp; last"`, `"Led <strong>core</strong> team"`, `"Wrote <a href=\"https://docs.example\">docs</a>"`} {
		if written := jsonOf(t, r); !strings.Contains(written, text) {
			t.Errorf("%s is not in\n%s", text, written)
		}
	}
	work.Description = "<p>Led <strong>all</strong> teams</p>"
	written := jsonOf(t, r)
	if !strings.Contains(written, `"Led **all** teams"`) || strings.Contains(written, "core") || strings.Contains(written, "docs.example") {
		t.Errorf("after a change:\n%s", written)
	}
}

func jsonOf(t *testing.T, r Resume) string {
	t.Helper()
	data, err := MarshalJSONResume(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
