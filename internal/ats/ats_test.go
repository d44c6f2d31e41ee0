package ats

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestMain(m *testing.M) { os.Exit(testenv.Main(m)) }

// styled returns a page with more rules after its stylesheet.
func styled(page []byte, css string) []byte {
	return bytes.Replace(page, []byte("</style>"), []byte(css+"</style>"), 1)
}

func TestCheck_SpoiledPage(t *testing.T) {
	t.Parallel()
	d, data := printed(t, "tailored", html.Options{}, "")
	good, err := Check(data, d, "")
	if err != nil || len(good.Problems()) > 0 || good.Fields < 90 || good.Words < 400 || good.Links != 7 || good.Headings < 10 {
		t.Fatalf("as it is: %v, %+v", err, good)
	}
	page, err := html.Write(d, html.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		css  string
		edit func(page string) string
		want func(r export.ATSReport) bool
	}{
		"wide letters": {css: "h3 { letter-spacing: .15em }", want: func(r export.ATSReport) bool {
			return r.BrokenWords > 10 && slices.Contains(r.Broken, "experience[0].title")
		}},
		"narrow blanks": {css: ".text p, .text li { word-spacing: -.2em }", want: func(r export.ATSReport) bool { return r.JoinedWords > 100 }},
		"ligatures":     {css: "* { font-variant-ligatures: common-ligatures !important }", want: func(r export.ATSReport) bool { return r.Ligatures > 3 }},
		"no titles":     {css: "h3 { display: none }", want: func(r export.ATSReport) bool { return slices.Contains(r.Missing, "experience[1].title") }},
		"one name missing": {css: "article:first-of-type .parts bdi:first-child { display: none }", want: func(r export.ATSReport) bool {
			return slices.Contains(r.OutOfOrder, "experience[0].parts[0]") && slices.Contains(r.Missing, "project[0].parts[0]")
		}},
		"dates first":       {css: ".top { flex-direction: row-reverse }", want: func(r export.ATSReport) bool { return slices.Contains(r.OutOfOrder, "experience[0].when[0]") }},
		"dates before":      {css: ".when { order: -1 }", want: func(r export.ATSReport) bool { return slices.Contains(r.OutOfOrder, "experience[0].when[0]") }},
		"sections upwards":  {css: "main { display: flex; flex-direction: column-reverse }", want: func(r export.ATSReport) bool { return len(r.OutOfOrder) > 3 }},
		"a title elsewhere": {css: "article:first-of-type h3 { position: absolute; top: 0; left: 0 }", want: func(r export.ATSReport) bool { return slices.Contains(r.OutOfOrder, "experience[0].title") }},
		"words cut in two":  {css: ".text { width: 3em; word-break: break-all }", want: func(r export.ATSReport) bool { return r.BrokenWords > 10 }},
		"letters of a private font": {edit: func(s string) string { return strings.ReplaceAll(s, "</h1>", "\ue001</h1>") },
			want: func(r export.ATSReport) bool { return r.Unreadable == 1 }},
		"a letter again": {edit: func(s string) string { return strings.Replace(s, "</h2>", " n</h2>", 1) },
			want: func(r export.ATSReport) bool { return r.StrayLetters == 1 }},
		"a line of others": {edit: func(s string) string { return strings.Replace(s, "</main>", "<p>made elsewhere</p></main>", 1) },
			want: func(r export.ATSReport) bool { return r.StrayLetters == 13 && r.Found == r.Fields }},
		"no links": {edit: func(s string) string { return strings.ReplaceAll(s, "<a href", "<i data-href") },
			want: func(r export.ATSReport) bool { return r.LinksFound == 0 }},
		"a stray link": {edit: func(s string) string {
			return strings.ReplaceAll(s, "</main>", `<a href="https://example.net">ad</a></main>`)
		},
			want: func(r export.ATSReport) bool { return r.StrayLinks == 1 }},
		"a jump of headings": {edit: func(s string) string { return strings.NewReplacer("<h2", "<h4", "</h2>", "</h4>").Replace(s) },
			want: func(r export.ATSReport) bool { return !r.HeadingsInOrder }},
		"entries swapped": {edit: swapped, want: func(r export.ATSReport) bool { return len(r.OutOfOrder) > 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			edited := string(page)
			if tc.edit != nil {
				if edited = tc.edit(edited); edited == string(page) {
					t.Fatal("the edit changes nothing")
				}
			}
			got, err := Check(printedHTML(t, []byte(edited), tc.css), d, "")
			if err != nil || !tc.want(got) || len(got.Problems()) == 0 {
				t.Errorf("%v, %q, %+v", err, got.Problems(), got)
			}
		})
	}
}

// swapped puts the second entry before the first.
func swapped(page string) string {
	first := strings.Index(page, "<article")
	second := first + 1 + strings.Index(page[first+1:], "<article")
	end := second + strings.Index(page[second:], "</article>") + len("</article>")
	return page[:first] + page[second:end] + page[first:second] + page[end:]
}

func TestCheck_Untagged(t *testing.T) {
	t.Parallel()
	d, data := printed(t, "tailored", html.Options{}, "")
	data = bytes.ReplaceAll(data, []byte("/StructTreeRoot "), []byte("/StructTreeGone "))
	got, err := Check(data, d, "")
	if err != nil || got.Tagged || len(got.Problems()) == 0 || got.Found != got.Fields {
		t.Errorf("%v, %+v", err, got)
	}
}

func TestCheck_ReportHoldsNoText(t *testing.T) {
	t.Parallel()
	d, data := printed(t, "tailored", html.Options{}, "h3, .parts, .text { display: none }")
	got, err := Check(data, d, "")
	if err != nil || len(got.Missing) != maxPaths || got.Fields-got.Found <= maxPaths {
		t.Fatalf("%v, %+v", err, got)
	}
	for _, path := range got.Missing {
		if strings.Trim(path, "abcdefghijklmnopqrstuvwxyz0123456789.[]()") != "" {
			t.Errorf("a path %q", path)
		}
	}
}
