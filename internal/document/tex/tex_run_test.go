package tex

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/letrazapp/letraz-export/internal/document/corpus"
	"github.com/letrazapp/letraz-export/internal/document/documenttest"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// needTeX skips where there is no TeX that could compile anything like this.
func needTeX(t *testing.T) {
	t.Helper()
	for _, program := range []string{"xelatex", "pdflatex", "kpsewhich", "pdftotext", "pdfinfo"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("SKIPPED: %s is not installed, so no LaTeX was compiled (Debian: apt-get install --no-install-recommends texlive-xetex texlive-latex-recommended texlive-fonts-recommended lmodern poppler-utils)", program)
		}
	}
	for _, file := range []string{"fontspec.sty", "hyperref.sty", "geometry.sty", "xcolor.sty", "iftex.sty", "pzdr.tfm"} {
		if err := exec.CommandContext(t.Context(), "kpsewhich", file).Run(); err != nil {
			t.Skipf("SKIPPED: the TeX installed here has no %s, so no LaTeX was compiled", file)
		}
	}
}

// compiled runs a TeX over the resume and returns the text of the PDF and where that is.
func compiled(t *testing.T, program string, r resume.Resume) (text, path string) {
	t.Helper()
	source := Write(documenttest.New(t, r), export.A4)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "resume.tex"), source, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "resume.tex")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out[max(0, len(out)-2000):])
	}
	log, err := os.ReadFile(filepath.Join(dir, "resume.log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"Missing character", "Overfull \\hbox"} {
		if at := bytes.Index(log, []byte(bad)); at >= 0 {
			t.Errorf("%s: %.200s", program, log[at:])
		}
	}
	path = filepath.Join(dir, "resume.pdf")
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-raw", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out), path
}

// lettersOf is what is left of a text wherever its lines end, and whichever form of a
// character a font made of it. Symbols a font may not have are no part of it.
func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.N) || strings.ContainsRune(`\{}#$%&_^~<>|"'*+=/@()[].,;:-`+"`", r) {
			return r
		}
		return -1
	}, norm.NFKC.String(s))
}

// turned are texts of scripts whose letters a reader of PDFs finds in another order.
func turned(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Devanagari, unicode.Thai)
	})
}

func TestWrite_SamplesCompile(t *testing.T) {
	t.Parallel()
	needTeX(t)
	for name, r := range corpus.Many(t) {
		if strings.HasPrefix(name, "attack") || name == "nothing" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := Write(documenttest.New(t, r), export.A4)
			programs := []string{"xelatex"}
			if !strings.Contains(string(source), "!TeX program") {
				programs = append(programs, "pdflatex")
			}
			for _, program := range programs {
				text, path := compiled(t, program, r)
				checkTeXText(t, program, r, lettersOf(text))
				info, err := exec.CommandContext(t.Context(), "pdfinfo", "-enc", "UTF-8", path).Output()
				if err != nil {
					t.Fatal(err)
				}
				d := documenttest.New(t, r)
				for _, want := range []string{"Title:           " + d.Title, "Author:          " + d.Author, "Creator:         letraz-export"} {
					if !strings.Contains(string(info), want) {
						t.Errorf("%s: no %q in\n%s", program, want, info)
					}
				}
			}
		})
	}
}

// checkTeXText looks for every block of the resume in what was read back.
func checkTeXText(t *testing.T, program string, r resume.Resume, got string) {
	t.Helper()
	d := documenttest.New(t, r)
	if d.Dir == "rtl" {
		return
	}
	texts, _ := documenttest.Blocks(d)
	for _, block := range texts {
		for _, line := range strings.Split(block, "\n") {
			if want := lettersOf(strings.ReplaceAll(line, "\u00ad", "")); !turned(line) && !strings.Contains(got, want) {
				t.Errorf("%s: %q cannot be read back", program, line)
			}
		}
	}
}

// Whatever somebody types comes back as they typed it, and nothing is read or run.
func TestWrite_HostileTextCompiles(t *testing.T) {
	t.Parallel()
	needTeX(t)
	r := corpus.Jane()
	var plain []string
	for _, attack := range append(corpus.Attacks()[:len(corpus.Attacks())-1], corpus.TeXAttacks()...) {
		if len(attack) < 1000 {
			plain = append(plain, attack)
		}
	}
	items := make([]resume.Item, len(plain))
	for i, text := range plain {
		items[i] = resume.Item{Name: "Item " + text, Subtitle: text, Level: text, Summary: resume.RichText(typed(text))}
	}
	r.Person.Headline, r.Person.LastName = corpus.TeXAttacks()[1], corpus.TeXAttacks()[2]
	r.Sections = append(r.Sections, resume.Section{Type: resume.SectionOther, Title: corpus.TeXAttacks()[4], Other: resume.Other{Kind: "awards", Items: items}})
	text, _ := compiled(t, "xelatex", r)
	checkTeXText(t, "xelatex", r, lettersOf(text))
	if strings.Contains(text, "root:") {
		t.Error("a file was read")
	}
}

// typed is a text as the editor would save it, so that nothing of it is markup.
func typed(s string) string {
	return "<p>" + strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s) + "</p>"
}

// All that pdflatex is said to have, it has.
func TestInT1_LettersCompileWithPDFLaTeX(t *testing.T) {
	t.Parallel()
	needTeX(t)
	var all strings.Builder
	for r := rune(' '); r < 0x2200; r++ {
		if inT1(r) && !unicode.IsControl(r) {
			all.WriteString(string(r) + " ")
		}
	}
	r := corpus.Jane()
	r.Person.ProfileText = resume.RichText(typed(all.String()))
	text, _ := compiled(t, "pdflatex", r)
	for _, want := range all.String() {
		if unicode.IsLetter(want) && want != 'ª' && want != 'º' && want != 'µ' && !strings.ContainsRune(text, want) {
			t.Errorf("%c cannot be read back", want)
		}
	}
}
