package theme

import (
	"fmt"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// prepared is a resume as all formats show it, without the looks.
func prepared(r resume.Resume) (document, error) {
	loc, err := localeOf(r)
	if err != nil {
		return document{}, fmt.Errorf("preparing resume: %w", err)
	}
	return newDocument(r, loc), nil
}

// whenText is the one or two moments of an entry as one text.
func whenText(when []moment) string {
	texts := make([]string, len(when))
	for i, m := range when {
		texts[i] = m.Text
	}
	return strings.Join(texts, " – ")
}

// caption is a line's label with its remark, or "".
func (k line) caption() string {
	if k.Label == "" || k.Remark == "" {
		return k.Label
	}
	return k.Label + " (" + k.Remark + ")"
}

// listed is a line's values as one text.
func (k line) listed() string {
	texts := make([]string, len(k.Values))
	for i, v := range k.Values {
		texts[i] = v.Text
		if v.Remark != "" {
			texts[i] += " (" + v.Remark + ")"
		}
	}
	return strings.Join(texts, k.Comma)
}
