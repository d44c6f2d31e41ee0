package export

import "testing"

func TestRequest_MessageLane(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		r    Request
		want Lane
	}{
		{Request{Lane: Interactive}, Interactive},
		{Request{Lane: "bulk"}, "bulk"},
		{Request{Lane: Interactive, Attempt: 1}, Retries},
		{Request{Lane: "bulk", Attempt: 3}, Retries},
	} {
		if got := tc.r.MessageLane(); got != tc.want {
			t.Errorf("%s after %d attempts: %s, want %s", tc.r.Lane, tc.r.Attempt, got, tc.want)
		}
	}
	if Retries.Valid() || !Interactive.Valid() || Lane("").Valid() {
		t.Error("a request may have the lanes listed, and no other")
	}
}

func TestRequest_MayRetry(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		r    Request
		code FailureCode
		want bool
	}{
		{"an attempt is left", Request{Attempt: 1, MaxAttempts: 3}, Internal, true},
		{"none is left", Request{Attempt: 3, MaxAttempts: 3}, Internal, false},
		{"no attempt can help", Request{Attempt: 1, MaxAttempts: 3}, InvalidResume, false},
		{"the first timeout", Request{Attempt: 2, MaxAttempts: 5}, RenderTimeout, true},
		{"the second timeout", Request{Attempt: 2, MaxAttempts: 5, Timeouts: 1}, RenderTimeout, false},
		{"something else after a timeout", Request{Attempt: 2, MaxAttempts: 5, Timeouts: 1}, StorageUnavailable, true},
	} {
		if got := tc.r.MayRetry(tc.code); got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}
