package embedded

import (
	"fmt"
	"log/slog"
)

// natsLog passes the server's log to slog. The server's own logger would end the process on a
// fatal message; natsLog keeps the first one for StartNATS.
type natsLog struct {
	logger *slog.Logger
	fatal  chan string
}

func newNATSLog(logger *slog.Logger) *natsLog {
	return &natsLog{logger: logger, fatal: make(chan string, 1)}
}

// failure returns the first fatal message, once.
func (l *natsLog) failure() (string, bool) {
	select {
	case reason := <-l.fatal:
		return reason, true
	default:
		return "", false
	}
}

// Noticef logs at debug, since notices only concern the server's start and stop.
func (l *natsLog) Noticef(format string, v ...any) {
	l.logger.Debug("embedded NATS server", "detail", fmt.Sprintf(format, v...))
}

// Warnf logs a warning.
func (l *natsLog) Warnf(format string, v ...any) {
	l.logger.Warn("embedded NATS server", "detail", fmt.Sprintf(format, v...))
}

// Errorf logs an error.
func (l *natsLog) Errorf(format string, v ...any) {
	l.logger.Error("embedded NATS server", "detail", fmt.Sprintf(format, v...))
}

// Fatalf keeps the first message for failure and logs any later one.
func (l *natsLog) Fatalf(format string, v ...any) {
	reason := fmt.Sprintf(format, v...)
	select {
	case l.fatal <- reason:
	default:
		l.logger.Error("embedded NATS server", "detail", reason)
	}
}

// Debugf ignores the message; the server is started without its debug log.
func (l *natsLog) Debugf(string, ...any) {}

// Tracef ignores the message: a trace would contain the contents of messages.
func (l *natsLog) Tracef(string, ...any) {}
