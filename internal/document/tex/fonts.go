package tex

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
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
		{"cvgujarati", "Script=Gujarati", "Noto Serif Gujarati,Lohit Gujarati,FreeSerif", []*unicode.RangeTable{unicode.Gujarati}},
		{"cvgurmukhi", "Script=Gurmukhi", "Noto Serif Gurmukhi,Lohit Gurmukhi,FreeSerif", []*unicode.RangeTable{unicode.Gurmukhi}},
		{"cvkannada", "Script=Kannada", "Noto Serif Kannada,Lohit Kannada,FreeSerif", []*unicode.RangeTable{unicode.Kannada}},
		{"cvmalayalam", "Script=Malayalam", "Noto Serif Malayalam,Lohit Malayalam,FreeSerif", []*unicode.RangeTable{unicode.Malayalam}},
		{"cvoriya", "Script=Oriya", "Noto Serif Oriya,Noto Sans Oriya,Lohit Odia,FreeSerif", []*unicode.RangeTable{unicode.Oriya}},
		{"cvsinhala", "Script=Sinhala", "Noto Serif Sinhala,LKLUG,FreeSerif", []*unicode.RangeTable{unicode.Sinhala}},
		{"cvkhmer", "Script=Khmer", "Noto Serif Khmer,Khmer OS", []*unicode.RangeTable{unicode.Khmer}},
		{"cvlao", "Script=Lao", "Noto Serif Lao,Phetsarath OT,DejaVu Sans", []*unicode.RangeTable{unicode.Lao}},
		{"cvmyanmar", "Script=Myanmar", "Noto Serif Myanmar,Noto Sans Myanmar,Padauk", []*unicode.RangeTable{unicode.Myanmar}},
		{"cvethiopic", "", "Noto Serif Ethiopic,Abyssinica SIL,FreeSerif", []*unicode.RangeTable{unicode.Ethiopic}},
		{"cvthai", "Script=Thai", "Noto Serif Thai,Norasi,FreeSerif", []*unicode.RangeTable{unicode.Thai}},
		{"cvarmenian", "", "Noto Serif Armenian,FreeSerif,DejaVu Serif", []*unicode.RangeTable{unicode.Armenian}},
		{"cvgeorgian", "", "Noto Serif Georgian,FreeSerif,DejaVu Serif", []*unicode.RangeTable{unicode.Georgian}},
		{"cvsc", "", "Noto Serif CJK SC,Source Han Serif SC,Songti SC,FandolSong,SimSun", han},
		{"cvtc", "", "Noto Serif CJK TC,Source Han Serif TC,Songti TC,PMingLiU", nil},
		{"cvjp", "", "Noto Serif CJK JP,Source Han Serif,Hiragino Mincho ProN,HaranoAjiMincho,MS Mincho", nil},
		{"cvkr", "", "Noto Serif CJK KR,Source Han Serif K,AppleMyungjo,UnBatang,Batang", nil},
		{"cvsymbol", "", "Noto Sans Symbols2,Symbola,Segoe UI Symbol", nil},
		{"cvmore", "", "DejaVu Sans,FreeSerif,Noto Sans,Arial Unicode MS,Latin Modern Math", nil},
		{"cvemoji", "", "Noto Emoji,Symbola,Segoe UI Emoji,OpenMoji", nil},
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

// family returns the command for a character, or "" if the font for general text has
// it. Those of the family cvsymbol are looked for in several fonts.
func (w *writer) family(r rune) string {
	switch {
	case mainHas(r):
		return ""
	case r >= 0x1f00 && r < 0x2000: // ancient Greek with its accents
		return "cvgreek"
	case r >= 0x600 && r < 0x700:
		return "cvarabic"
	case document.Ideographic(r), r >= 0x3000 && r < 0x3400, r >= 0xfe30 && r < 0xfe50: // with punctuation of Chinese and Japanese
		return w.han
	}
	command, ok := w.families[r]
	if !ok {
		if command = scriptFamily(r); command == "cvsc" {
			command = w.han
		}
		if w.families == nil {
			w.families = map[rune]string{}
		}
		w.families[r] = command
	}
	return command
}

// scriptFamily returns the command for the script of a character.
func scriptFamily(r rune) string {
	for _, f := range fonts() {
		if unicode.In(r, f.scripts...) {
			return f.command
		}
	}
	if name := rareScript(r); name != "" {
		return rareCommand(name)
	}
	return "cvsymbol"
}

