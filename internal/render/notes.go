package render

import (
	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Notes returns the remarks on the making of a document.
func Notes(d *document.Document) []note.Note { return d.Notes }

// notes returns the remarks on a resume and on the making of its document: those of
// the reading first.
func notes(r resume.Resume, d *document.Document) []note.Note {
	if len(r.Notes) == 0 && len(d.Notes) == 0 {
		return nil
	}
	return note.Limit(r.Notes, Notes(d))
}
