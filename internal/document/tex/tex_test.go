package tex

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/corpus"
	"github.com/letrazapp/letraz-export/internal/document/documenttest"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

var (
	texCommand = regexp.MustCompile(`\\([A-Za-z]+|.)`)
	ourCommand = regexp.MustCompile(`^(cv(name|headline|contact|sep|lost|section|entry|brief|far|parts|text|line|small|rule|item|link|lr|rl|base|next|symbol|` +
		`greek|arabic|hebrew|devanagari|bengali|tamil|telugu|thai|armenian|georgian|gujarati|gurmukhi|kannada|malayalam|oriya|sinhala|khmer|lao|myanmar|ethiopic|script[a-z]+|sc|tc|jp|kr)|text(bf|it|tt|bullet|backslash|asciicircum|asciitilde|` +
		`less|greater|bar|quotedbl|quotesingle|asciigrave|periodcentered)|underline|newline|mbox|allowbreak|[#$%&_{}-])$`)
)

// checkTeX fails unless a document consists of our commands and of characters that
// mean themselves, in balanced braces.
func checkTeX(t *testing.T, name, body string) {
	t.Helper()
	for _, m := range texCommand.FindAllStringSubmatch(body, -1) {
		if !ourCommand.MatchString(m[1]) {
			t.Errorf("%s: the command %s", name, m[0])
		}
	}
	rest := texCommand.ReplaceAllString(body, "")
	if i := strings.IndexAny(rest, "\\#$%&^_|<>\"'`"); i >= 0 {
		t.Errorf("%s: a bare character: %.40q", name, rest[i:])
	}
	depth := 0
	for _, r := range rest {
		switch r {
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				t.Fatalf("%s: a brace is closed that was never opened", name)
			}
		}
	}
	if depth != 0 {
		t.Errorf("%s: %d braces are open at the end", name, depth)
	}
	for _, joined := range []string{"--", ",,"} {
		if strings.Contains(rest, joined) {
			t.Errorf("%s: %s would become another character", name, joined)
		}
	}
}

func TestWrite_EscapesText(t *testing.T) {
	t.Parallel()
	for name, r := range corpus.Many(t) {
		data := Write(documenttest.New(t, r), export.A4)
		head, body, ok := strings.Cut(string(data), "\n\\begin{document}\n")
		body, end, closed := strings.Cut(body, "\\end{document}\n")
		if !ok || !closed || end != "" {
			t.Fatalf("%s: the document does not begin and end once", name)
		}
		checkTeX(t, name, body)
		_, info, _ := strings.Cut(head, "\\hypersetup{\n")
		info, running, _ := strings.Cut(info, "\n}\n\\newcommand\\cvrunning")
		checkTeX(t, name, running)
		for line := range strings.Lines(info) {
			key, value, _ := strings.Cut(strings.TrimSuffix(strings.TrimSpace(line), ","), "=")
			if !slices.Contains([]string{"pdftitle", "pdfauthor", "pdfsubject", "pdfkeywords", "pdflang", "pdfcreator"}, key) {
				t.Errorf("%s: a line of its own making: %s", name, line)
			}
			checkTeX(t, name, value)
		}
	}
}

