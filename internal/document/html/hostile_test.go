package html

import (
	"reflect"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/letrazapp/letraz-export/internal/document/corpus"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// allowed elements and attributes of a page's body.
var (
	allowedElements = setOf("html", "head", "body", "header", "main", "section", "article", "address", "div", "h1", "h2", "h3",
		"p", "ul", "ol", "li", "a", "b", "i", "u", "strong", "em", "br", "bdi", "span", "time", "img", "meta", "title", "style", "hr", "code")
	allowedAttributes = setOf("class", "dir", "lang", "href", "src", "alt", "datetime", "charset", "name", "content", "http-equiv", "start")
)

func setOf(names ...string) map[string]bool {
	m := map[string]bool{}
	for _, n := range names {
		m[n] = true
	}
	return m
}

// checkSafe parses a page as a browser would and fails on anything that could
// run, load or look different than the skeleton means.
func checkSafe(t *testing.T, page string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("the page cannot be parsed: %v", err)
	}
	count := map[string]int{}
	for n := range doc.Descendants() {
		if n.Type == html.CommentNode {
			t.Errorf("a comment: %q", n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		if !allowedElements[n.Data] {
			t.Errorf("element <%s>", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case !allowedAttributes[a.Key]:
				t.Errorf("attribute %s=%q on <%s>", a.Key, a.Val, n.Data)
			case a.Key == "href":
				scheme, _, _ := strings.Cut(a.Val, ":")
				if !setOf("http", "https", "mailto", "tel")[scheme] {
					t.Errorf("link to %q", a.Val)
				}
			case a.Key == "src" && !strings.HasPrefix(a.Val, "data:image/"):
				t.Errorf("picture from %q", a.Val)
			case a.Key == "http-equiv" && a.Val != "Content-Security-Policy":
				t.Errorf("http-equiv %q", a.Val)
			}
		}
		if n.Data == "style" {
			checkStyle(t, n.FirstChild.Data)
		}
		// Nothing may have closed the element it stands in.
		if n.Data == "section" && n.Parent.Data != "main" || n.Data == "main" && n.Parent.Data != "body" {
			t.Errorf("<%s> inside <%s>", n.Data, n.Parent.Data)
		}
	}
	if count["h1"] != 1 || count["style"] != 1 || count["main"] != 1 || count["title"] != 1 {
		t.Errorf("the skeleton is out of joint: %v", count)
	}
}

// checkStyle fails if resume text got out of the quotes around the running name.
func checkStyle(t *testing.T, css string) {
	t.Helper()
	var outside strings.Builder
	quoted := false
	for i := 0; i < len(css); i++ {
		switch c := css[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case !quoted:
			outside.WriteByte(c)
		}
	}
	for _, bad := range []string{"url(", "@import", "evil", "background"} {
		if strings.Contains(outside.String(), bad) {
			t.Errorf("the stylesheet contains %q", bad)
		}
	}
}

func TestWrite_HostileText(t *testing.T) {
	kinds := []string{"volunteer", "awards", "certificates", "publications", "languages", "interests", "references", "custom"}
	for _, attack := range corpus.Attacks() {
		var r resume.Resume
		corpus.Fill(reflect.ValueOf(&r.Person).Elem(), attack)
		r.Job = nil
		for _, st := range []resume.SectionType{resume.SectionExperience, resume.SectionEducation, resume.SectionProject, resume.SectionSkill, resume.SectionStrength} {
			var s resume.Section
			corpus.Fill(reflect.ValueOf(&s).Elem(), attack)
			s.Type = st
			r.Sections = append(r.Sections, s)
		}
		for _, kind := range append(kinds, attack) {
			var s resume.Section
			corpus.Fill(reflect.ValueOf(&s).Elem(), attack)
			s.Type, s.Other.Kind = resume.SectionOther, kind
			r.Sections = append(r.Sections, s)
		}
		r.Language = attack
		page := render(t, r, Options{})
		checkSafe(t, page)
		if strings.Contains(page, "ZgotmplZ") {
			t.Errorf("a value went where it may not: %q", attack)
		}
	}
}

func TestWrite_PlainText(t *testing.T) { checkSafe(t, render(t, corpus.Jane(), Options{})) }

func FuzzRichText(f *testing.F) {
	for _, a := range corpus.Attacks() {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := corpus.Jane()
		r.Person.ProfileText = resume.RichText(s)
		checkSafe(t, render(t, r, Options{}))
	})
}
