package worker

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Resumes loads resumes.
type Resumes interface {
	LoadResume(ctx context.Context, id, jobID string) (resume.Resume, error)
	// LoadDocument loads the resume that came with a request.
	LoadDocument(ctx context.Context, r export.Request) (resume.Resume, error)
}

// Files stores finished files.
type Files interface {
	Put(ctx context.Context, key string, data []byte, contentType string) error
	Copy(ctx context.Context, from, to string) (int64, error)
	Flush(ctx context.Context, key string) error
	Verify(ctx context.Context, key string, size int64, sum [32]byte) error
	Delete(ctx context.Context, key string) error
	// Probe stores, reads and deletes a file of size bytes. Its error says why a file
	// cannot be stored now.
	Probe(ctx context.Context, size int) error
}

// produce makes and stores the file: load, prepare, reuse or print, finish, store. A
// panic in it fails the attempt, not the worker.
func (a *attempt) produce(ctx context.Context) (err error) {
	defer func() {
		if v := recover(); v != nil {
			a.log.Error("rendering panicked", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			err = export.Fail(export.Internal, "rendering panicked: %v", v)
		}
	}()
	defer func() { a.endStep(ctx, err) }()
	doc, err := a.load(ctx)
	if err != nil {
		return err
	}
	draft, err := a.prepare(ctx, doc)
	if err != nil {
		return err
	}
	if a.reuse(ctx, draft) {
		a.freeSlot()
		a.artifact.Notes = draft.Notes() // not those of the file's first export: the resume may differ in what is not shown
		a.checkCopy(draft.Document())
		return a.flush(ctx)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	printed, err := a.print(ctx, draft)
	if err != nil {
		return err
	}
	a.freeSlot()
	file, err := a.finish(ctx, printed)
	if err != nil {
		return err
	}
	return a.store(ctx, file)
}

func (a *attempt) load(ctx context.Context) (resume.Resume, error) {
	a.beginStep(ctx, loading)
	var doc resume.Resume
	var err error
	if a.request.ResumeID == "" {
		doc, err = a.Store.LoadDocument(ctx, a.request)
	} else {
		doc, err = a.Store.LoadResume(ctx, a.request.ResumeID, a.request.JobID)
	}
	a.source = doc
	crashpoint.Here(crashpoint.WorkerAfterLoad)
	return doc, err
}

func (a *attempt) prepare(ctx context.Context, doc resume.Resume) (render.Draft, error) {
	a.beginStep(ctx, preparing)
	r := a.request
	return render.Prepare(doc, render.Options{Format: r.Format, Template: r.Template, Paper: r.Paper, MaxPages: a.MaxPages, Options: r.Options})
}

// print prints the draft. If an earlier attempt reached a deadline, it uses a browser
// that has printed nothing else, because the browser may have been the cause.
func (a *attempt) print(ctx context.Context, draft render.Draft) (render.Printed, error) {
	a.beginStep(ctx, printing)
	p := a.printer
	if a.request.Timeouts > 0 {
		p = &freshPrinter{Printer: p}
	}
	printed, err := draft.PrintWith(ctx, p)
	if err == nil && a.request.Format.Printed() {
		took := time.Since(a.stepFrom)
		a.Observer.Printed(a.request, took)
		a.log.Info("export printed", "print_ms", took.Milliseconds())
	}
	return printed, err
}

func (a *attempt) finish(ctx context.Context, printed render.Printed) (render.Artifact, error) {
	a.beginStep(ctx, finishing)
	file, err := printed.Artifact()
	if file.Uncompacted != nil {
		a.uncompacted.count(a.Logger, file.Uncompacted.Producer, file.Uncompacted.Err)
	}
	crashpoint.Here(crashpoint.WorkerAfterPrint)
	return file, err
}

// store stores the file. If requested, it is checked at the same time.
func (a *attempt) store(ctx context.Context, file render.Artifact) error {
	a.beginStep(ctx, storing)
	made := &a.artifact
	made.BlobKey = export.BlobKey(a.request)
	made.Size, made.SHA256, made.Pages, made.Filename = int64(len(file.Data)), sha256.Sum256(file.Data), file.Pages, file.Filename
	made.Report, made.Notes = file.Report, file.Notes
	checked := a.check(file)
	err := a.Files.Put(ctx, made.BlobKey, file.Data, file.ContentType)
	a.addCheck(<-checked)
	if err != nil {
		return export.Fail(export.StorageUnavailable, "storing the file of export %s: %w", a.request.ID, err)
	}
	a.stored()
	crashpoint.Here(crashpoint.WorkerAfterBlob)
	return nil
}

// flush makes a copied file durable, as Put does for a stored one.
func (a *attempt) flush(ctx context.Context) error {
	a.beginStep(ctx, storing)
	if err := a.Files.Flush(ctx, a.artifact.BlobKey); err != nil {
		return export.Fail(export.StorageUnavailable, "storing the file of export %s: %w", a.request.ID, err)
	}
	a.stored()
	return nil
}

// stored tells that the file is in the store.
func (a *attempt) stored() {
	took := time.Since(a.stepFrom)
	a.Observer.Stored(a.request, a.artifact.Size, took)
	a.log.Info("export stored", "bytes", a.artifact.Size, "store_ms", took.Milliseconds())
}
