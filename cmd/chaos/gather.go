package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// gather reads the facts from the database and the file store.
func gather(ctx context.Context, l *load) (facts, error) {
	f := facts{told: l.ledger.exports, poison: map[string]poison{}, rows: map[string]row{}, history: map[string][]step{}, files: map[string]stored{},
		readings: map[string]reading{}, certain: l.journal.calm, whole: l.journal.whole, damaged: l.files.damaged, owners: l.files.owners}
	for _, p := range l.people {
		f.poison[p.id] = p.poison
	}
	if err := gatherRows(ctx, l.database, f.rows); err != nil {
		return f, err
	}
	if err := gatherHistory(ctx, l.database, f.history); err != nil {
		return f, err
	}
	list, err := l.files.list()
	if err != nil {
		return f, err
	}
	for _, s := range list {
		f.files[s.key] = s
	}
	if f.unrecorded, err = unrecorded(filepath.Join(l.dir, "logs")); err != nil {
		return f, err
	}
	return f, f.readDocuments(l.readings)
}

// unrecorded returns, by export, the downloads that the APIs logged as not recorded.
func unrecorded(logs string) (map[string]int, error) {
	files, err := filepath.Glob(filepath.Join(logs, "api-*.log"))
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(data)) {
			if _, after, found := strings.Cut(line, `msg="a download was not recorded" export_id=`); found {
				id, _, _ := strings.Cut(after, " ")
				counts[id]++
			}
		}
	}
	return counts, nil
}

// readDocuments reads the document of every ready export.
func (f facts) readDocuments(p *readings) error {
	found := make(chan func(), len(f.rows))
	var group errgroup.Group
	group.SetLimit(4)
	for _, r := range f.rows {
		file, ok := f.files[r.blobKey]
		if !ok {
			continue
		}
		group.Go(func() error {
			data, err := os.ReadFile(file.path)
			if err != nil {
				return err
			}
			read := p.of(data, r.format)
			found <- func() { f.readings[r.blobKey] = read }
			return nil
		})
	}
	err := group.Wait()
	close(found)
	for note := range found {
		note()
	}
	return err
}

func gatherRows(ctx context.Context, d *database, into map[string]row) error {
	rows, err := d.pool.Query(ctx, `SELECT id::text, user_id, status::text, coalesce(announced::text, ''), attempt, max_attempts,
		coalesce(failure_code, ''), coalesce(blob_key, ''), coalesce(sha256, ''), format, coalesce(size, 0), download_count, expires_at, status_at
		FROM export_request`)
	if err != nil {
		return fmt.Errorf("reading the rows: %w", err)
	}
	var r row
	var sha []byte
	_, err = pgx.ForEachRow(rows, []any{&r.id, &r.user, &r.status, &r.announced, &r.attempt, &r.maxAttempts, &r.failure, &r.blobKey, &sha,
		&r.format, &r.size, &r.downloads, &r.expires, &r.since}, func() error {
		r.sha256 = hex.EncodeToString(sha)
		into[r.id] = r
		return nil
	})
	return err
}

func gatherHistory(ctx context.Context, d *database, into map[string][]step) error {
	rows, err := d.pool.Query(ctx, `SELECT id::text, at, coalesce(old_status, ''), coalesce(new_status, ''), attempt,
		coalesce(old_token::text, ''), coalesce(new_token::text, ''), coalesce(blob_key, ''), coalesce(failure, '')
		FROM chaos.history ORDER BY seq`)
	if err != nil {
		return fmt.Errorf("reading the history: %w", err)
	}
	var id string
	var s step
	_, err = pgx.ForEachRow(rows, []any{&id, &s.at, &s.old, &s.new, &s.attempt, &s.oldToken, &s.newToken, &s.blobKey, &s.failure}, func() error {
		into[id] = append(into[id], s)
		return nil
	})
	return err
}

// drained waits until no request is queued or rendering and none has been past its expiry or
// unannounced for some time. It returns how many still are when limit is over.
func drained(ctx context.Context, d *database, limit time.Duration) (left int, err error) {
	deadline := time.Now().Add(limit)
	for {
		err = d.pool.QueryRow(ctx, `SELECT count(*) FROM export_request WHERE status IN ('queued', 'rendering')
			OR (announced IS DISTINCT FROM status AND status_at < now() - interval '10 s')
			OR (status <> 'expired' AND expires_at < now() - interval '10 s')`).Scan(&left)
		if err == nil && left == 0 || time.Now().After(deadline) || !pause(ctx, 200*time.Millisecond) {
			return left, err
		}
	}
}
