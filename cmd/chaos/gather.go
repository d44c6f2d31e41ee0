package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// gather reads the facts from the database and the file store.
func gather(ctx context.Context, l *trial) (checker.Facts, error) {
	f := checker.Facts{Told: l.Ledger.Exports, Poison: map[string]checker.Poison{}, Rows: map[string]checker.Row{}, History: map[string][]checker.Step{}, Files: map[string]checker.Stored{},
		Readings: map[string]checker.Reading{}, Certain: l.journal.Calm, Whole: l.journal.Whole, Damaged: l.files.damaged, Owners: l.files.owners, Lease: lease, Slots: workers * slotsEach}
	for _, p := range l.People {
		f.Poison[p.ID] = p.Poison
	}
	if err := checker.ReadRows(ctx, l.database.pool, f.Rows); err != nil {
		return f, err
	}
	if err := checker.ReadHistory(ctx, l.database.pool, f.History); err != nil {
		return f, err
	}
	list, err := l.files.list()
	if err != nil {
		return f, err
	}
	for _, s := range list {
		f.Files[s.Key] = s
	}
	if f.Unrecorded, err = unrecorded(filepath.Join(l.dir, "logs")); err != nil {
		return f, err
	}
	return f, readDocuments(f, l.Readings)
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
func readDocuments(f checker.Facts, p *checker.Readings) error {
	found := make(chan func(), len(f.Rows))
	var group errgroup.Group
	group.SetLimit(4)
	for _, r := range f.Rows {
		file, ok := f.Files[r.BlobKey]
		if !ok {
			continue
		}
		group.Go(func() error {
			data, err := os.ReadFile(file.Path)
			if err != nil {
				return err
			}
			read := p.Of(data, r.Format)
			found <- func() { f.Readings[r.BlobKey] = read }
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
