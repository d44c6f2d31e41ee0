package containers

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// sweepOrphans leaves files as killed workers do, of exports with a row and without one, and
// sweeps them away while clients go on. The machine of the sweep is an hour fast, so that
// every file is old enough: only the rows tell which ones are needed.
func (tr *trial) sweepOrphans(t *testing.T) {
	t.Helper()
	if !hasty.has(t) {
		t.Log("files without a row were not swept: there is no image with a fast clock")
		return
	}
	swept := false // not if -run selects other tests
	tr.fault(t, "sweep: files that no row names", func(t *testing.T, ctx context.Context) {
		swept = true
		var known string
		do(t, tr.DB.QueryRow(ctx, "SELECT id::text FROM export_request WHERE status = 'ready' LIMIT 1").Scan(&known))
		for _, id := range []string{known, uuid.NewString(), uuid.NewString()} {
			key := export.BlobKey(export.Request{ID: id, Format: export.PDF, Lease: export.Lease{Token: uuid.NewString()}})
			do(t, tr.Bucket.Write(ctx, key, []byte("left by a killed worker")))
		}
		orphans, err := tr.orphans(ctx)
		do(t, err)
		if len(orphans) < 3 {
			t.Errorf("there are %d files without a row", len(orphans))
		}
		t.Logf("files that no row named before: %d", len(orphans))
		tr.sweepAll(t)
		checker.Pause(ctx, outage)
	})
	if !swept {
		return
	}
	tr.sweepAll(t)
	orphans, err := tr.orphans(t.Context())
	do(t, err)
	if len(orphans) > 0 {
		t.Errorf("after a sweep no row names %q", orphans)
	}
}

// sweepAll makes a sweep for which every file is old enough.
func (tr *trial) sweepAll(t *testing.T) {
	t.Helper()
	defer func(before Images) { tr.images = before }(tr.images)
	tr.images = hasty
	t.Logf("the sweep: %s", strings.TrimSpace(tr.once(t, "sweep-hasty", nil, "sweep", "--orphan-age", "50m")))
}

// orphans returns the files of exports that no row names.
func (tr *trial) orphans(ctx context.Context) ([]string, error) {
	keys, err := tr.Bucket.Keys(ctx)
	if err != nil {
		return nil, err
	}
	rows := map[string]checker.Row{}
	if err := checker.ReadRows(ctx, tr.DB, rows); err != nil {
		return nil, fmt.Errorf("looking for files without a row: %w", err)
	}
	f := checker.Facts{Rows: rows, Files: map[string]checker.Stored{}}
	for _, key := range keys {
		if strings.HasPrefix(key, export.BlobRoot+"/") {
			f.Files[key] = checker.Stored{Key: key}
		}
	}
	return f.Orphans(), nil
}
