package resume

import "github.com/letrazapp/letraz-export/internal/resume/tree"

// rich makes rich text of the texts of two members. Texts with HTML are also kept in
// Details, since Split would return them in another spelling.
func (f *fields) rich(summary, text, highlights string, list []string) RichText {
	t, exact := RichTextFromSource(text, list)
	if !exact {
		if text != "" {
			f.keep(summary, tree.NewText(text))
		}
		if len(list) > 0 {
			f.keep(highlights, tree.NewTexts(list))
		}
	}
	return t
}

// description takes a text and a list of highlights.
func (f *fields) description(summary, highlights string) RichText {
	return f.rich(summary, f.text(summary), highlights, f.texts(highlights))
}

// extensionDescription is description for members that are not in the JSON Resume
// schema.
func (f *fields) extensionDescription(summary, highlights string) RichText {
	return f.rich(summary, f.extensionText(summary), highlights, f.extensionTexts(highlights))
}

// sourceOf returns the texts that rich text was made of, if Details have them. Those of
// a text that was changed since are dropped. Without a list of highlights its name is
// empty.
func (o *object) sourceOf(t RichText, summary, highlights string) (text string, list []string, ok bool) {
	text = o.details.String(summary)
	if highlights != "" {
		list = o.details.Strings(highlights)
	}
	source, exact := RichTextFromSource(text, list)
	if exact {
		return "", nil, false
	}
	delete(o.details, summary)
	if highlights != "" {
		delete(o.details, highlights)
	}
	return text, list, source == t
}
