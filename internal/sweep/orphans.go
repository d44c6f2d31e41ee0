package sweep

import (
	"context"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// orphanPage is the number of files that one query asks the database about.
const orphanPage = 1000

// candidate is a file that may be an orphan, with the export and the lease of its key.
type candidate struct {
	key, exportID, lease string
}

// deleteOrphans deletes orphans: files that no row needs. They are left by a worker
// that was killed between storing and completing, by a row that was deleted with its
// user, and by an interrupted write.
//
// Only the database decides whether a file is needed, and an orphan stays an orphan
// (see candidate.orphaned). So the clocks of the file store and of this machine need
// not agree. The age saves queries about files that are being written; an hour of it
// also guards against clocks that are minutes apart.
//
// With a wrong database every file would be an orphan. So files of exports without
// any row, which are rare, are deleted last, and not when they are the majority.
func (s *Sweeper) deleteOrphans(ctx context.Context, res *Result) error {
	olderThan := time.Now().Add(-s.OrphanAge)
	page := make([]candidate, 0, orphanPage)
	var seen rowCounts
	for f, err := range s.Files.List(ctx, export.BlobRoot) {
		if err != nil {
			return err
		}
		key := f.Key
		if f.WrittenFor != "" {
			key = f.WrittenFor
		}
		id, lease, ours := export.ParseBlobKey(key)
		switch {
		case !ours:
			res.Foreign++
			continue
		case f.Modified.After(olderThan):
			continue
		}
		page = append(page, candidate{key: f.Key, exportID: id, lease: lease})
		if len(page) == orphanPage {
			if err := s.deleteUnused(ctx, page, &seen, res); err != nil {
				return err
			}
			page = page[:0]
		}
	}
	if err := s.deleteUnused(ctx, page, &seen, res); err != nil {
		return err
	}
	if err := s.deleteProbes(ctx, olderThan, res); err != nil {
		return err
	}
	if !s.DeleteUnknown && seen.withoutRow > fewUnknown && seen.withoutRow > seen.withRow {
		res.Unknown = seen.withoutRow
		s.Logger.Error("most stored files belong to exports that have no row in this database: none of these files is deleted. "+
			"If it is the database of this file store, sweep once with --delete-unknown",
			"unknown", seen.withoutRow, "known", seen.withRow)
		return nil
	}
	return s.deleteOrphaned(ctx, seen.unknown, res)
}

// deleteProbes deletes the files that processes killed in a probe of the store left.
func (s *Sweeper) deleteProbes(ctx context.Context, olderThan time.Time, res *Result) error {
	var old []string
	for f, err := range s.Files.List(ctx, export.ProbeRoot) {
		if err != nil {
			return err
		}
		if f.Modified.Before(olderThan) && len(old) < orphanPage {
			old = append(old, f.Key)
		}
	}
	return s.deleteOrphaned(ctx, old, res)
}

const (
	// fewUnknown is how many files without a row are deleted without a guard: those of
	// one user who was erased.
	fewUnknown = 10
	// maxUnknown bounds the files without a row that one search deletes, and their keys
	// in memory. The next search takes more.
	maxUnknown = 10_000
)

// rowCounts counts the files of a search whose export has a row, and those whose
// export has none.
type rowCounts struct {
	withRow, withoutRow int64
	unknown             []string // keys of the files without a row, up to maxUnknown
}

// deleteUnused deletes the orphans among the files whose export has a row, and adds
// the others to seen.
func (s *Sweeper) deleteUnused(ctx context.Context, page []candidate, seen *rowCounts, res *Result) error {
	if len(page) == 0 {
		return nil
	}
	ids := make([]string, len(page))
	for i, c := range page {
		ids[i] = c.exportID
	}
	inUse, err := s.Store.FilesInUse(ctx, ids)
	if err != nil {
		return err
	}
	there, named, held := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, u := range inUse {
		there[u.ExportID], named[u.BlobKey], held[u.Lease] = true, true, true
	}
	var orphans []string
	for _, c := range page {
		if !there[c.exportID] {
			seen.withoutRow++
			if len(seen.unknown) < maxUnknown {
				seen.unknown = append(seen.unknown, c.key)
			}
			continue
		}
		seen.withRow++
		if c.orphaned(named, held) {
			orphans = append(orphans, c.key)
		}
	}
	return s.deleteOrphaned(ctx, orphans, res)
}

// deleteOrphaned deletes and counts orphans.
func (s *Sweeper) deleteOrphaned(ctx context.Context, orphans []string, res *Result) error {
	for i, err := range s.deleteAll(ctx, orphans) {
		if err != nil {
			res.Failed++
			s.deletions.Failed(err, "blob_key", orphans[i])
			continue
		}
		res.Orphans++
		s.Logger.Debug("deleted an orphan", "blob_key", orphans[i])
	}
	return ctx.Err()
}

// orphaned reports whether no row names the file, nor can name it later: only the
// attempt that holds the lease in its key can complete with it, and a lease that is
// no longer held is never given again. The lease was given before the file was
// begun, and the database was asked after the file was listed.
func (c candidate) orphaned(named, held map[string]bool) bool {
	return !named[c.key] && !held[c.lease]
}