// rareScript returns the name of the script of a character, as in Unicode, if there is
// no family for it in fonts; empty for characters of several scripts.
func rareScript(r rune) string {
	if unicode.In(r, unicode.Common, unicode.Inherited, unicode.Latin, unicode.Greek, unicode.Cyrillic) {
		return ""
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return ""
}

// rareCommand returns the command for a script without a family in fonts.
func rareCommand(script string) string {
	return "cvscript" + strings.ToLower(strings.ReplaceAll(script, "_", ""))
}

// rareFonts returns the families of the scripts that the text uses and fonts does not
// list.
func (w *writer) rareFonts() []font {
	var out []font
	seen := map[string]bool{}
	for _, r := range slices.Sorted(maps.Keys(w.families)) {
		command := w.families[r]
		if !strings.HasPrefix(command, "cvscript") || seen[command] {
			continue
		}
		seen[command] = true
		name := strings.ReplaceAll(rareScript(r), "_", " ")
		out = append(out, font{command: command, names: "Noto Serif " + name + ",Noto Sans " + name + ",FreeSerif,DejaVu Sans"})
	}
	return out
}

// mainHas reports whether every font for general text has the character. Greek and
// Cyrillic letters of dead languages and phonetic ones are not in all of them.
func mainHas(r rune) bool {
	switch {
	case r < 0x180, r >= 0x386 && r < 0x3cf, r >= 0x400 && r < 0x460, r >= 0x1e00 && r < 0x1f00,
		r >= 0x2000 && r < 0x203b, r >= 0x2060 && r < 0x2070, inT1(r):
		return true
	}
	return strings.ContainsRune("ƏəƠơƯưȘșȚțҐґ", r)
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
	symbols := strings.Contains(text, `\cvsymbol{`)
	for _, f := range append(fonts(), w.rareFonts()...) {
		options := "Ligatures={TeXOff,NoCommon},Numbers=Lining"
		if f.options != "" {
			options = f.options // ligatures are spelling here
		}
		switch {
		case f.command == "cvmain":
			fmt.Fprintf(&b, "  \\cvmain{%s}{%s}\n", options, f.names)
		case strings.Contains(text, `\`+f.command+"{"), symbols && (f.command == "cvmore" || f.command == "cvemoji"):
			fmt.Fprintf(&b, "  \\cvfamily{%s}{%s}{%s}\n", f.command, options, f.names)
		}
	}
	b.WriteString("\\fi\n")
	if symbols {
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
	texSymbols = `% \cvsymbol{tested}{shown}{instead} is a symbol in the first font that has it, and
% what stands instead where none has. \cvlost is a sign for it, which is read as the
% symbol of that code.
\makeatletter
\newcommand\cvhas[3]{\let\cvanswer\@firstoftwo
  \@tfor\cvtested:=#1\do{\iffontchar\font\expandafter` + "`" + `\cvtested\relax\else\let\cvanswer\@secondoftwo\fi}%
  \cvanswer{#2}{#3}}
\DeclareRobustCommand\cvsymbol[3]{\leavevmode{\cvhas{#1}{#2}{\cvsymbolfont\cvhas{#1}{#2}{%
  \cvmorefont\cvhas{#1}{#2}{\cvemojifont\cvhas{#1}{#2}{\rmfamily\PackageWarning{resume}{No font here has #2}#3}}}}}}
\newcommand\cvsign{{\fboxsep=1pt\fbox{\scriptsize ?}}}
\ifXeTeX
  \newcommand\cvlost[1]{{\cvspelled0
    \special{pdf:code /Span <</ActualText <FEFF#1>>> BDC}\cvsign\special{pdf:code EMC}}}
\else
  \newcommand\cvlost[1]{\pdfextension literal page {/Span <</ActualText <FEFF#1>>> BDC}\cvsign\pdfextension literal page {EMC}}
\fi
\newcommand\cvshown[3]{#2}
\pdfstringdefDisableCommands{\let\cvsymbol\cvshown}
\makeatother
`
	texDirections = `% Text in the other direction.
\makeatletter
\ifXeTeX
  \TeXXeTstate=1
  % Software that reads from right to left turns words with a spelling round.
  \DeclareRobustCommand\cvrl[1]{{\cvspelled0\beginR#1\endR}}
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
\cvspelled0
\renewcommand\cvbase[1]{\beginR#1\endR}
\renewcommand\cvragged{\leftskip=0pt plus 1fil\parfillskip=0pt\relax}
\renewcommand\cvbox[1]{\mbox{\beginL#1\endL}}
\renewcommand\cvlink[2]{\cvbox{\href{#1}{\cvbase{#2}}}}
\renewcommand\cvindent[1]{\rightskip=#1\relax}
`
)
