package worker

import (
	"log/slog"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/outage"
)

// outages log a fault that affects many messages once, not once per message.
type outages struct {
	database   *outage.Log // claiming exports and reading their rows
	leases     *outage.Log // extending leases
	asking     *outage.Log // opening receivers
	bulk       *outage.Log // the consumer of the lane bulk
	receiving  *outage.Log // receiving messages
	messages   *outage.Log // ending messages
	events     *outage.Log // publishing events
	files      *outage.Log // deleting files that no export needs
	unknown    *outage.Log // messages for unknown exports
	unreadable *outage.Log // messages that cannot be parsed
}

func newOutages(log *slog.Logger) outages {
	warn := func(fault, over string) *outage.Log {
		return outage.New(log, outage.Options{Level: slog.LevelWarn, Fault: fault, Over: over})
	}
	return outages{
		database:  warn("the database does not answer: messages are returned and exports wait", "the database answers again"),
		leases:    warn("leases cannot be extended: exports whose lease ends are attempted again", "leases are extended again"),
		asking:    warn("cannot open a receiver of messages: trying again every second", "receivers of messages are open again"),
		bulk:      warn("the lane bulk has no consumer, so its exports wait: run letraz-export migrate", "the lane bulk has its consumer"),
		receiving: warn("cannot receive messages: trying again every second", "messages are received again"),
		messages:  warn("messages cannot be acknowledged, returned or kept: they are delivered again", "messages are acknowledged again"),
		events:    warn("events cannot be published: they are left to the dispatcher", "events are published again"),
		files:     warn("files that no export needs cannot be deleted: they are left to the sweeper", "files are deleted again"),
		unknown: outage.New(log, outage.Options{
			Fault: "messages for exports that the database does not have: the exports were erased, or the messages belong to another database"}),
		unreadable: outage.New(log, outage.Options{Level: slog.LevelError,
			Fault: "discarding messages that cannot be parsed: another program or a newer version may be publishing to the stream"}),
	}
}

// recordResult records the result of an operation in its outage log.
func recordResult(log *outage.Log, err error, attributes ...any) {
	if err != nil {
		log.Failed(err, attributes...)
	} else {
		log.Recovered()
	}
}

// failedLevel returns the level at which an export's failure is logged. A failure that
// the user can correct is not an error of the service.
func failedLevel(code export.FailureCode) slog.Level {
	switch code {
	case export.ResumeNotFound, export.InvalidResume, export.InvalidRequest, export.DocumentTooLarge:
		return slog.LevelInfo
	case export.RenderTimeout, export.RenderCrashed:
		return slog.LevelWarn
	default:
		return slog.LevelError
	}
}
