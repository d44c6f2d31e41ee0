package tex

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/export"
)

// font is a family of fonts for the characters of one script.
type font struct {
	command string // \name{text} sets text in it; the font itself is \namefont
	options string // of fontspec
	names   string // of fonts that have them, the best first
	scripts []*unicode.RangeTable
}

// fonts lists the families, the one for general text first. The preferred fonts of
// each are those that pages are printed with.
func fonts() []font {
	han := []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo}
	return []font{
		{"cvmain", "", "Vollkorn,PT Serif,Noto Serif,Libertinus Serif,TeX Gyre Termes,Latin Modern Roman", nil},
		{"cvgreek", "", "Noto Serif,GFS Didot,FreeSerif,DejaVu Serif", nil},
		{"cvarabic", "Script=Arabic", "Noto Naskh Arabic,Amiri,Scheherazade New,Times New Roman,FreeSerif,DejaVu Sans", []*unicode.RangeTable{unicode.Arabic}},
		{"cvhebrew", "Script=Hebrew", "Noto Serif Hebrew,Frank Ruehl CLM,Times New Roman,FreeSerif,DejaVu Sans", []*unicode.RangeTable{unicode.Hebrew}},
		{"cvdevanagari", "Script=Devanagari", "Noto Serif Devanagari,Kohinoor Devanagari,Lohit Devanagari,FreeSerif", []*unicode.RangeTable{unicode.Devanagari}},
		{"cvbengali", "Script=Bengali", "Noto Serif Bengali,Lohit Bengali,FreeSerif", []*unicode.RangeTable{unicode.Bengali}},
		{"cvtamil", "Script=Tamil", "Noto Serif Tamil,Lohit Tamil,FreeSerif", []*unicode.RangeTable{unicode.Tamil}},
		{"cvtelugu", "Script=Telugu", "Noto Serif Telugu,Lohit Telugu,FreeSerif", []*unicode.RangeTable{unicode.Telugu}},
		{"cvthai", "Script=Thai", "Noto Serif Thai,Norasi,FreeSerif", []*unicode.RangeTable{unicode.Thai}},
		{"cvarmenian", "", "Noto Serif Armenian,FreeSerif,DejaVu Serif", []*unicode.RangeTable{unicode.Armenian}},
		{"cvgeorgian", "", "Noto Serif Georgian,FreeSerif,DejaVu Serif", []*unicode.RangeTable{unicode.Georgian}},
		{"cvsc", "", "Noto Serif CJK SC,Source Han Serif SC,Songti SC,FandolSong,SimSun", han},
		{"cvtc", "", "Noto Serif CJK TC,Source Han Serif TC,Songti TC,PMingLiU", nil},
		{"cvjp", "", "Noto Serif CJK JP,Source Han Serif,Hiragino Mincho ProN,HaranoAjiMincho,MS Mincho", nil},
		{"cvkr", "", "Noto Serif CJK KR,Source Han Serif K,AppleMyungjo,UnBatang,Batang", nil},
		{"cvsymbol", "", "Noto Sans Symbols2,Symbola,Segoe UI Symbol", nil},
		{"cvmore", "", "DejaVu Sans,FreeSerif,Noto Sans,Arial Unicode MS,Latin Modern Math", nil},
	}
}

// hanOf returns the family with the national forms of Han characters of a language.
func hanOf(lang string) string {
	switch {
	case strings.HasPrefix(lang, "ja"):
		return "cvjp"
	case strings.HasPrefix(lang, "ko"):
		return "cvkr"
	case strings.HasPrefix(lang, "zh-Hant"), strings.HasPrefix(lang, "zh-TW"), strings.HasPrefix(lang, "zh-HK"):
		return "cvtc"
	}
	return "cvsc"
}

// family returns the command for a character, or "" if the font for general text has it.
func (w *writer) family(r rune) string {
	switch {
	case r < 0x530, r >= 0x1e00 && r < 0x1f00, r >= 0x2000 && r < 0x2070, inT1(r):
		return ""
	case r >= 0x1f00 && r < 0x2000: // ancient Greek with its accents
		return "cvgreek"
	case r >= 0x600 && r < 0x700:
		return "cvarabic"
	case document.Ideographic(r):
		return w.han
	}
	for _, f := range fonts() {
		if unicode.In(r, f.scripts...) {
			if f.command == "cvsc" {
				return w.han
			}
			return f.command
		}
	}
	return "cvsymbol"
}

// preamble is the beginning of all files.
//
//go:embed preamble.tex
var preamble string

// preambleFor returns the preamble for a paper.
func preambleFor(paper export.Paper) string {
	size := "a4paper"
	if paper == export.Letter {
		size = "letterpaper"
	}
	return strings.Replace(preamble, "@PAPER@", size, 1)
}

