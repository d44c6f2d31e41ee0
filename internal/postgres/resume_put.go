package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// PutResume stores a resume under its ID for the caller, or replaces the content of the one
// that has the ID. The caller's own row is made if it does not exist yet. A resume that has
// this content already is not changed, so that finished exports of it can be copied.
//
// It returns ErrResumeNotFound for a resume of somebody whom the caller may not see,
// ErrResumeChanged if the condition is not true, ErrReadOnly if this role may not write
// resumes, and an *export.Error with InvalidResume if the tables cannot hold what it says.
func (s *Store) PutResume(ctx context.Context, caller export.Caller, p resume.Put) (resume.Stored, error) {
	if !validText(p.Resume.ID, caller.UserID) {
		return resume.Stored{}, fmt.Errorf("storing resume %q: %w", p.Resume.ID, export.ErrResumeNotFound)
	}
	var stored resume.Stored
	put := func() error {
		return s.changeResume(ctx, func(tx pgx.Tx, q *dbsqlc.Queries) (err error) {
			stored, err = putResume(ctx, tx, q, caller, p)
			return err
		})
	}
	err := put()
	if isDuplicate(err, "resumes_pkey") { // somebody created it at the same moment
		err = put()
	}
	switch {
	case errors.Is(err, errSame):
	case refusesData(err):
		return resume.Stored{}, export.Fail(export.InvalidResume, "storing resume %s: %w", p.Resume.ID, err)
	case err != nil:
		return resume.Stored{}, fmt.Errorf("storing resume %s: %w", p.Resume.ID, err)
	}
	return stored, nil
}

// DeleteResume deletes a resume with its sections and the posting that came with it. Its
// exports stay until they expire; those that are not finished fail. The errors are those of
// PutResume, with ErrResumeNotFound also if there is none.
func (s *Store) DeleteResume(ctx context.Context, caller export.Caller, id string, c resume.Condition) error {
	if !validText(id) {
		return fmt.Errorf("deleting resume %q: %w", id, export.ErrResumeNotFound)
	}
	err := s.changeResume(ctx, func(tx pgx.Tx, q *dbsqlc.Queries) error {
		row, err := lockResume(ctx, q, caller, id)
		if err != nil {
			return err
		}
		if len(c.Versions) > 0 {
			now, err := readResume(ctx, tx, id)
			if err != nil {
				return err
			}
			if !c.Allows(now.version) {
				return export.ErrResumeChanged
			}
		}
		if err := q.ResumeDelete(ctx, id); err != nil {
			return err
		}
		return deletePosting(ctx, q, row, nil)
	})
	if err != nil {
		return fmt.Errorf("deleting resume %s: %w", id, err)
	}
	return nil
}

// changeResume runs do in a transaction, again if it lost a conflict with another one.
func (s *Store) changeResume(ctx context.Context, do func(pgx.Tx, *dbsqlc.Queries) error) error {
	err := retry(ctx, func() error {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return do(tx, s.q.WithTx(tx)) })
	})
	if refusesWrites(err) {
		return fmt.Errorf("%w: %w", export.ErrReadOnly, err)
	}
	return err
}

// lockResume returns the row of a resume that the caller may see, and locks it.
func lockResume(ctx context.Context, q *dbsqlc.Queries, caller export.Caller, id string) (dbsqlc.Resume, error) {
	row, err := q.ResumeLock(ctx, id)
	if err = ifNoRows(err, export.ErrResumeNotFound); err != nil {
		return row, err
	}
	if !caller.MaySee(row.UserID) {
		return row, errForeign
	}
	return row, nil
}

// errForeign is ErrResumeNotFound for a resume of somebody else.
var errForeign = fmt.Errorf("it belongs to somebody else: %w", export.ErrResumeNotFound)

func putResume(ctx context.Context, tx pgx.Tx, q *dbsqlc.Queries, caller export.Caller, p resume.Put) (resume.Stored, error) {
	row, err := lockResume(ctx, q, caller, p.Resume.ID)
	switch {
	case errors.Is(err, errForeign):
		return resume.Stored{}, err
	case errors.Is(err, export.ErrResumeNotFound):
		return createResume(ctx, tx, q, caller, p)
	case err != nil:
		return resume.Stored{}, err
	}
	return replaceResume(ctx, tx, q, row, p)
}

func createResume(ctx context.Context, tx pgx.Tx, q *dbsqlc.Queries, caller export.Caller, p resume.Put) (resume.Stored, error) {
	if !p.AllowsNone() {
		return resume.Stored{}, export.ErrResumeChanged
	}
	if caller.New {
		if _, err := q.UserEnsure(ctx, caller.UserID); err != nil {
			return resume.Stored{}, fmt.Errorf("creating the user: %w", err)
		}
	}
	r := p.Resume
	r.UserID = caller.UserID
	if p.Title != nil {
		r.Title = *p.Title
	}
	if r.Job != nil {
		posting := *r.Job
		posting.ID = postingID(r.ID)
		r.Job = &posting
	}
	if err := insertResume(ctx, q, r); err != nil {
		return resume.Stored{}, err
	}
	now, err := readResume(ctx, tx, r.ID)
	now.stored.Created = true
	return now.stored, err
}

