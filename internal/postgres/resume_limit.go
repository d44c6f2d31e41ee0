package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/letrazapp/letraz-export/internal/resume"
)

const (
	// maxLoaded bounds the bytes of all rows of a resume. JSON takes up to twice the
	// bytes of its text; what is within it is checked by resume.CheckSize.
	maxLoaded = 2*resume.MaxText + resume.MaxImage
	// maxMessage bounds one message of the server, and therefore a row's memory: pgx closes
	// a connection that receives a larger one. The largest row contains the portrait.
	maxMessage = maxLoaded
)

// loadLimit counts the bytes and rows read of one resume and stops the reading beyond the
// limits.
type loadLimit struct {
	bytes, rows int
	stop        context.CancelFunc
}

// take counts a row.
func (l *loadLimit) take(row pgx.CollectableRow) error {
	for _, value := range row.RawValues() {
		l.bytes += len(value)
	}
	l.rows++
	switch {
	case l.bytes > maxLoaded:
		l.stop()
		return &resume.TooLargeError{What: "bytes", Limit: maxLoaded}
	case l.rows > resume.MaxEntries+resume.MaxSections:
		l.stop()
		return &resume.TooLargeError{What: "entries", Limit: resume.MaxEntries}
	}
	return nil
}

// within reads rows as read does, up to the limit.
func within[T any](limit *loadLimit, read pgx.RowToFunc[T]) pgx.RowToFunc[T] {
	return func(row pgx.CollectableRow) (T, error) {
		if err := limit.take(row); err != nil {
			var none T
			return none, err
		}
		return read(row)
	}
}

// tooLargeToLoad returns the limit that ended the reading of a resume, or nil.
func tooLargeToLoad(err error) *resume.TooLargeError {
	if tooLarge, ok := errors.AsType[*resume.TooLargeError](err); ok {
		return tooLarge
	}
	if _, ok := errors.AsType[*pgproto3.ExceededMaxBodyLenErr](err); ok {
		return &resume.TooLargeError{What: "bytes", Limit: maxMessage}
	}
	return nil
}
