package worker

import (
	"fmt"

	"github.com/letrazapp/letraz-export/internal/ats"
	"github.com/letrazapp/letraz-export/internal/coverage"
	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// checkResult is the result of a check: nil and none if there was none, or it failed.
type checkResult struct {
	report *export.ATSReport
	notes  []note.Note // on what the document does not show
}

// check judges how software reads a printed file, and whether its document shows the
// whole resume, while the file is stored. It does so only if requested. A check that
// fails does not fail the export.
func (a *attempt) check(file render.Artifact) <-chan checkResult {
	done := make(chan checkResult, 1)
	if !a.request.Options.ATS || file.ContentType != export.PDF.ContentType() {
		done <- checkResult{}
		return done
	}
	go func() {
		done <- a.guarded(func() (checkResult, error) {
			report, err := ats.Check(file.Data, file.Document, a.request.Template)
			if err != nil {
				return checkResult{}, err
			}
			return compareWithSource(a.source, file.Document, file.Notes, report)
		})
	}()
	return done
}

// checkCopy completes the report of a copied file. What software reads in it is known;
// what the document leaves out of this resume may differ.
func (a *attempt) checkCopy(d *document.Document) {
	from := a.artifact.Report.ATS
	if !a.request.Options.ATS || from == nil {
		return
	}
	a.addCheck(a.guarded(func() (checkResult, error) { return compareWithSource(a.source, d, a.artifact.Notes, *from) }))
}

// addCheck puts the result of a check into the outcome.
func (a *attempt) addCheck(r checkResult) {
	a.artifact.Report.ATS = r.report
	if len(r.notes) > 0 {
		a.artifact.Notes = note.Limit(a.artifact.Notes, r.notes)
	}
}

// guarded runs a check, and logs its error or panic.
func (a *attempt) guarded(check func() (checkResult, error)) (result checkResult) {
	var err error
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
		if err != nil {
			result = checkResult{}
			a.Logger.Error("checking the file failed: the export has no ATS report", "export_id", a.request.ID, "error", err)
		}
	}()
	result, err = check()
	return result
}

// compareWithSource adds to a report whether the document shows the whole resume.
func compareWithSource(r resume.Resume, d *document.Document, noted []note.Note, report export.ATSReport) (checkResult, error) {
	data, err := resume.MarshalJSONResume(r)
	if err != nil {
		return checkResult{}, fmt.Errorf("writing the resume as its document is compared with it: %w", err)
	}
	leaves, err := resume.Leaves(data)
	if err != nil {
		return checkResult{}, fmt.Errorf("reading the resume that its document is compared with: %w", err)
	}
	found := coverage.Compare(leaves, d, noted)
	found.Report(&report)
	return checkResult{&report, found.Notes}, nil
}
