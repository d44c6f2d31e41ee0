package render

import (
	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Notes returns the remarks on the making of a document, also on its portrait.
func Notes(d *document.Document) []note.Note {
	if n, ok := d.PortraitNote(); ok {
		return append(d.Notes[:len(d.Notes):len(d.Notes)], n)
	}
	return d.Notes
}

// notes returns the remarks on a resume and on the making of its document: those of
// the reading first. Those on the portrait are for formats that show it, which decode it
// in any case.
func notes(r resume.Resume, d *document.Document, f export.Format) []note.Note {
	made := d.Notes
	switch f {
	case export.PDF, export.PNG, export.HTML, export.DOCX:
		made = Notes(d)
	}
	if len(r.Notes) == 0 && len(made) == 0 {
		return nil
	}
	return note.Limit(r.Notes, made)
}
