// Package builders converts resumes in the formats of other programs to JSON Resume. A
// format is recognised by the shape of its data, not by the name of the file.
//
// Nothing is lost silently: each value of the source is in the result, or a note says why
// it is not. A member without a place in JSON Resume is kept under its own name beside the
// others of its entry.
package builders

import (
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// Options say how a file is converted.
type Options struct {
	// Language is the BCP 47 tag of the resume to take from a file that holds several;
	// empty: the first.
	Language string
}

// Result is a converted file.
type Result struct {
	Resume *tree.Value // a JSON Resume
	Format string      // the format of the source, such as "Reactive Resume v4"
	Notes  []note.Note // with paths of the source
	// Foreign means that Resume was made from another format. Otherwise it is a part of
	// the source, at Path.
	Foreign bool
	Path    string
}

// format is a format of another program.
type format struct {
	// recognize returns the format's name, or "" if root has another format.
	recognize func(root *tree.Value) string
	convert   func(c *conversion, root *source)
}

func formats() []format {
	return []format{
		{recognizeReactive, convertReactive},
		{recognizeRenderCV, convertRenderCV},
		{recognizeFRESH, convertFRESH},
		{recognizeLinkedIn, convertLinkedIn},
		{recognizeBio, convertBio},
	}
}

// Convert converts root to JSON Resume. It reports false, and returns nothing, if root is
// in no format of another program: then it is a JSON Resume, or unknown (see [Known]).
//
// Convert takes from root the settings of the program, such as fonts and identifiers, so
// that what remains in root is the content of the resume.
func Convert(root *tree.Value, options Options) (Result, bool) {
	if root == nil {
		return Result{}, false
	}
	if root.Kind == tree.List {
		return convertList(root, options)
	}
	if name, f := recognize(root); f != nil {
		return f.result(name, root, ""), true
	}
	if hasLocales(root) {
		chosen, path, notes := pickLocale(root, options.Language)
		return Result{Resume: chosen, Format: "JSON Resume in several languages", Notes: notes, Path: path}, true
	}
	if chosen, notes := pickValues(root, options.Language); chosen != nil {
		return Result{Resume: chosen, Format: "JSON Resume in several languages", Notes: notes}, true
	}
	inner, path := unwrap(root)
	if inner == nil {
		return Result{}, false
	}
	if hasLocales(inner) {
		chosen, at, notes := pickLocale(inner, options.Language)
		for i := range notes {
			if notes[i].Path != "" {
				notes[i].Path = path + "." + notes[i].Path
			}
		}
		return Result{Resume: chosen, Format: "JSON Resume in several languages", Notes: append(notes, notesBeside(root, path)...), Path: path + "." + at}, true
	}
	beside := notesBeside(root, path)
	if name, f := recognize(inner); f != nil {
		r := f.result(name, inner, path)
		r.Notes = append(r.Notes, beside...)
		return r, true
	}
	notes := []note.Note{{Path: path, Code: note.Imported, Message: "the resume was read from this member of the file"}}
	return Result{Resume: inner, Format: "JSON Resume inside another object", Notes: append(notes, beside...), Path: path}, true
}

// convertList converts the first resume of a list.
func convertList(list *tree.Value, options Options) (Result, bool) {
	if len(list.Items) == 0 || list.Items[0].Kind != tree.Object || !Known(list.Items[0]) {
		return Result{}, false
	}
	pick := pickItem(list, options.Language)
	first := tree.ItemPath("", pick)
	r, ok := Convert(list.Items[pick], options)
	if !ok {
		r = Result{Resume: list.Items[pick], Format: "a list of JSON Resumes"}
	}
	switch {
	case r.Foreign:
	case r.Path == "":
		r.Path = first
	default:
		r.Path = first + "." + r.Path
	}
	for i := range r.Notes {
		if r.Notes[i].Path != "" {
			r.Notes[i].Path = first + "." + r.Notes[i].Path
		}
	}
	message := "the file is a list, and the first resume in it was read"
	if pick > 0 {
		message = "the file is a list, and the resume in the language that was asked for was read"
	}
	r.Notes = append(r.Notes, note.Note{Path: first, Code: note.Imported, Message: message})
	for i := 0; i < min(len(list.Items), maxBeside); i++ {
		if i == pick {
			continue
		}
		r.Notes = append(r.Notes, note.Note{Path: tree.ItemPath("", i), Code: note.Dropped,
			Message: "only one entry of the list was read", Hint: "put each resume into a file of its own"})
	}
	return r, true
}

// pickItem returns the index of the resume in this language, or 0.
func pickItem(list *tree.Value, language string) int {
	for _, exact := range []bool{true, false} {
		for i, item := range list.Items {
			if item.Kind != tree.Object || language == "" {
				continue
			}
			for _, v := range []*tree.Value{item.Get("meta").Get("language"), item.Get("language"), item.Get("lang"), item.Get("locale")} {
				if isScalar(v) && sameLanguage(v.Text, language, exact) {
					return i
				}
			}
		}
	}
	return 0
}

// maxBeside bounds the notes on members beside a resume.
const maxBeside = 50

// notesBeside returns notes on the members of root beside the one that holds the resume.
func notesBeside(root *tree.Value, path string) []note.Note {
	var notes []note.Note
	for _, m := range root.Members {
		if at := tree.MemberPath("", m.Name); at != path && !m.Value.Absent() && len(notes) < maxBeside {
			notes = append(notes, note.Note{Path: at, Code: note.Dropped, Message: "this member stands beside the resume and was left out"})
		}
	}
	return notes
}

// recognize returns the format of root and its name, or nil.
func recognize(root *tree.Value) (string, *format) {
	for _, f := range formats() {
		if name := f.recognize(root); name != "" {
			return name, &f
		}
	}
	return "", nil
}

// result converts root, which has the format of this name and stands at path.
func (f *format) result(name string, root *tree.Value, path string) Result {
	c := newConversion(name)
	f.convert(c, c.object(root, path))
	resume := c.finish() // adds a note
	return Result{Resume: resume, Format: name, Notes: c.notes, Foreign: true}
}

// unwrap returns the resume that is a member of root, as programs store it beside its
// title and owner, and its path. It returns nil if root itself is a resume.
func unwrap(root *tree.Value) (inner *tree.Value, path string) {
	if hasJSONResume(root) {
		return nil, ""
	}
	for _, name := range []string{"resume", "data", "cv", "content", "jsonResume", "locales", "translations", "i18n", "resumes"} {
		if v := root.Get(name); v != nil && v.Kind == tree.Object {
			if _, f := recognize(v); f != nil || hasJSONResume(v) || hasLocales(v) {
				return v, tree.MemberPath("", name)
			}
		}
	}
	return nil, ""
}

// Known reports whether root has the shape of a JSON Resume or of a format that Convert
// reads.
func Known(root *tree.Value) bool {
	if root == nil || root.Kind != tree.Object {
		return false
	}
	for _, m := range root.Members {
		if isSectionName(m.Name) || m.Name == "basics" || m.Name == "meta" {
			return true
		}
	}
	_, f := recognize(root)
	inner, _ := unwrap(root)
	return f != nil || inner != nil || hasJSONResume(root) || hasLocales(root)
}

// hasJSONResume reports whether root has a member that only a JSON Resume has at its
// root, or two that it may have.
func hasJSONResume(root *tree.Value) bool {
	if v := root.Get("basics"); v != nil && v.Kind == tree.Object {
		return true
	}
	sections := 0
	for _, m := range root.Members {
		if isSectionName(m.Name) && m.Value.Kind == tree.List {
			sections++
		}
	}
	return sections >= 2
}

// isSectionName reports whether name is the root member of a section.
func isSectionName(name string) bool {
	switch name {
	case "work", "volunteer", "education", "awards", "certificates", "publications", "skills", "languages", "interests",
		"references", "projects":
		return true
	}
	return false
}
