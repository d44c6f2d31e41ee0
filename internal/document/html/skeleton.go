package html

import (
	"embed"
	"fmt"
	"html/template"
	"strings"
	"sync"
)

//go:embed templates
var files embed.FS

// skeleton is the parsed HTML template and the stylesheets by template name. It is
// not changed once loaded.
type skeleton struct {
	html   *template.Template
	styles map[string]template.CSS
}

// loadSkeleton parses the embedded files, once in the life of the process.
var loadSkeleton = sync.OnceValues(func() (*skeleton, error) {
	html := template.New("resume.gohtml").Funcs(template.FuncMap{"rich": richHTML, "href": href, "breakable": breakable, "whole": whole, "undivided": undivided, "last": last})
	html, err := html.ParseFS(files, "templates/resume.gohtml")
	if err != nil {
		return nil, fmt.Errorf("parsing the skeleton: %w", err)
	}
	base, err := files.ReadFile("templates/base.css")
	if err != nil {
		return nil, fmt.Errorf("reading base.css: %w", err)
	}
	s := &skeleton{html: html, styles: make(map[string]template.CSS)}
	for _, t := range Templates() {
		own, err := files.ReadFile("templates/" + t.stylesheet)
		if err != nil {
			return nil, fmt.Errorf("reading the stylesheet of template %s: %w", t.Name, err)
		}
		s.styles[t.Name] = template.CSS(compactCSS(string(base) + string(own)))
	}
	return s, nil
})

// compactCSS removes comments and indentation, since every page contains the
// stylesheet. Strings in our stylesheets contain neither "/*" nor runs of blanks.
func compactCSS(css string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(css, "/*")
		b.WriteString(before)
		if !found {
			break
		}
		_, css, _ = strings.Cut(rest, "*/")
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
