package resume

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/builders"
	"github.com/letrazapp/letraz-export/internal/resume/repair"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// source is a file of any format that is understood.
type source struct {
	resume  *tree.Value // a JSON Resume
	content *tree.Value // the file without the settings of the program that wrote it
	path    string      // where in the file the resume is, if it is JSON Resume
	foreign bool        // whether it was converted from the format of another program

	converted []Leaf // of a foreign resume before it is repaired
}

// adapt returns the notes of a resume. The first of them, as many as before, are about the
// file, and the others about the JSON Resume: their paths become those of the file, and how
// the author of a converted file could have written JSON Resume is no help to him.
func (s source) adapt(notes []note.Note, before int) []note.Note {
	kept := notes[:before:before]
	var original []Leaf
	if s.foreign && len(notes) > before {
		original = leavesOf(s.content)
	}
	seen := map[note.Note]bool{} // roles are rewritten twice
	for _, n := range notes[before:] {
		if seen[n] {
			continue
		}
		seen[n] = true
		switch {
		case s.foreign && n.Code == note.Repaired:
			continue
		case s.foreign:
			n.Path = originOf(n.Path, s.converted, original)
		case s.path != "" && n.Path != "":
			n.Path = s.path + "." + n.Path
		}
		kept = append(kept, n)
	}
	return kept
}

// originOf returns the path in a converted file of the value that the JSON Resume has at a
// path, or "" if that cannot be told.
func originOf(path string, converted, original []Leaf) string {
	at := slices.IndexFunc(converted, func(l Leaf) bool { return l.Path == path })
	if at < 0 {
		return ""
	}
	text, nth := converted[at].Text, 0 // which of the values with this text
	for _, leaf := range converted[:at] {
		if leaf.Text == text {
			nth++
		}
	}
	var same, around []string
	for _, leaf := range original {
		switch {
		case leaf.Text == text:
			same = append(same, leaf.Path)
		case strings.Contains(leaf.Text, text):
			around = append(around, leaf.Path)
		}
	}
	switch {
	case nth < len(same):
		return same[nth]
	case len(same) == 0 && len(around) == 1:
		return around[0]
	}
	return ""
}

// readSource parses a file and converts it to a JSON Resume. What is repaired or left out
// is added to notes. The error is an *InputError.
func readSource(data []byte, options ReadOptions, notes *note.List) (source, error) {
	root, err := parseFile(data, notes)
	if syntax, ok := errors.AsType[*tree.SyntaxError](err); ok {
		return source{}, &InputError{Problems: []Problem{{Problem: syntax.Error()}}}
	}
	if err != nil {
		return source{}, err
	}
	r, ok := builders.Convert(root, builders.Options{Language: options.Language})
	switch {
	case ok:
		notes.Append(r.Notes...)
		s := source{resume: r.Resume, content: root, path: r.Path, foreign: r.Foreign}
		if r.Foreign {
			s.converted = leavesOf(r.Resume)
		}
		return s, nil
	case !builders.Known(root) && !repair.Known(root) && (root.Kind != tree.Object || !root.Absent()):
		return source{}, notUnderstood(builders.Describe(root))
	}
	return source{resume: root, content: root}, nil
}

// parseFile parses JSON, YAML or the archive of another program's data.
func parseFile(data []byte, notes *note.List) (*tree.Value, error) {
	if builders.IsArchive(data) {
		root, remarks, err := builders.ReadArchive(data)
		if errors.Is(err, builders.ErrNotLinkedIn) {
			return nil, notUnderstood(builders.DescribeArchive(data))
		}
		if err != nil {
			return nil, &InputError{Problems: []Problem{{Problem: err.Error()}}}
		}
		notes.Append(remarks...)
		return root, nil
	}
	if is := builders.DescribeFile(data); is != "" {
		return nil, notUnderstood(is)
	}
	data = tree.UTF8(data, notes)
	if begin := bytes.TrimLeft(data, " \t\r\n\ufeff"); len(begin) == 0 || bytes.IndexByte([]byte(`{["/`), begin[0]) >= 0 {
		return parseJSON(data, notes)
	}
	root, err := tree.ParseYAML(data, notes)
	if err != nil && !builders.LooksLikeYAML(data) {
		return nil, notUnderstood("plain text")
	}
	if err == nil {
		textNumbers(root)
	}
	return root, err
}

// parseJSON parses JSON. What is not JSON, such as 'texts' and names without quotes, may
// be YAML, which JSON is a part of.
func parseJSON(data []byte, notes *note.List) (*tree.Value, error) {
	root, err := tree.Parse(data, notes)
	if _, ok := errors.AsType[*tree.SyntaxError](err); !ok {
		return root, err
	}
	var remarks note.List
	yaml, errYAML := tree.ParseYAML(data, &remarks)
	if errYAML != nil || yaml.Kind != tree.Object || !builders.Known(yaml) && !repair.Known(yaml) {
		return root, err
	}
	notes.Add("", note.Repaired, "the file is not JSON, and was read as YAML: "+err.Error(), "put names and texts into double quotes")
	notes.Append(remarks.Notes()...)
	return yaml, nil
}

// textNumbers makes texts of the numbers of a YAML document, where quotes are not usual:
// 2020 is a year there, and 3.10 a version. meta has numbers.
func textNumbers(v *tree.Value) {
	if v.Kind == tree.Number {
		v.Kind = tree.Text
	}
	for _, item := range v.Items {
		textNumbers(item)
	}
	for _, m := range v.Members {
		if m.Name != "meta" {
			textNumbers(m.Value)
		}
	}
}

// notUnderstood returns the error for a file of an unknown format.
func notUnderstood(is string) error {
	return &InputError{Problems: []Problem{{Problem: fmt.Sprintf("this is %s; the formats that are read are %s", is, builders.Understood)}}}
}
