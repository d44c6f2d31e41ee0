package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// LoadResume reads a whole resume in one round trip and one snapshot, with the
// posting jobID instead of its own when that is not empty. Its error is an
// *export.Error with ResumeNotFound, InvalidResume or DocumentTooLarge where that is
// the reason. Of a resume that is too large no more than maxLoaded bytes are read.
func (s *Store) LoadResume(ctx context.Context, id, jobID string) (resume.Resume, error) {
	if !validText(id, jobID) {
		return resume.Resume{}, export.Fail(export.ResumeNotFound, "loading resume %q: the id is not valid text", id)
	}
	// Canceled by the limit, so that the rest of a too large answer is not read.
	reading, stop := context.WithCancel(ctx)
	defer stop()
	rows := resumeRows{limit: loadLimit{stop: stop}}
	err := s.pool.SendBatch(reading, rows.batch(id, jobID)).Close()
	if tooLarge := tooLargeToLoad(err); tooLarge != nil {
		e := export.Fail(export.DocumentTooLarge, "loading resume %s: %w", id, tooLarge)
		e.Message = tooLarge.Message()
		return resume.Resume{}, e
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return resume.Resume{}, export.Fail(export.ResumeNotFound, "loading resume %s: no such row", id)
	}
	if err != nil {
		return resume.Resume{}, fmt.Errorf("loading resume %s: %w", id, err)
	}
	r, err := toResume(rows)
	if err != nil {
		return resume.Resume{}, export.Fail(export.InvalidResume, "reading resume %s: %w", id, err)
	}
	return r, nil
}

// resumeRows are all rows of one resume. Lists are in order. (The tags are for
// the loading benchmark, which also reads them from JSON.)
type resumeRows struct {
	Resume     dbsqlc.Resume                         `json:"resume"`
	Owner      dbsqlc.User                           `json:"user"`
	Job        *dbsqlc.Job                           `json:"job"`
	Sections   []dbsqlc.ResumeSectionListByResumeRow `json:"sections"`
	Experience []dbsqlc.ExperienceListByResumeRow    `json:"experience"`
	Education  []dbsqlc.EducationListByResumeRow     `json:"education"`
	Projects   []dbsqlc.ProjectListByResumeRow       `json:"projects"`
	Skills     []dbsqlc.SkillListByResumeRow         `json:"skills"`
	Strengths  []dbsqlc.StrengthListByResumeRow      `json:"strengths"`

	limit loadLimit
}

// batch returns the queries that read the rows when it is sent. They take one round
// trip and run in one transaction with one snapshot, so that an edit is seen whole or
// not at all. (A single statement that builds JSON would do the same at a higher cost
// on both sides: see BenchmarkLoadResume.)
func (rows *resumeRows) batch(id, jobID string) *pgx.Batch {
	b := &pgx.Batch{}
	b.Queue("begin isolation level repeatable read read only")
	rows.queue(b, id, jobID)
	b.Queue("commit")
	return b
}

// queue adds the queries that read the rows to a batch.
func (rows *resumeRows) queue(b *pgx.Batch, id, jobID string) {
	queueOne(b, &rows.limit, &rows.Resume, dbsqlc.ResumeByID, id)
	queueOne(b, &rows.limit, &rows.Owner, dbsqlc.ResumeOwner, id)
	queueFirst(b, &rows.limit, &rows.Job, dbsqlc.ResumeJob, nullIfZero(jobID), id)
	queueList(b, &rows.limit, &rows.Sections, dbsqlc.ResumeSectionListByResume, id)
	queueList(b, &rows.limit, &rows.Experience, dbsqlc.ExperienceListByResume, id)
	queueList(b, &rows.limit, &rows.Education, dbsqlc.EducationListByResume, id)
	queueList(b, &rows.limit, &rows.Projects, dbsqlc.ProjectListByResume, id)
	queueList(b, &rows.limit, &rows.Skills, dbsqlc.SkillListByResume, id)
	queueList(b, &rows.limit, &rows.Strengths, dbsqlc.StrengthListByResume, id)
}

// queueOne reads the only row of a query into row; without a row the batch ends with
// pgx.ErrNoRows. Here and below columns match fields by position: sqlc generates both
// from the same schema, in the same order.
func queueOne[T any](b *pgx.Batch, limit *loadLimit, row *T, sql string, args ...any) {
	b.Queue(sql, args...).Query(func(r pgx.Rows) (err error) {
		*row, err = pgx.CollectOneRow(r, within(limit, pgx.RowToStructByPos[T]))
		return err
	})
}

// queueFirst reads the first row of a query, if there is one.
func queueFirst[T any](b *pgx.Batch, limit *loadLimit, row **T, sql string, args ...any) {
	b.Queue(sql, args...).Query(func(r pgx.Rows) (err error) {
		*row, err = pgx.CollectOneRow(r, within(limit, pgx.RowToAddrOfStructByPos[T]))
		return ifNoRows(err, nil)
	})
}

// queueList reads every row of a query.
func queueList[T any](b *pgx.Batch, limit *loadLimit, list *[]T, sql string, args ...any) {
	b.Queue(sql, args...).Query(func(r pgx.Rows) (err error) {
		*list, err = pgx.CollectRows(r, within(limit, pgx.RowToStructByPos[T]))
		return err
	})
}
