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

// skeleton is what all resumes share: the parsed HTML and, by template name,
// the stylesheets. It is never changed once loaded.
type skeleton struct {
	html   *template.Template
	styles map[string]template.CSS
}

// loadSkeleton parses the embedded files, once in the life of the process.
var loadSkeleton = sync.OnceValues(func() (*skeleton, error) {
	html := template.New("resume.gohtml").Funcs(template.FuncMap{"rich": richHTML, "href": href, "breakable": breakable})
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

// compactCSS drops comments and indentation, which every page would otherwise
// carry to the browser. The stylesheets are ours and hold neither "/*" nor
// meaningful runs of blanks inside strings.
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
