package document_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"golang.org/x/net/html"
)

// Readers of the written formats. They share no code with the writers.

// markdownText returns the text that a CommonMark reader shows.
func markdownText(source []byte) (string, error) {
	var page bytes.Buffer
	if err := goldmark.Convert(source, &page); err != nil {
		return "", err
	}
	doc, err := html.Parse(&page)
	if err != nil {
		return "", err
	}
	within := strings.Fields("a strong em code")
	var b strings.Builder
	for n := range doc.Descendants() {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode && !slices.Contains(within, n.Data):
			b.WriteByte(' ')
		}
	}
	return b.String(), nil
}

// wordText returns the text of a Word document's body, in its order.
func wordText(file []byte) (string, error) {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return "", err
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // it is only read
	var b strings.Builder
	inText := false
	for d := xml.NewDecoder(f); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.StartElement:
			if slices.Contains([]string{"tab", "br", "p"}, e.Name.Local) {
				b.WriteByte(' ')
			}
			inText = e.Name.Local == "t"
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				b.Write(e)
			}
		}
	}
}

// texCommand says how many arguments a command has, which of them are text, and
// whether its text stands apart from what is around it.
type texCommand struct {
	arguments int
	text      []int
	apart     bool
}

// texCommands are the commands that a body may have.
func texCommands() map[string]texCommand {
	list := map[string]texCommand{
		"cvsection": {2, []int{1}, true}, "cventry": {2, []int{0, 1}, true}, "cvbrief": {2, []int{0, 1}, true},
		"cvitem": {3, []int{2}, true}, "cvlink": {2, []int{1}, false}, "cvsymbol": {3, []int{1}, false}, "cvlost": {1, nil, false},
	}
	for name := range strings.FieldsSeq("cvname cvheadline cvcontact cvparts cvtext cvline cvsmall") {
		list[name] = texCommand{1, []int{0}, true}
	}
	for name := range strings.FieldsSeq("cvbase cvrl cvlr mbox textbf textit texttt underline cvgreek cvarabic cvhebrew cvdevanagari cvbengali cvtamil " +
		"cvtelugu cvthai cvarmenian cvgeorgian cvgujarati cvkannada cvmalayalam cvkhmer cvscripttibetan cvscriptcherokee cvscriptcoptic cvsc cvtc cvjp cvkr") {
		list[name] = texCommand{1, []int{0}, false}
	}
	return list
}

// texSigns are commands without arguments, and what they show.
var texSigns = map[string]string{
	"cvsep": " | ", "textbullet": "•", "newline": " ", "cvrule": " ", "allowbreak": "", "cvnext": "", "-": "", "textperiodcentered": "·", "textbackslash": `\`,
	"textasciicircum": "^", "textasciitilde": "~", "textless": "<", "textgreater": ">", "textbar": "|", "textquotedbl": `"`, "textquotesingle": "'",
	"textasciigrave": "`", "#": "#", "$": "$", "%": "%", "&": "&", "_": "_", "{": "{", "}": "}",
}

// texText returns the text of the body of a LaTeX document. An unknown command is an
// error.
func texText(source []byte) (string, error) {
	preamble, body, _ := strings.Cut(string(source), "\\begin{document}\n")
	body, _, ok := strings.Cut(body, "\\end{document}")
	if !ok {
		return "", errors.New("no body")
	}
	r := texReader{rest: body, commands: texCommands(), rtl: strings.Contains(preamble, `\renewcommand\cvbase`)}
	r.turned = r.rtl
	r.read(false)
	return r.out.String(), r.err
}

type texReader struct {
	rest     string
	commands map[string]texCommand
	out      strings.Builder
	rtl      bool // the document is
	turned   bool // the text runs from right to left, so that brackets stand reversed
	err      error
}

// read reads to the end, or to the brace that closes the group.
func (r *texReader) read(group bool) {
	for r.rest != "" && r.err == nil {
		c, n := utf8.DecodeRuneInString(r.rest)
		r.rest = r.rest[n:]
		switch c {
		case '}':
			if !group {
				r.err = errors.New("a brace too many")
			}
			return
		case '{':
			r.read(true)
		case '\\':
			r.command()
		case '~':
			r.out.WriteByte(' ')
		case '#', '$', '%', '&', '^', '_':
			r.err = fmt.Errorf("a bare %c", c)
		default:
			r.show(string(c))
		}
	}
	if group && r.err == nil {
		r.err = errors.New("a group is not closed")
	}
}

// show adds a character as it is read.
func (r *texReader) show(s string) {
	if at := strings.Index("()[]{}<>«»‹›", s); r.turned && s != "" && at >= 0 {
		pair := []rune("()[]{}<>«»‹›")
		s = string(pair[slices.Index(pair, []rune(s)[0])^1])
	}
	r.out.WriteString(s)
}

// command reads a command and its arguments.
func (r *texReader) command() {
	n := len(r.rest) - len(strings.TrimLeftFunc(r.rest, func(c rune) bool { return c < 0x80 && unicode.IsLetter(c) }))
	name := r.rest[:max(n, min(1, len(r.rest)))]
	r.rest = r.rest[len(name):]
	if sign, ok := texSigns[name]; ok {
		r.rest = strings.TrimPrefix(r.rest, "{}")
		r.show(sign)
		return
	}
	command, ok := r.commands[name]
	if !ok {
		r.err = errors.New(`the command \` + strconv.Quote(name) + " is unknown")
		return
	}
	turned := r.turned
	switch name {
	case "cvlr":
		r.turned = false
	case "cvrl":
		r.turned = true
	case "cvbase", "cvlink":
		r.turned = r.rtl
	}
	for i := range command.arguments {
		if !strings.HasPrefix(r.rest, "{") {
			r.err = errors.New(`\` + name + " lacks an argument")
			return
		}
		r.rest = r.rest[1:]
		if name == "cvsymbol" && strings.HasPrefix(r.rest, "}") {
			r.err = errors.New("a symbol has nothing instead, and is lost where no font has it")
			return
		}
		before := r.out.String()
		r.read(true)
		if !slices.Contains(command.text, i) {
			r.out.Reset()
			r.out.WriteString(before)
		} else if command.apart {
			r.out.WriteByte(' ')
		}
	}
	r.turned = turned
}
