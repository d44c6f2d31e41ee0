package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/letrazapp/letraz-export/internal/note"
)

// maxYAMLMarks bounds the characters of a YAML document that can begin a value, so that
// the library never builds many more nodes than MaxValues before they are counted. Texts
// have such characters too, hence the factor.
const maxYAMLMarks = 5 * MaxValues

// ParseYAML parses the first document of a YAML stream. Dates and words such as "no" are
// texts as they are written; only true, false, null and numbers in the notation of JSON
// have a kind of their own. Aliases are replaced by copies of what they name, within
// the limits of [Parse]. What is repaired is added to notes. The error is a
// [*SyntaxError].
func ParseYAML(data []byte, notes *note.List) (*Value, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if yamlMarks(data) > maxYAMLMarks {
		return nil, &SyntaxError{Line: 1, Column: 1, Text: fmt.Sprintf("the document has more than %d values", MaxValues)}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document yaml.Node
	if err := decoder.Decode(&document); err != nil {
		return nil, yamlError(err)
	}
	r := &yamlReader{notes: notes, text: len(data) + maxAliasText}
	v, err := r.value(&document, "")
	if err != nil {
		return nil, err
	}
	var second yaml.Node
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil: // there is more, which is no document
		return nil, yamlError(err)
	case len(second.Content) > 0 && second.Content[0].ShortTag() != "!!null":
		notes.Add("", note.Dropped, "the file has more than one YAML document, and only the first was read", "keep one resume in a file")
	}
	return v, nil
}

// yamlMarks counts the characters that can begin a value.
func yamlMarks(data []byte) int {
	marks := 0
	for _, c := range data {
		switch c {
		case '\n', ',', ':', '-', '[', '{', '?', '*':
			marks++
		}
	}
	return marks
}

// yamlError returns an error of the library as a SyntaxError.
func yamlError(err error) error {
	if errors.Is(err, io.EOF) {
		return &SyntaxError{Line: 1, Column: 1, Text: "the document is empty"}
	}
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		if number, message, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.Atoi(number); err == nil {
				line, text = n, message
			}
		}
	}
	return &SyntaxError{Line: line, Column: 1, Text: text}
}

// maxAliasText bounds the bytes of text that aliases add to a document.
const maxAliasText = 1 << 20

// yamlReader turns nodes of the library into values.
type yamlReader struct {
	notes  *note.List
	depth  int
	values int // so far
	text   int // bytes of text that may still come
}

func (r *yamlReader) errorf(n *yaml.Node, format string, args ...any) error {
	return &SyntaxError{Line: max(1, n.Line), Column: max(1, n.Column), Text: fmt.Sprintf(format, args...)}
}

func (r *yamlReader) value(n *yaml.Node, path string) (*Value, error) {
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 0 {
			return nil, r.errorf(n, "the document is empty")
		}
		return r.value(n.Content[0], path)
	case yaml.AliasNode:
		// An alias inside what it names ends at MaxDepth.
		return r.nested(n, func() (*Value, error) { return r.value(n.Alias, path) })
	}
	if r.values++; r.values > MaxValues {
		return nil, r.errorf(n, "the document has more than %d values", MaxValues)
	}
	switch n.Kind {
	case yaml.MappingNode:
		return r.nested(n, func() (*Value, error) { return r.object(n, path) })
	case yaml.SequenceNode:
		return r.nested(n, func() (*Value, error) { return r.list(n, path) })
	default:
		if err := r.count(n); err != nil {
			return nil, err
		}
		return r.scalar(n, path), nil
	}
}

// count counts the text of a scalar.
func (r *yamlReader) count(n *yaml.Node) error {
	if r.text -= len(n.Value); r.text < 0 {
		return r.errorf(n, "aliases repeat more than %d bytes of text", maxAliasText)
	}
	return nil
}

func (r *yamlReader) nested(n *yaml.Node, read func() (*Value, error)) (*Value, error) {
	if r.depth == MaxDepth {
		return nil, r.errorf(n, "lists and objects nest deeper than %d levels", MaxDepth)
	}
	r.depth++
	defer func() { r.depth-- }()
	return read()
}

func (r *yamlReader) list(n *yaml.Node, path string) (*Value, error) {
	v := &Value{Kind: List}
	for i, item := range n.Content {
		x, err := r.value(item, ItemPath(path, i))
		if err != nil {
			return nil, err
		}
		v.Items = append(v.Items, x)
	}
	return v, nil
}

// object reads a mapping. Members of one name are joined as in JSON.
func (r *yamlReader) object(n *yaml.Node, path string) (*Value, error) {
	v := &Value{Kind: Object}
	members := newBuilder(v)
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, node := n.Content[i], n.Content[i+1]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			r.notes.Add(path, note.Dropped, "a member whose name is "+yamlKind(key)+" was left out", "a name is a text")
			continue
		}
		if key.Value == "<<" && key.ShortTag() == "!!merge" {
			merged = append(merged, node)
			continue
		}
		if err := r.count(key); err != nil {
			return nil, err
		}
		x, err := r.value(node, MemberPath(path, key.Value))
		if err != nil {
			return nil, err
		}
		if done := members.add(Member{key.Value, x}); done != "" {
			r.notes.Add(MemberPath(path, key.Value), note.Repaired, twice+done, writeOnce)
		}
	}
	for _, node := range merged {
		if err := r.merge(members, node, path); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// merge adds to an object the members of a "<<" member that it does not have. Its value is an
// object or a list of them.
func (r *yamlReader) merge(members *builder, node *yaml.Node, path string) error {
	x, err := r.value(node, path)
	if err != nil {
		return err
	}
	sources := []*Value{x}
	if x.Kind == List {
		sources = x.Items
	}
	for _, source := range sources {
		for _, m := range source.Members {
			if _, there := members.index[m.Name]; !there {
				members.add(m)
			}
		}
	}
	return nil
}

func yamlKind(n *yaml.Node) string {
	if n.Kind == yaml.SequenceNode {
		return List.String()
	}
	return Object.String()
}

// scalar reads a text, number, boolean or null.
func (r *yamlReader) scalar(n *yaml.Node, path string) *Value {
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle|yaml.TaggedStyle) == 0 {
		switch n.Value {
		case "", "~", "null", "Null", "NULL":
			return &Value{Kind: Null}
		case "true", "True", "TRUE", "false", "False", "FALSE":
			return &Value{Kind: Bool, Text: strings.ToLower(n.Value)}
		}
		if jsonNumber(n.Value) {
			return &Value{Kind: Number, Text: n.Value}
		}
	}
	text := n.Value
	if strings.ContainsRune(text, 0) {
		// The database cannot store this character.
		text = strings.ReplaceAll(text, "\x00", "")
		r.notes.Add(path, note.Repaired, "the character U+0000 was removed", "")
	}
	return NewText(text)
}

// jsonNumber reports whether s is a number in the notation of JSON that a resume can
// contain.
func jsonNumber(s string) bool {
	if s == "" || s[0] != '-' && (s[0] < '0' || '9' < s[0]) {
		return false
	}
	var notes note.List
	p := &parser{data: []byte(s), notes: &notes}
	v, err := p.number()
	return err == nil && p.pos == len(s) && notes.Len() == 0 && v.Text == s
}
