package api_test

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestReference checks that the page at /docs describes every operation and type of the
// document, that each of its links leads to a place on it or to the document, and that it loads
// nothing.
func TestReference(t *testing.T) {
	t.Parallel()
	f := setup(t)
	a := f.call(t, "", "GET", "/docs", "")
	if a.status != 200 || a.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%d %s", a.status, a.header.Get("Content-Type"))
	}
	if policy := a.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'unsafe-inline';") {
		t.Errorf("Content-Security-Policy %q", policy)
	}
	page, err := html.Parse(strings.NewReader(string(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	ids, links := map[string]bool{}, map[string]bool{}
	for n := range page.Descendants() {
		if n.Data == "script" || n.Data == "img" || n.Data == "link" || n.Data == "iframe" {
			t.Errorf("it has an element %s", n.Data)
		}
		for _, attribute := range n.Attr {
			switch attribute.Key {
			case "id":
				if ids[attribute.Val] {
					t.Errorf("there are two elements with the id %s", attribute.Val)
				}
				ids[attribute.Val] = true
			case "href":
				links[attribute.Val] = true
			}
		}
	}
	for link := range links {
		if !strings.HasPrefix(link, "/openapi") && !ids[strings.TrimPrefix(link, "#")] {
			t.Errorf("the link %s leads nowhere", link)
		}
	}
	c, err := contractOf()
	if err != nil {
		t.Fatal(err)
	}
	for path, operations := range c.doc.Paths {
		for method, op := range operations {
			if !ids[op.OperationID] {
				t.Errorf("%s %s is not on it", method, path)
			}
		}
	}
	if loads := regexp.MustCompile(`(?i)url\(|@import|src=`).Find(a.body); loads != nil {
		t.Errorf("it loads something: %s", loads)
	}
	wantProblem(t, f.call(t, "", "GET", "/docs?x=1", ""), 422, "query.x")
}
