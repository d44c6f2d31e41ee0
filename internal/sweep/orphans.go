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
func (s *Sweeper) deleteOrphans(ctx context.Context, res *Result) error {
	olderThan := time.Now().Add(-s.OrphanAge)
	page := make([]candidate, 0, orphanPage)
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
			if err := s.deleteUnused(ctx, page, res); err != nil {
				return err
			}
			page = page[:0]
		}
	}
	return s.deleteUnused(ctx, page, res)
}

// deleteUnused deletes those of the files that no row needs.
func (s *Sweeper) deleteUnused(ctx context.Context, page []candidate, res *Result) error {
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
	named, held := map[string]bool{}, map[string]bool{}
	for _, u := range inUse {
		named[u.BlobKey], held[u.Lease] = true, true
	}
	var orphans []string
	for _, c := range page {
		if c.orphaned(named, held) {
			orphans = append(orphans, c.key)
		}
	}
	for i, err := range s.deleteAll(ctx, orphans) {
		if err != nil {
			res.Failed++
			s.Logger.Warn("a file that no export needs could not be deleted; a later pass tries again", "blob_key", orphans[i], "error", err)
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
