package bench

import (
	"context"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/client"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// Service is the whole service in one process, for measuring exports of one resume. The
// measurements start and stop its workers, because an idle worker holds every slot.
type Service struct {
	Engine *chrome.Engine
	Slots  int // of Engine; all of them are warm
	Client *client.Client
	Watch  *Watch // what both workers use as their store

	Worker func(context.Context) // runs a worker that prints every export until the context ends
	Copier func(context.Context) // the same, but an unchanged resume is not printed again, as with serve

	Resume Resume
}

// Resume is the exported resume and the document that a worker prints for it.
type Resume struct {
	ID       string
	Document chrome.Document
}

// User owns the resumes of all measurements.
const User = "user_bench"

// Resumes is the part of the database that Load needs.
type Resumes interface {
	ImportResumes(ctx context.Context, resumes []resume.Resume) error
	LoadResume(ctx context.Context, id, jobID string) (resume.Resume, error)
}

// Load imports a sample and renders it once to learn what a worker prints for it.
func Load(ctx context.Context, store Resumes, engine *chrome.Engine, sample, template string) (Resume, error) {
	source, err := samples.Get(sample)
	if err != nil {
		return Resume{}, err
	}
	r, err := resume.ParseJSONResume(source.JSON)
	if err != nil {
		return Resume{}, fmt.Errorf("reading the sample %s: %w", sample, err)
	}
	r.ID, r.UserID = "rsm_bench", User
	if r.Job != nil {
		r.Job.ID = "job_bench"
	}
	if err := store.ImportResumes(ctx, []resume.Resume{r}); err != nil {
		return Resume{}, err
	}
	if r, err = store.LoadResume(ctx, r.ID, ""); err != nil {
		return Resume{}, err
	}
	printed := &recorder{Engine: engine}
	if _, err := render.Render(ctx, printed, r, render.Options{Format: export.PDF, Template: template, Paper: export.A4}); err != nil {
		return Resume{}, err
	}
	return Resume{ID: r.ID, Document: printed.document}, nil
}

// recorder prints and keeps the document.
type recorder struct {
	*chrome.Engine
	document chrome.Document
}

// Print keeps the document and prints it.
func (c *recorder) Print(ctx context.Context, d chrome.Document) ([]byte, error) {
	c.document = d
	return c.Engine.Print(ctx, d)
}

// startWorker runs a worker until the returned function is called.
func startWorker(ctx context.Context, worker func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		worker(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}
