package export

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// FailureCode is the reason of a failure. The list is part of the API.
type FailureCode string

// The failure codes.
const (
	ResumeNotFound     FailureCode = "resume_not_found"
	InvalidResume      FailureCode = "invalid_resume"
	InvalidRequest     FailureCode = "invalid_request"
	DocumentTooLarge   FailureCode = "document_too_large"
	RenderTimeout      FailureCode = "render_timeout"
	RenderCrashed      FailureCode = "render_crashed"
	RenderUnavailable  FailureCode = "render_unavailable"
	StorageUnavailable FailureCode = "storage_unavailable"
	FileDamaged        FailureCode = "file_damaged" // of an export that was ready
	Internal           FailureCode = "internal"
	AttemptsExhausted  FailureCode = "attempts_exhausted"
)

// FailureCodes lists every code.
func FailureCodes() []FailureCode {
	return []FailureCode{ResumeNotFound, InvalidResume, InvalidRequest, DocumentTooLarge, RenderTimeout, RenderCrashed,
		RenderUnavailable, StorageUnavailable, FileDamaged, Internal, AttemptsExhausted}
}

// Permanent reports whether another attempt cannot help, because the reason is in the resume
// or the request. A crash is such a reason, because two browsers have crashed. So is a damaged
// file, because it is found after the last attempt; a new one is made when a caller retries
// the export.
func (c FailureCode) Permanent() bool {
	switch c {
	case ResumeNotFound, InvalidResume, InvalidRequest, DocumentTooLarge, RenderCrashed, FileDamaged, AttemptsExhausted:
		return true
	}
	return false
}

// Message returns a sentence for the user: what happened and what to do. It contains no
// internals.
func (c FailureCode) Message() string {
	switch c {
	case ResumeNotFound:
		return "This resume no longer exists, so there is nothing to export."
	case InvalidResume:
		return "Part of this resume is stored in a form that cannot be read. Open it in the editor, save it, and export it again."
	case InvalidRequest:
		return "This export was asked for in a way that is no longer supported. Please export the resume again."
	case DocumentTooLarge:
		return "This resume is too long to be exported. Shorten it and export it again."
	case RenderTimeout:
		return "Laying out this resume took too long. If it happens again, shorten the longest texts."
	case RenderCrashed:
		return "This resume could not be laid out. Remove unusual characters or very long texts and export it again."
	case RenderUnavailable:
		return "The export service could not lay out documents for a moment. Please try again."
	case StorageUnavailable:
		return "The finished file could not be stored. Please try again."
	case FileDamaged:
		return "The stored file of this export was damaged and is not served any more. Please try again to have it made anew."
	case AttemptsExhausted:
		return "This resume could not be exported after several attempts. Please try again later."
	default:
		return "Something went wrong on our side. Please try again."
	}
}

// Failure is the reason of a failure in the row.
type Failure struct {
	Code    FailureCode
	Message string // for people: Error.Message, or FailureCode.Message
}

// Error is a failed attempt: the code for the row, the cause for the log.
type Error struct {
	Code  FailureCode
	Cause error
	// Message is the sentence for the user. If it is empty, it is that of the code.
	Message string
}

// Fail returns an Error with the code and a cause. The format says what was being done.
func Fail(code FailureCode, format string, args ...any) *Error {
	return &Error{Code: code, Cause: fmt.Errorf(format, args...)}
}

// TooManyPages returns a DocumentTooLarge whose message has the limit.
func TooManyPages(limit int) *Error {
	e := Fail(DocumentTooLarge, "the document has more than %d pages", limit)
	e.Message = fmt.Sprintf("This resume has more than %d pages, which is too long to be exported. Shorten it and export it again.", limit)
	return e
}

// Error returns the text for the log; users see Failure.Message.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Code, e.Cause) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// FailureOf returns the Failure for the error of an attempt. An error without a code is
// Internal: its text is only logged.
func FailureOf(err error) Failure {
	var typed *Error
	if !errors.As(err, &typed) {
		typed = &Error{Code: Internal}
	}
	return Failure{Code: typed.Code, Message: cmp.Or(typed.Message, typed.Code.Message())}
}

// Backoff returns the time until the next attempt after the attempt-th one (from 1) failed: 1
// s, 4 s, 16 s, … up to 5 minutes. jitter (0 ≤ jitter < 1) chooses a time in the upper half of
// it, so that many failures with the same cause are not retried at the same time.
func Backoff(attempt int, jitter float64) time.Duration {
	const longest = 5 * time.Minute
	d := time.Second
	for i := 1; i < attempt && d < longest; i++ {
		d *= 4
	}
	d = min(d, longest)
	return d/2 + time.Duration(jitter*float64(d/2))
}
