package document

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/corpus"
)

func TestNew_SaysWhatTheDocumentIs(t *testing.T) {
	d, err := New(corpus.Jane())
	if err != nil {
		t.Fatal(err)
	}
	if d.Title != "Jane Doe – Resume" || d.Author != "Jane Doe" || d.Subject != "Software Engineer" || d.Lang != "en" {
		t.Errorf("it says %q, %q, %q, %q", d.Title, d.Author, d.Subject, d.Lang)
	}
	if got := strings.Join(d.Keywords, "|"); got != "Go|SQL|Patience" {
		t.Errorf("keywords: %s", got)
	}
}
