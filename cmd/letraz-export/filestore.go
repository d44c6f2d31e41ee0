package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/telemetry"
)

// startPatience is the time that a file store has to answer at start.
const startPatience = 20 * time.Second

// openBlobs opens a file store that exists, and fails unless it can be used and belongs to the
// database.
func openBlobs(e *env, location string, store *postgres.Store, c *closers) (*blob.Store, error) {
	files, err := blob.Open(e.ctx, location)
	if err != nil {
		return nil, err
	}
	return files, checkFiles(e, files, store, false, c)
}

// createBlobs does the same with the store in the data directory, which it creates. Its files
// may have been deleted, since they are in nobody else's use.
func createBlobs(e *env, location string, store *postgres.Store, c *closers) (*blob.Store, error) {
	files, err := blob.Create(e.ctx, location)
	if err != nil {
		return nil, err
	}
	return files, checkFiles(e, files, store, true, c)
}

func checkFiles(e *env, files *blob.Store, store *postgres.Store, renew bool, c *closers) error {
	c.add(files.Close)
	files.Observe(telemetry.JoinFiles(e.metrics.Files(), e.tracing.Files()))
	ctx, cancel := context.WithTimeout(e.ctx, startPatience)
	defer cancel()
	if err := files.Check(ctx); err != nil {
		return err
	}
	return sameStore(ctx, files, store, renew)
}

// sameStore fails if the database was used with another file store. A store has a marker,
// which the database records at the first use. With renew, a store without a marker is taken
// for the one that was used.
func sameStore(ctx context.Context, files *blob.Store, store *postgres.Store, renew bool) error {
	recorded, err := store.StoreMarker(ctx)
	if err != nil {
		return err
	}
	found, err := files.Marker(ctx)
	if err != nil {
		return err
	}
	if found == "" && (recorded == "" || renew) {
		marker := recorded
		if marker == "" {
			marker = uuid.NewString()
		}
		if found, err = files.Mark(ctx, marker); err != nil {
			return err
		}
	}
	if recorded == "" {
		if recorded, err = store.RecordStoreMarker(ctx, found); err != nil {
			return err
		}
	}
	if found != recorded {
		return fmt.Errorf("the file store %s is another than the one this database was used with: give api, worker, sweep and erase the same BLOB_URL "+
			"(if the files were moved, move the file %s too; docs/storage.md says how to begin with a new store)", files.Name(), export.StoreMarker)
	}
	return nil
}
