package postgres

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// maxDocument bounds the bytes of a resume that came with a request, when it is unpacked. The
// API takes no more.
const maxDocument = resume.MaxText + resume.MaxImage

// LoadDocument reads the resume that came with a request, in one round trip. Its errors are
// those of LoadResume: ResumeNotFound also means that the owner is deleted.
func (s *Store) LoadDocument(ctx context.Context, r export.Request) (resume.Resume, error) {
	id, err := parseID(r.ID)
	if err != nil {
		return resume.Resume{}, export.Fail(export.ResumeNotFound, "loading the resume of export %q: %w", r.ID, err)
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	limit := loadLimit{stop: stop}
	var row *dbsqlc.ExportDocumentLoadRow
	var posting *dbsqlc.Job
	b := &pgx.Batch{}
	b.Queue("begin isolation level repeatable read read only")
	queueFirst(b, &limit, &row, dbsqlc.ExportDocumentLoad, id)
	if r.JobID != "" {
		queueFirst(b, &limit, &posting, dbsqlc.JobByID, r.JobID)
	}
	b.Queue("commit")
	if err := s.pool.SendBatch(reading, b).Close(); err != nil {
		return resume.Resume{}, fmt.Errorf("loading the resume of export %s: %w", r.ID, err)
	}
	if row == nil || !row.Owned {
		return resume.Resume{}, export.Fail(export.ResumeNotFound, "loading the resume of export %s: it or its owner is deleted", r.ID)
	}
	document, err := unpacked(row.Body)
	if err != nil {
		return resume.Resume{}, export.Fail(export.InvalidResume, "unpacking the resume of export %s: %w", r.ID, err)
	}
	loaded, err := resume.Read(document, resume.ReadOptions{Language: r.Options.Language})
	if err != nil {
		// Without the error, which may quote the resume. The API has read it, so this is another version.
		return resume.Resume{}, export.Fail(export.InvalidResume, "reading the resume of export %s: it is none to this version of the program", r.ID)
	}
	loaded.UserID = r.UserID
	loaded.Notes = toNotes(row.Notes)
	if posting != nil {
		loaded.Job = toJob(posting)
	}
	return loaded, nil
}

// packed compresses a document for its column.
func packed(document []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(document); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// unpacked returns a document of no more than maxDocument bytes.
func unpacked(body []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	document, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err == nil && len(document) > maxDocument {
		err = fmt.Errorf("it has more than %d bytes", maxDocument)
	}
	return document, err
}

// insertExport inserts a request, with the resume that came with it, if one did.
func (s *Store) insertExport(ctx context.Context, p dbsqlc.ExportRequestInsertParams, d *export.Document) (dbsqlc.ExportRequest, error) {
	if d == nil {
		row, err := s.q.ExportRequestInsert(ctx, p)
		return dbsqlc.ExportRequest(row), err
	}
	body, err := packed(d.JSON)
	if err != nil {
		return dbsqlc.ExportRequest{}, fmt.Errorf("compressing the resume: %w", err)
	}
	notes, err := fromNotes(d.Notes)
	if err != nil {
		return dbsqlc.ExportRequest{}, err
	}
	row, err := s.q.ExportRequestInsertDocument(ctx, dbsqlc.ExportRequestInsertDocumentParams{
		ID: p.ID, JobID: p.JobID, Format: p.Format, Template: p.Template, Paper: p.Paper, Options: p.Options, Language: p.Language, Lane: p.Lane,
		MaxAttempts: p.MaxAttempts, ExpiresIn: p.ExpiresIn, DispatchWithin: p.DispatchWithin, Traceparent: p.Traceparent,
		IdempotencyKey: p.IdempotencyKey, IdempotencyRequest: p.IdempotencyRequest, CallerID: p.CallerID, KeyID: p.KeyID, MaxWaiting: p.MaxWaiting, Document: body, DocumentNotes: notes,
		Actor: p.Actor, ActorKind: p.ActorKind, Action: p.Action, Result: p.Result, RequestID: p.RequestID, Address: p.Address,
	})
	return dbsqlc.ExportRequest(row), err
}
