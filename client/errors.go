package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/client/openapi"
)

// Problem is an error that the API answered with (RFC 9457).
type Problem struct {
	// ErrorModel has the members of the problem document. Type identifies the kind of problem,
	// Errors lists the fields that are wrong.
	openapi.ErrorModel
	// StatusCode is the status of the answer.
	StatusCode int
	// RequestID is the X-Request-Id of the answer, which the logs of the API have, too.
	RequestID string
	// RetryAfter is when the API asks to come again; 0 if it does not say.
	RetryAfter time.Duration
}

// Error returns the detail of the problem, the fields that are wrong, and the request id.
func (p *Problem) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the API answers %d", p.StatusCode)
	if text := p.Detail; text != "" {
		b.WriteString(": " + text)
	} else if text := http.StatusText(p.StatusCode); text != "" {
		b.WriteString(" " + text)
	}
	for _, e := range p.Errors {
		fmt.Fprintf(&b, "; %s: %s", e.Location, e.Message)
	}
	if p.RequestID != "" {
		b.WriteString(" (request " + p.RequestID + ")")
	}
	return b.String()
}

// ExportError says that an export has ended without a file: Status is failed, canceled or expired.
type ExportError struct{ Export Export }

// Error returns the reason, which is written for users.
func (e *ExportError) Error() string {
	if f := e.Export.Failure; f != nil {
		return fmt.Sprintf("export %s %s: %s (%s)", e.Export.ID, e.Export.Status, f.Message, f.Code)
	}
	return fmt.Sprintf("export %s is %s", e.Export.ID, e.Export.Status)
}

// Code returns the code of the failure, such as document_too_large, or "" if the export was
// canceled or has expired.
func (e *ExportError) Code() openapi.FailureCode {
	if e.Export.Failure == nil {
		return ""
	}
	return e.Export.Failure.Code
}

// PendingError says that an export was accepted and its file has not been downloaded. Unless Err
// says that the export is gone, the API goes on with it, and [Client.Wait] and
// [Client.DownloadTo] can continue.
type PendingError struct {
	Export Export
	Err    error
}

// Error returns the id and the last known status of the export, and the reason.
func (e *PendingError) Error() string {
	return fmt.Sprintf("export %s was %s: %v", e.Export.ID, e.Export.Status, e.Err)
}

// Unwrap returns the reason.
func (e *PendingError) Unwrap() error { return e.Err }

// DamagedError says that a downloaded file is not the one that was exported.
type DamagedError struct {
	ID     string // of the export
	Reason string
}

// Error says what differs.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("the download of export %s is damaged: %s", e.ID, e.Reason)
}

// ConnectionError says that no answer came, or only a part of one.
type ConnectionError struct{ Err error }

// Error returns what the network said.
func (e *ConnectionError) Error() string { return "no whole answer from the API: " + e.Err.Error() }

// Unwrap returns what the network said.
func (e *ConnectionError) Unwrap() error { return e.Err }

// longestAnswer limits what is read of an answer that is not a file: a resume may have 13 MiB.
const longestAnswer = 64 << 20

// Decode reads the answer of a call of [Client.API]. An answer that is not 2xx becomes a
// [*Problem]. It closes the body.
//
//	list, err := client.Decode[openapi.ListOutputBody](c.API.ListExports(ctx, nil))
func Decode[T any](res *http.Response, err error) (T, error) {
	var v T
	if err != nil {
		return v, err
	}
	defer func() { _ = res.Body.Close() }() // it was only read
	if res.StatusCode/100 != 2 {
		return v, problemOf(res)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, longestAnswer))
	if err != nil {
		return v, &ConnectionError{err}
	}
	if len(data) == 0 && res.StatusCode == http.StatusNoContent {
		return v, nil
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return v, fmt.Errorf("reading the answer of the API: %w", err)
	}
	return v, nil
}

// problemOf reads an answer that is an error. Answers of proxies are no problem documents.
func problemOf(res *http.Response) *Problem {
	p := &Problem{StatusCode: res.StatusCode, RequestID: res.Header.Get("X-Request-Id"), RetryAfter: retryAfter(res.Header)}
	data, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")) // "" if it is none
	if err == nil && (kind == "application/problem+json" || kind == "application/json") && json.Unmarshal(data, &p.ErrorModel) != nil {
		p.ErrorModel = openapi.ErrorModel{}
	}
	return p
}

// retryAfter returns the wait that a Retry-After asks for, in seconds or as a date, or 0.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if n, err := strconv.Atoi(text); err == nil {
		return max(0, time.Duration(min(n, 1<<20))*time.Second)
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

// temporary reports whether the same request may succeed later.
func temporary(err error) bool {
	var p *Problem
	if errors.As(err, &p) {
		switch p.StatusCode {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	var c *ConnectionError
	return errors.As(err, &c)
}
