package render

import (
	"fmt"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Where a heading, a paragraph and the items below it have to stay together, the
// browser would rather part the last line of one from the others than break the
// page in another place.
func TestBreaks_NoLoneLine(t *testing.T) {
	t.Parallel()
	for _, template := range html.Templates() {
		t.Run(template.Name, func(t *testing.T) {
			t.Parallel()
			for shift := range 8 {
				r, blocks := manyBlocks(shift)
				text := tool(t, "pdftotext", "-raw", saved(t, renderIn(t, r, template.Name, export.A4).Data), "-")
				pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
				for n := range blocks {
					first, last := fmt.Sprintf("from%d ", n), fmt.Sprintf("upto%d.", n)
					for i, page := range pages[:len(pages)-1] {
						_, begun, found := strings.Cut(page, first)
						if !found || strings.Contains(page, last) {
							continue
						}
						_, next, _ := strings.Cut(pages[i+1], "\n") // below the name and the number of the page
						next, _, _ = strings.Cut(next, last)
						before, after := 1+strings.Count(strings.TrimSpace(begun), "\n"), 1+strings.Count(next, "\n")
						if before < 2 || after < 2 {
							t.Errorf("shift %d, block %d: %d lines on page %d, %d on the next", shift, n, before, i+1, after)
						}
					}
				}
			}
		})
	}
}

// manyBlocks returns a resume whose paragraphs and items contain marks at their beginnings and
// ends: short and long ones, which each shift places elsewhere on the page.
func manyBlocks(shift int) (r resume.Resume, blocks int) {
	block := func(letters int) string {
		var b strings.Builder
		fmt.Fprintf(&b, "from%d ", blocks)
		for b.Len() < letters {
			b.WriteString("a quarter of the ledger was reconciled ")
		}
		fmt.Fprintf(&b, "upto%d.", blocks)
		blocks++
		return b.String()
	}
	list := func(n, letters int) (items []string) {
		for range n {
			items = append(items, block(letters))
		}
		return items
	}
	r.Person = resume.Person{FirstName: "Avery", LastName: "Stone", Headline: strings.Repeat("Bookkeeper ", 1+6*shift)}
	section := resume.Section{Type: resume.SectionExperience}
	for i := range 10 {
		var text resume.RichText
		switch (i + shift) % 5 {
		case 0:
			text = resume.RichTextFromPlain(block(260), list(3, 170))
		case 1:
			text = resume.RichTextFromPlain(block(160), list(2, 260))
		case 2:
			text = resume.RichTextFromPlain(block(900), nil)
		case 3:
			text = resume.RichTextFromPlain("", list(6, 170))
		case 4:
			text = resume.RichTextFromPlain(block(800), list(2, 170))
		}
		section.Experience = append(section.Experience, resume.Experience{JobTitle: fmt.Sprintf("Position %d", i), CompanyName: "Acme", Description: text})
	}
	r.Sections = []resume.Section{section}
	return r, blocks
}