func TestWrite_Preamble(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
		not  []string
	}{
		"Latin":    {"Žofie Çelik – 100 €", nil, []string{"!TeX program", `\cvfamily{`, "TeXXeT", "errmessage"}},
		"Greek":    {"Ελένη", []string{"% !TeX program = xelatex\n", "run xelatex"}, []string{`\cvfamily{`, "TeXXeT"}},
		"Japanese": {"桜庭", []string{"!TeX program", `\cvfamily{cvsc}`, "XeTeXlinebreaklocale"}, []string{"TeXXeT"}},
		"Hebrew":   {"נועם", []string{"!TeX program", `\cvfamily{cvhebrew}{Script=Hebrew}`, "TeXXeT", `\cvrl{\cvhebrew{נועם}}`}, nil},
		"ancient":  {"ἀρχή", []string{"!TeX program", `\cvgreek{ἀ}ρχή`, `\cvfamily{cvgreek}`}, nil},
		"symbol":   {"★", []string{"!TeX program", `\cvsymbol{★}{★}{\cvlost{2605}}`, "iffontchar"}, nil},
	} {
		r := corpus.Jane()
		r.Person.Headline = c.text
		data := Write(documenttest.New(t, r), export.Letter)
		for _, want := range append(c.want, "letterpaper") {
			if !strings.Contains(string(data), want) {
				t.Errorf("%s: no %s", name, want)
			}
		}
		for _, not := range c.not {
			if strings.Contains(string(data), not) {
				t.Errorf("%s: %s is not needed", name, not)
			}
		}
	}
}

// Two pieces that run against a line would stand in the line's order, the second first.
func TestRuns_MixedDirections(t *testing.T) {
	t.Parallel()
	for text, c := range map[string]struct{ lang, want string }{
		"نشر <b>Apache</b> <i>Kafka</i> هنا":                      {"ar", `\cvarabic{نشر} \cvlr{\textbf{Apache} \textit{Kafka}} \cvarabic`},
		"<b>Apache نشر</b> Go":                                    {"ar", `\cvlr{\textbf{Apache}}\textbf{ \cvarabic{نشر}} \cvlr{Go}`},
		"with <b>שלום</b> עולם there":                             {"en", `with \cvrl{\textbf{\cvhebrew{שלום}}`},
		"<u>نشر كافكا</u>":                                        {"ar", `\underline{\cvbase{\cvarabic{نشر كافكا}}}`},
		`نشر <a href="https://x.example">Apache</a> <b>Kafka</b>`: {"ar", `\cvlr{\cvlink{https://x.example}{\cvlr{Apache}} \textbf{Kafka}}`},
	} {
		r := corpus.Jane()
		r.Language, r.Person.ProfileText = c.lang, resume.RichText("<p>"+text+"</p>")
		data := Write(documenttest.New(t, r), export.A4)
		_, body, _ := strings.Cut(string(data), `\cvtext{`)
		if line, _, _ := strings.Cut(body, "\n"); !strings.Contains(line, c.want) {
			t.Errorf("%s: %s, without %s", text, line, c.want)
		}
	}
}

func TestWrite_RareElements(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"<p>a <code>b_c --x</code> <b><code>Größe</code></b></p>": `\cvtext{a \texttt{b\_c -{}-x} \textbf{\texttt{Größe}}}`,
		"<p><code>令和</code></p>":                                  `\cvtext{\cvsc{令和}}`,
		"<ol start=5><li>a</li><li>b</li></ol>":                   "\\cvitem{1}{5.}{a}\n\\cvitem{1}{6.}{b}\n",
		"<p>a</p><hr><p>b</p>":                                    "\\cvtext{a}\n\\cvrule\n\\cvtext{b}\n",
	} {
		r := corpus.Jane()
		r.Person.ProfileText = resume.RichText(text)
		data := string(Write(documenttest.New(t, r), export.A4))
		_, body, _ := strings.Cut(data, "\\begin{document}\n")
		body, _, _ = strings.Cut(body, "\\end{document}")
		if checkTeX(t, text, body); !strings.Contains(body, want) || !strings.Contains(data, `\newcommand\cvrule`) {
			t.Errorf("%s: no %s in %s", text, want, body)
		}
	}
}

func TestTexAddress(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://x.example/a_b?c=1&d=%20#e": `https://x.example/a\_b?c=1\&d=\%20\#e`,
		`https://x.example/?^^5c{}\$~|`:     `https://x.example/?\%5E\%5E5c\%7B\%7D\%5C\%24\%7E\%7C`,
		"mailto:a+b@example.com":            "mailto:a+b@example.com",
	} {
		if got := hrefArgument(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
