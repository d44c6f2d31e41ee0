package worker

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// A resume that comes with its request is printed as a stored one is; the second time its file
// is copied. Its notes are those of the request and of the document.
func TestWork_DocumentOfRequest(t *testing.T) {
	t.Parallel()
	p := setup(t)
	page := &counting{Printer: testenv.Engine(t)}
	var log bytes.Buffer
	logged := func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) }
	given := func() export.New {
		n := testenv.NewExport(user, "")
		n.Document = &export.Document{JSON: []byte(`{"basics":{"name":"Ada Ketterschwang","image":"https://example.org/x.png"}}`),
			Notes: []note.Note{{Path: "work[0]", Code: note.Repaired, Message: "a note of the request"}}}
		return n
	}
	first := p.export(t, page, given(), logged)
	second := p.export(t, page, given(), logged)
	for _, r := range []export.Request{first, second} {
		if r.Status != export.Ready || r.ResumeID != "" {
			t.Fatalf("%+v", r)
		}
		var codes []note.Code
		for _, n := range r.Artifact.Notes {
			codes = append(codes, n.Code)
		}
		if len(r.Artifact.Notes) < 2 || r.Artifact.Notes[0].Message != "a note of the request" {
			t.Errorf("notes %q", codes)
		}
	}
	if !bytes.Equal(p.bytesOf(t, first), p.bytesOf(t, second)) || page.prints.Load() != 1 {
		t.Errorf("%d prints of one resume", page.prints.Load())
	}
	if strings.Contains(log.String(), "Ketterschwang") {
		t.Errorf("the log has the resume: %s", log.String())
	}
}

// A request whose user is deleted while it is inserted is erased with its resume.
func TestWork_DocumentOfDeletedUser(t *testing.T) {
	t.Parallel()
	p := setup(t)
	n := testenv.NewExport(user, "")
	n.Document = &export.Document{JSON: []byte(`{"basics":{"name":"Ada"}}`)}
	r, err := p.store.CreateExport(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.queue.PublishRequest(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	testenv.Exec(t, p.url, `ALTER TABLE "user" DISABLE TRIGGER USER; DELETE FROM "user"`)
	p.worker(t).handle(t.Context(), testenv.Engine(t), p.next(t), stay)
	if left := testenv.Value(t, p.url, "SELECT (SELECT count(*) FROM export_document) + (SELECT count(*) FROM export_request WHERE expires_at <> 'epoch')"); left != "0" {
		t.Errorf("%s rows are left", left)
	}
}
