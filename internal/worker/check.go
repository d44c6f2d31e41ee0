package worker

import (
	"fmt"

	"github.com/letrazapp/letraz-export/internal/ats"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
)

// check checks, if the request asks for it, how software reads the printed file. It runs while
// the file is being stored and sends the report, or nil, on the returned channel. A failed check
// does not fail the export.
func (w *Worker) check(r export.Request, file render.Artifact) <-chan *export.ATSReport {
	done := make(chan *export.ATSReport, 1)
	if !r.Options.ATS || file.ContentType != export.PDF.ContentType() {
		done <- nil
		return done
	}
	go func() {
		var report *export.ATSReport
		var err error
		defer func() {
			if v := recover(); v != nil {
				report, err = nil, fmt.Errorf("panic: %v", v)
			}
			if err != nil {
				w.Logger.Error("checking the file failed: the export has no ATS report", "export_id", r.ID, "error", err)
			}
			done <- report
		}()
		var found export.ATSReport
		if found, err = ats.Check(file.Data, file.Document, r.Template); err == nil {
			report = &found
		}
	}()
	return done
}
