package html

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/corpus"
)

func TestTemplates(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z-]*$`)
	seen := map[string]bool{"base.css": true}
	for i, tm := range Templates() {
		if !name.MatchString(tm.Name) || (tm.Name == Default) != (i == 0) {
			t.Errorf("template %d is named %q", i, tm.Name)
		}
		if tm.Title == "" || !strings.HasSuffix(tm.Description, ".") {
			t.Errorf("%s: the title is %q, the description %q", tm.Name, tm.Title, tm.Description)
		}
		if seen[tm.stylesheet] || tm.stylesheet != tm.Name+".css" {
			t.Errorf("%s: its stylesheet is %q, which is another's or not named after it", tm.Name, tm.stylesheet)
		}
		seen[tm.stylesheet] = true
	}
	for _, file := range stylesheets(t) {
		if !seen[path.Base(file)] {
			t.Errorf("%s belongs to no template", file)
		}
	}
}

// The rules of CONTRIBUTING.md for stylesheets, as far as a machine can tell.
func TestStylesheets_KeepRules(t *testing.T) {
	for _, file := range stylesheets(t) {
		css, err := files.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range faults(string(css), path.Base(file) == "base.css") {
			t.Errorf("%s: %s", file, fault)
		}
	}
}

// Each fault is found in a sheet that has no other.
func TestStylesheetRules_FindViolations(t *testing.T) {
	for _, css := range []string{
		"p { letter-spacing: .1em; }", "p { text-transform: uppercase; }", "p { float: left; }", "p { float: inline-end; }",
		".portrait { float: right; }", "p { order: 2; }", "p { display: flex; flex-direction: row-reverse; }", "p { flex-flow: column-reverse; }",
		"p { display: grid; }", "p { position: absolute; }", "p { columns: 2; }", "p { margin-left: 1pt; }", "p { margin: 0 1pt 0 2pt; }",
		"p { text-align: right; }", "p { hyphens: auto; }", "h2 { break-inside: auto; }", "p { orphans: 1; }", "p { direction: rtl; }",
		"p::before { content: \"– \"; }", "p { background: url(x.png); }", "@import \"x.css\";", "@font-face { src: local(x); }",
		"p { font-variant-ligatures: normal; }", "p { font-kerning: normal; }", "p { font-feature-settings: \"liga\"; }",
		".parst { color: red; }", "p { color: red;", "p { color: red; } }", "p { color red; }", "p { margin: 1pt: 2pt; }", "p { --space: 2; }",
	} {
		if found := faults(css, false); len(found) != 1 {
			t.Errorf("in %q: %q", css, found)
		}
	}
	good := `/* a: b */ @page { margin: 1mm; @top-left { color: red; } } .portrait { float: inline-end; }
		h2::after { content: ""; } p { margin: 1pt 2pt 3pt; margin-inline-start: 1pt; } :root:is(:lang(ja), :lang(zh)) body { color: red }`
	if found := faults(good, false); len(found) != 0 {
		t.Errorf("in a good sheet: %q", found)
	}
}

func stylesheets(t *testing.T) []string {
	t.Helper()
	list, err := fs.Glob(files, "templates/*.css")
	if err != nil || len(list) < 2 {
		t.Fatalf("the stylesheets are %q (%v)", list, err)
	}
	return list
}

// forbidden are declarations that no template may have, as "property: value".
var forbidden = regexp.MustCompile(`^(` + strings.Join([]string{
	`letter-spacing|text-transform|order|columns?|column-(count|width)|grid.*|position|inset.*|direction|unicode-bidi|writing-mode`,
	`hyphens|break-.*|page-break-.*|orphans|widows|font-kerning|font-variant-ligatures|font-feature-settings|font-synthesis`,
	`(margin|padding|border)-(left|right)(-.*)?|left|right|--space|--leading`,
}, "|") + `): |^flex-(direction|flow): .*reverse|^(text-align|float|clear): (left|right)|^display: (inline-)?grid|^content: [^"]|^content: ".+"|url\(`)

var (
	class = regexp.MustCompile(`\.([a-z][\w-]*)`)
	sides = regexp.MustCompile(`^(margin|padding): (\S+) (\S+) (\S+) (\S+)$`)
)

// faults are what is wrong with a stylesheet. The base sets what templates must not.
func faults(css string, base bool) []string {
	var found []string
	known := classes()
	css = compactCSS(css)
	var open []string // selectors and at-rules that the place is in
	for css != "" {
		end := strings.IndexAny(css, "{};")
		if end < 0 {
			return append(found, "it ends in the middle: "+css)
		}
		part, sign := strings.TrimSpace(css[:end]), css[end]
		css = strings.TrimSpace(css[end+1:])
		if sign == '{' {
			open = append(open, part)
			for _, m := range class.FindAllStringSubmatch(part, -1) {
				if !slices.Contains(known, m[1]) {
					found = append(found, "nothing is of the class "+m[1])
				}
			}
			if strings.HasPrefix(part, "@font-face") {
				found = append(found, part)
			}
			continue
		}
		if strings.HasPrefix(part, "@") {
			found = append(found, part)
		} else if part != "" {
			if len(open) == 0 {
				return append(found, "outside of all rules: "+part)
			}
			property, value, ok := strings.Cut(part, ":")
			part = strings.TrimSpace(property) + ": " + strings.TrimSpace(value)
			four := sides.FindStringSubmatch(part)
			floats := strings.HasPrefix(part, "float: inline") && open[len(open)-1] != ".portrait"
			if !ok || strings.Contains(value, ":") || !base && (forbidden.MatchString(part) || floats || four != nil && four[3] != four[5]) {
				found = append(found, open[len(open)-1]+" has "+part)
			}
		}
		if sign == '}' {
			if len(open) == 0 {
				return append(found, "it closes a rule too many")
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		found = append(found, "it leaves open "+open[len(open)-1])
	}
	return found
}

// classes are those of the skeleton, of the sections and of the body.
func classes() []string {
	html, err := files.ReadFile("templates/resume.gohtml")
	if err != nil {
		return nil
	}
	list := []string{"profile", "experience", "education", "project", "skill", "strength", "custom",
		"volunteer", "awards", "certificates", "publications", "languages", "interests", "references", "a4", "letter", "long", "wide"}
	actions := regexp.MustCompile(`\{\{.*?\}\}`)
	for _, m := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(string(html), -1) {
		list = append(list, strings.Fields(actions.ReplaceAllString(m[1], " "))...)
	}
	return list
}

func TestWrite_RunOn(t *testing.T) {
	beside := "</h3> <p class=\"parts\"><span class=\"sep\">· </span><bdi><a href=\"https://acme.example\">Acme</a></bdi>"
	for _, tm := range Templates() {
		page := render(t, corpus.Jane(), Options{Template: tm.Name})
		below := strings.Contains(page, "</h3></div> <p class=\"when\">")
		if strings.Contains(page, beside) != tm.RunOn || below == tm.RunOn {
			t.Errorf("%s: where the employer stands is not what runOn=%v says", tm.Name, tm.RunOn)
		}
		if strings.Count(page, ">Acme<") != 1 {
			t.Errorf("%s: the employer is not there once", tm.Name)
		}
	}
}
