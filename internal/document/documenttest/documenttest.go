// Package documenttest helps the tests of writers.
package documenttest

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// New is the document of a resume.
func New(t testing.TB, r resume.Resume) *document.Document {
	t.Helper()
	d, err := document.New(r)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Blocks is the text of every block of a document in the order of reading, lines
// divided by LF, and how many links are in it.
func Blocks(d *document.Document) (texts []string, links int) {
	leads := func(k document.Link) {
		if k.URL != "" && k.Text != "" {
			links++
		}
	}
	add := func(s string) {
		if s != "" {
			texts = append(texts, s)
		}
	}
	body := func(body richtext.Text) {
		for _, b := range body {
			var lines []string
			for _, runs := range b.Lines() {
				line := ""
				for _, p := range runs {
					line += p.Text
					if p.URL != "" {
						links++
					}
				}
				lines = append(lines, line)
			}
			add(strings.Join(lines, "\n"))
		}
	}
	list := func(lines []document.Line) (out []string) {
		for _, k := range lines {
			text := k.List()
			for _, v := range k.Values {
				leads(document.Link{Text: v.Text, URL: v.URL})
				leads(document.Link{Text: v.Remark, URL: v.RemarkURL})
			}
			leads(document.Link{Text: k.Label, URL: k.LabelURL})
			leads(document.Link{Text: k.Remark, URL: k.RemarkURL})
			if k.Label != "" {
				text = k.Caption() + k.Colon + text
			}
			out = append(out, text)
		}
		return out
	}
	add(d.Name())
	add(d.Headline)
	leads(document.Link{Text: d.Headline, URL: d.HeadlineURL})
	for _, c := range d.Contact {
		add(c.Label + c.Text)
		leads(c.Link)
	}
	for _, s := range d.Sections {
		add(s.Title)
		body(s.Body)
		for _, l := range list(s.Lines) {
			add(l)
		}
		for _, it := range s.Entries {
			add(it.Title.Text)
			leads(it.Title)
			var parts []string
			for _, p := range it.Parts {
				parts = append(parts, p.Text)
				leads(p)
			}
			add(document.Join("\n", it.Dates(), strings.Join(parts, " · ")))
			add(it.Note)
			body(it.Body)
			add(strings.Join(list(it.Lines), "\n"))
		}
	}
	return texts, links
}
