package worker

import (
	"fmt"

	"github.com/letrazapp/letraz-export/internal/ats"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
)

// check judges how software reads a printed file, where that was asked for, while
// the file is stored. The result goes into the report. A check that fails does not
// fail the export.
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
				report, err = nil, fmt.Errorf("it panicked: %v", v)
			}
			if err != nil {
				w.Logger.Error("checking the file failed: the export has no report of it", "export_id", r.ID, "error", err)
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
