package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// What tests need to look behind the store.

// Pool returns the store's connections.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// LoadBatch returns the queries of LoadResume.
func LoadBatch(id, jobID string) *pgx.Batch { return new(resumeRows).batch(id, jobID) }

// LoadResumeAsJSON is an alternative to LoadResume, for the benchmark: one statement that
// returns the resume as a JSON document.
func (s *Store) LoadResumeAsJSON(ctx context.Context, id, jobID string) (resume.Resume, error) {
	raw, err := s.q.ResumeDocument(ctx, dbsqlc.ResumeDocumentParams{ID: id, JobID: nullIfZero(jobID)})
	if err != nil {
		return resume.Resume{}, err
	}
	var rows resumeRows
	if err := json.Unmarshal(raw, &rows); err != nil {
		return resume.Resume{}, err
	}
	return toResume(rows)
}

// Contract returns the contract, a column a line.
func Contract() []string {
	lines := make([]string, len(contract))
	for i, c := range contract {
		lines[i] = c.table + "." + c.name + " " + c.sqlType
		if !c.null {
			lines[i] += " not null"
		}
	}
	return lines
}

// ContractTable returns the contract as docs/database.md shows it.
func ContractTable() string {
	var b strings.Builder
	b.WriteString("| table | column | type | in a view, if there is none |\n|---|---|---|---|\n")
	for _, c := range contract {
		null, otherwise := ", not null", ""
		if c.null {
			null = ""
		}
		if c.otherwise != "" {
			otherwise = "`" + c.otherwise + "`"
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s%s | %s |\n", c.table, c.name, c.sqlType, null, otherwise)
	}
	return b.String()
}