func replaceResume(ctx context.Context, tx pgx.Tx, q *dbsqlc.Queries, row dbsqlc.Resume, p resume.Put) (resume.Stored, error) {
	now, readErr := readResume(ctx, tx, row.ID)
	if failure, ok := errors.AsType[*export.Error](readErr); ok && failure.Code == export.InvalidResume {
		readErr = nil // it has no version, and can be replaced
	}
	switch {
	case readErr != nil:
		return resume.Stored{}, readErr
	case !p.Allows(now.version):
		return resume.Stored{}, export.ErrResumeChanged
	}
	r := p.Resume
	r.UserID = row.UserID
	r.Job = postingFor(row, now.resume.Job, r.Job)
	document, err := resume.MarshalJSONResume(r)
	if err != nil {
		return resume.Stored{}, err
	}
	if resume.Version(document) == now.version && (p.Title == nil || *p.Title == row.Title) {
		return now.stored, nil
	}
	if err := writeResume(ctx, q, row, r, p.Title); err != nil {
		return resume.Stored{}, err
	}
	written, err := readResume(ctx, tx, r.ID)
	if err == nil && written.version == now.version && written.stored.Title == now.stored.Title {
		return now.stored, errSame // what was sent says the same in other words
	}
	return written.stored, err
}

// errSame rolls back a change that leaves a resume as it was.
var errSame = errors.New("the resume says this already")

// writeResume writes everything of a resume that has a row.
func writeResume(ctx context.Context, q *dbsqlc.Queries, row dbsqlc.Resume, r resume.Resume, title *string) error {
	user, err := q.UserLock(ctx, r.UserID)
	if err != nil {
		return fmt.Errorf("reading the owner: %w", err)
	}
	columns, err := fromResume(user, r)
	if err != nil {
		return err
	}
	if r.Job != nil && r.Job.ID == postingID(r.ID) {
		if err := q.JobReplace(ctx, fromJob(*r.Job)); err != nil {
			return fmt.Errorf("storing the job posting: %w", err)
		}
	}
	if err := q.ResumeReplace(ctx, dbsqlc.ResumeReplaceParams{ID: r.ID, Title: title, PersonalInfo: columns.PersonalInfo,
		Language: columns.Language, JobID: columns.JobID, Details: columns.Details, Notes: columns.Notes}); err != nil {
		return fmt.Errorf("replacing the resume: %w", err)
	}
	if err := deletePosting(ctx, q, row, columns.JobID); err != nil {
		return err
	}
	if err := q.ResumeSectionDeleteByResume(ctx, r.ID); err != nil {
		return fmt.Errorf("deleting the sections: %w", err)
	}
	return insertSections(ctx, q, r)
}

// postingFor returns the posting of a resume that replaces another: the one that the other
// has if it says the same, whoever made it, otherwise one that belongs to this resume.
func postingFor(row dbsqlc.Resume, has, wants *resume.Job) *resume.Job {
	if wants == nil {
		return nil
	}
	posting := *wants
	if posting.ID = postingID(row.ID); has != nil {
		same := *has
		same.ID = posting.ID
		if sameTexts(same, posting) {
			return has
		}
	}
	return &posting
}

// sameTexts reports whether two postings say the same, however empty lists are stored.
func sameTexts(a, b resume.Job) bool {
	for _, j := range []*resume.Job{&a, &b} {
		j.Requirements, j.Responsibilities, j.Benefits = notNull(j.Requirements), notNull(j.Responsibilities), notNull(j.Benefits)
	}
	return reflect.DeepEqual(a, b)
}

// deletePosting deletes the posting that came with a resume, unless it is the one to keep.
// Postings that the resume only refers to are left alone.
func deletePosting(ctx context.Context, q *dbsqlc.Queries, row dbsqlc.Resume, keep *string) error {
	if row.JobID == nil || *row.JobID != postingID(row.ID) || keep != nil && *keep == *row.JobID {
		return nil
	}
	if err := q.JobDelete(ctx, *row.JobID); err != nil {
		return fmt.Errorf("deleting the job posting: %w", err)
	}
	return nil
}

// postingID returns the id of the posting that comes with a resume.
func postingID(resumeID string) string {
	sum := sha256.Sum256([]byte(resumeID))
	return "job_" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:15]))[:20]
}

// storedResume is a resume as it is in the database.
type storedResume struct {
	resume  resume.Resume
	version string
	stored  resume.Stored
}

// readResume reads a resume within a transaction, in one round trip.
func readResume(ctx context.Context, tx pgx.Tx, id string) (storedResume, error) {
	var rows resumeRows
	rows.limit.stop = func() {}
	b := &pgx.Batch{}
	rows.queue(b, id, "")
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return storedResume{}, fmt.Errorf("reading it: %w", err)
	}
	stored := toStored(dbsqlc.ResumeListRow{ID: rows.Resume.ID, UserID: rows.Resume.UserID, Title: rows.Resume.Title, Base: rows.Resume.Base,
		Language: rows.Resume.Language, JobID: rows.Resume.JobID, CreatedAt: rows.Resume.CreatedAt, UpdatedAt: rows.Resume.UpdatedAt})
	r, err := toResume(rows)
	if err != nil {
		return storedResume{stored: stored}, export.Fail(export.InvalidResume, "reading resume %s: %w", id, err)
	}
	document, err := resume.MarshalJSONResume(r)
	if err != nil {
		return storedResume{stored: stored}, export.Fail(export.InvalidResume, "writing resume %s: %w", id, err)
	}
	stored.Version = resume.Version(document)
	return storedResume{r, stored.Version, stored}, nil
}
