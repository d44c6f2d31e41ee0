package api

import (
	"log/slog"

	"github.com/letrazapp/letraz-export/internal/outage"
)

// outages log what fails for many requests at once as one fault, not one each.
type outages struct {
	store     *outage.Log // the database
	publisher *outage.Log
	handOver  *outage.Log // of unpublished requests to the dispatcher
	files     *outage.Log // deleting them
	audit     *outage.Log // writing rows of the audit log on their own
}

func newOutages(log *slog.Logger) outages {
	return outages{
		audit: outage.New(log, outage.Options{Level: slog.LevelError,
			Fault: "calls cannot be written to the audit log", Over: "calls are written to the audit log again"}),
		store: outage.New(log, outage.Options{Level: slog.LevelWarn,
			Fault: "the database does not answer in time: callers are told to come again", Over: "the database answers again"}),
		publisher: outage.New(log, outage.Options{Level: slog.LevelWarn,
			Fault: "requests cannot be published: exports wait for the dispatcher", Over: "requests are published again"}),
		handOver: outage.New(log, outage.Options{Level: slog.LevelWarn,
			Fault: "exports cannot be handed over to the dispatcher: it publishes them when they are due", Over: "exports are handed over to the dispatcher again"}),
		files: outage.New(log, outage.Options{Level: slog.LevelWarn,
			Fault: "files of erased exports cannot be deleted: they are left to the sweeper", Over: "files of erased exports are deleted again"}),
	}
}
