package render

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// shownPage is a document with its HTML.
type shownPage struct {
	*document.Document
	HTML []byte
}

// pageIn returns a resume's page in a template on a paper.
func pageIn(t testing.TB, r resume.Resume, template string, paper export.Paper) shownPage {
	t.Helper()
	d, err := document.New(r)
	if err != nil {
		t.Fatal(err)
	}
	data, err := html.Write(d, html.Options{Template: template, Paper: paper})
	if err != nil {
		t.Fatal(err)
	}
	return shownPage{d, data}
}

// pageOf returns the page from which the sample's PDF is printed.
func pageOf(t *testing.T, slug string, paper export.Paper) shownPage {
	t.Helper()
	return pageIn(t, sample(t, slug), "classic", paper)
}
