package sweep

import (
	"context"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// orphanPage is how many files the database is asked about at once.
const orphanPage = 1000

// candidate is a file that may be an orphan.
type candidate struct {
	key, exportID, lease string
}

// deleteOrphans deletes the files that no row needs: a worker that is killed
// between storing and completing leaves one, so does a row that is deleted with
// its user, and a write that is cut off leaves its beginning.
//
// Only the database says what is needed, and what it calls an orphan stays one:
// see candidate.orphaned. So nothing rests on the clocks of the file store and of
// this machine agreeing. The age spares the database questions about files that
// are being made, and a whole hour of it is a second guard, in front of which even
// clocks that are minutes apart make no difference.
//
// A wrong database would call everything an orphan. So files of exports that have no
// row at all, which hardly ever happens, go last, and not when they are the most.
func (s *Sweeper) deleteOrphans(ctx context.Context, res *Result) error {
	olderThan := time.Now().Add(-s.OrphanAge)
	page := make([]candidate, 0, orphanPage)
	var seen acquaintance
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
		s.Logger.Error("most stored files belong to exports that this database does not know; none of those is deleted. "+
			"Is it the database of this file store? If so, sweep once with --delete-unknown",
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
	// fewUnknown are not worth a guard: one user's, who was erased.
	fewUnknown = 10
	// maxUnknown bounds the files without a row that one look deletes, and their keys
	// in memory. The next look takes more.
	maxUnknown = 10_000
)

// acquaintance is how well the database knows the files that a look has met.
type acquaintance struct {
	withRow, withoutRow int64
	unknown             []string // keys of those without a row, up to maxUnknown
}

// deleteUnused deletes those of the files that no row needs, but leaves to its
// caller those whose export has no row.
func (s *Sweeper) deleteUnused(ctx context.Context, page []candidate, seen *acquaintance, res *Result) error {
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

// deleteOrphaned deletes and counts files that no row needs.
func (s *Sweeper) deleteOrphaned(ctx context.Context, orphans []string, res *Result) error {
	for i, err := range s.deleteAll(ctx, orphans) {
		if err != nil {
			res.Failed++
			s.deletions.Failed(err, "blob_key", orphans[i])
			continue
		}
		res.Orphans++
		s.Logger.Debug("deleted a file that no export needs", "blob_key", orphans[i])
	}
	return ctx.Err()
}

// orphaned reports a file that no row names, nor can name later: only the attempt
// that holds the lease in its key could make its row do so, and a lease that is no
// longer held is never given again. The lease was given before the file was begun,
// and the database is asked after it was seen.
func (c candidate) orphaned(named, held map[string]bool) bool {
	return !named[c.key] && !held[c.lease]
}
