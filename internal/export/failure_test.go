package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestFailureCode_Message(t *testing.T) {
	t.Parallel()
	internals := regexp.MustCompile(`(?i)chrome|browser|postgres|database|nats|sql|\blease|worker|panic|nil|%|_|/`)
	seen := map[string]FailureCode{}
	for _, code := range FailureCodes() {
		m := code.Message()
		if !strings.HasSuffix(m, ".") || len(m) < 30 || internals.MatchString(m) {
			t.Errorf("%s says %q", code, m)
		}
		if other, ok := seen[m]; ok {
			t.Errorf("%s and %s say the same", code, other)
		}
		seen[m] = code
		if !regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`).MatchString(string(code)) {
			t.Errorf("the code %q is not in snake case", code)
		}
	}
}

func TestTooManyPages(t *testing.T) {
	t.Parallel()
	got := FailureOf(fmt.Errorf("rendering: %w", TooManyPages(50)))
	want := Failure{Code: DocumentTooLarge, Message: "This resume has more than 50 pages, which is too long to be exported. Shorten it and export it again."}
	if got != want {
		t.Errorf("got %+v", got)
	}
}

func TestFailureCode_Permanent(t *testing.T) {
	t.Parallel()
	permanent := map[FailureCode]bool{
		ResumeNotFound: true, InvalidResume: true, InvalidRequest: true, DocumentTooLarge: true, RenderCrashed: true, FileDamaged: true, AttemptsExhausted: true,
		RenderTimeout: false, RenderUnavailable: false, StorageUnavailable: false, Internal: false,
	}
	if len(permanent) != len(FailureCodes()) {
		t.Fatalf("there are the codes %v", FailureCodes())
	}
	for _, code := range FailureCodes() {
		if got, ok := permanent[code]; !ok || code.Permanent() != got {
			t.Errorf("%s: permanent is %t", code, code.Permanent())
		}
	}
}

func TestFailureOf(t *testing.T) {
	t.Parallel()
	typed := Fail(RenderTimeout, "printing: %w", context.DeadlineExceeded)
	for _, tc := range []struct {
		name string
		err  error
		want FailureCode
	}{
		{"with a code", typed, RenderTimeout},
		{"wrapped", fmt.Errorf("attempt 2: %w", fmt.Errorf("rendering: %w", typed)), RenderTimeout},
		{"joined", errors.Join(io.EOF, typed), RenderTimeout},
		{"within another", Fail(StorageUnavailable, "storing: %w", typed), StorageUnavailable},
		{"the reason before what came of it", fmt.Errorf("%w (%w)", typed, Fail(StorageUnavailable, "storing")), RenderTimeout},
		{"without a code", io.ErrUnexpectedEOF, Internal},
		{"a secret in the text", errors.New("password=hunter2"), Internal},
	} {
		got := FailureOf(tc.err)
		if got != (Failure{Code: tc.want, Message: tc.want.Message()}) {
			t.Errorf("%s: %+v", tc.name, got)
		}
	}
}

func TestFail_KeepsCause(t *testing.T) {
	t.Parallel()
	err := Fail(StorageUnavailable, "storing the file of export %s: %w", "E", io.ErrShortWrite)
	if !errors.Is(err, io.ErrShortWrite) {
		t.Error("the cause is lost")
	}
	if got, want := err.Error(), "storage_unavailable: storing the file of export E: short write"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	whole := []time.Duration{time.Second, 4 * time.Second, 16 * time.Second, 64 * time.Second, 256 * time.Second, 5 * time.Minute}
	for attempt := 1; attempt <= 100; attempt++ {
		want := whole[min(attempt, len(whole))-1]
		if got := Backoff(attempt, 0); got != want/2 {
			t.Errorf("attempt %d without jitter: %s, want %s", attempt, got, want/2)
		}
		last := time.Duration(0)
		for _, jitter := range []float64{0, 0.25, 0.5, 0.75, 0.999999} {
			got := Backoff(attempt, jitter)
			if got <= last || got < want/2 || got >= want {
				t.Errorf("attempt %d with jitter %g: %s, want %s to %s, more than %s", attempt, jitter, got, want/2, want, last)
			}
			last = got
		}
		// Whatever the jitter, the next rest is not shorter.
		if attempt < len(whole)-1 && Backoff(attempt+1, 0) <= last {
			t.Errorf("attempt %d may rest %s, the next only %s", attempt, last, Backoff(attempt+1, 0))
		}
	}
	for _, attempt := range []int{0, -1} {
		if got := Backoff(attempt, 0); got != time.Second/2 {
			t.Errorf("attempt %d: %s", attempt, got)
		}
	}
}