// setup returns the definitions of the fonts and directions that the text uses.
func (w *writer) setup(text string) string {
	var b strings.Builder
	if w.unicode {
		b.WriteString(refusal)
	}
	b.WriteString(fontCommands)
	for _, f := range fonts() {
		options := "Ligatures={TeXOff,NoCommon},Numbers=Lining"
		if f.options != "" {
			options = f.options // ligatures are spelling here
		}
		switch {
		case f.command == "cvmain":
			fmt.Fprintf(&b, "  \\cvmain{%s}{%s}\n", options, f.names)
		case strings.Contains(text, `\`+f.command+"{"), f.command == "cvmore" && strings.Contains(text, `\cvsymbol{`):
			fmt.Fprintf(&b, "  \\cvfamily{%s}{%s}{%s}\n", f.command, options, f.names)
		}
	}
	b.WriteString("\\fi\n")
	if strings.Contains(text, `\cvsymbol{`) {
		b.WriteString(texSymbols)
	}
	if w.rtl || strings.Contains(text, `\cvrl{`) {
		b.WriteString(texDirections)
	}
	if w.rtl {
		b.WriteString(rightToLeft)
	}
	if lang := map[string]string{"cvjp": "ja", "cvsc": "zh", "cvtc": "zh"}[w.han]; strings.Contains(text, `\`+w.han+"{") && lang != "" {
		fmt.Fprintf(&b, "\\ifXeTeX \\XeTeXlinebreaklocale \"%s\" \\XeTeXlinebreakskip=0pt plus .1em \\fi\n", lang)
	} else if strings.Contains(text, `\cvthai{`) {
		b.WriteString("\\ifXeTeX \\XeTeXlinebreaklocale \"th\" \\XeTeXlinebreakskip=0pt plus .1em \\fi\n")
	}
	return b.String()
}

// Parts of the preamble that only some documents need.
const (
	refusal = `\ifPDFTeX
  \errmessage{This resume has letters that pdflatex has not; run xelatex}
  \stop
\fi
`
	fontCommands = `\ifPDFTeX\else
  \makeatletter
  % \cvchoose takes the first font that is there.
  \newcommand\cvchoose[1]{\let\cvfound\@empty
    \@for\cvcandidate:=#1\do{\ifx\cvfound\@empty\IfFontExistsTF{\cvcandidate}{\let\cvfound\cvcandidate}{}\fi}%
    \ifx\cvfound\@empty\PackageWarning{resume}{None of these fonts is here: #1}\fi}
  \newcommand\cvmain[2]{\cvchoose{#2}%
    \ifx\cvfound\@empty\else\edef\cvdo{\noexpand\setmainfont[#1]{\cvfound}}\cvdo\fi}
  \newcommand\cvfamily[3]{\cvchoose{#3}%
    \ifx\cvfound\@empty\expandafter\let\csname #1font\endcsname\rmfamily
    \else\edef\cvdo{\noexpand\newfontfamily\expandafter\noexpand\csname #1font\endcsname[#2]{\cvfound}}\cvdo\fi
    \expandafter\DeclareRobustCommand\csname #1\endcsname[1]{{\csname #1font\endcsname ##1}}%
    \pdfstringdefDisableCommands{\expandafter\let\csname #1\endcsname\@firstofone}}
  \makeatother
`
	texSymbols = `% A symbol, and what stands instead where no font here has it.
\makeatletter
\newcommand\cvhas[1]{\iffontchar\font` + "`" + `#1\relax\expandafter\@firstoftwo\else\expandafter\@secondoftwo\fi}
\DeclareRobustCommand\cvsymbol[2]{\cvhas{#1}{#1}{{\cvsymbolfont\cvhas{#1}{#1}{{\cvmorefont\cvhas{#1}{#1}{\rmfamily #2}}}}}}
\pdfstringdefDisableCommands{\let\cvsymbol\@firstoftwo}
\makeatother
`
	texDirections = `% Text in the other direction.
\makeatletter
\ifXeTeX
  \TeXXeTstate=1
  \DeclareRobustCommand\cvrl[1]{\beginR#1\endR}
  \DeclareRobustCommand\cvlr[1]{\beginL#1\endL}
\else
  \DeclareRobustCommand\cvrl[1]{{\textdirection=1 #1}}
  \DeclareRobustCommand\cvlr[1]{{\textdirection=0 #1}}
\fi
\newcommand\cvnext{\kern0pt\relax}
\pdfstringdefDisableCommands{\let\cvrl\@firstofone \let\cvlr\@firstofone \let\cvnext\@empty}
\makeatother
`
	rightToLeft = `% The resume is written from right to left.
\ifXeTeX\else
  \errmessage{This resume is written from right to left; run xelatex}
  \stop
\fi
\renewcommand\cvbase[1]{\beginR#1\endR}
\renewcommand\cvragged{\leftskip=0pt plus 1fil\parfillskip=0pt\relax}
\renewcommand\cvbox[1]{\mbox{\beginL#1\endL}}
\renewcommand\cvlink[2]{\cvbox{\href{#1}{\cvbase{#2}}}}
\renewcommand\cvindent[1]{\rightskip=#1\relax}
`
)
