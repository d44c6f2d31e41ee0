package export

import (
	"slices"
	"testing"
)

// The whole table, so that a new status or way has to be thought through here.
func TestStatus_CanBecome(t *testing.T) {
	t.Parallel()
	allowed := map[Status][]Status{
		Queued:    {Rendering, Canceled, Expired},
		Rendering: {Queued, Ready, Failed, Canceled, Expired},
		Ready:     {Failed, Expired},
		Failed:    {Queued, Expired},
		Canceled:  {Expired},
		Expired:   nil,
	}
	if len(allowed) != len(Statuses()) {
		t.Fatalf("there are the statuses %v", Statuses())
	}
	for _, from := range append(Statuses(), "", "paused") {
		for _, to := range append(Statuses(), "", "paused") {
			if got, want := from.CanBecome(to), slices.Contains(allowed[from], to); got != want {
				t.Errorf("%q to %q: %t, want %t", from, to, got, want)
			}
		}
	}
}

func TestStatus_Final(t *testing.T) {
	t.Parallel()
	for _, s := range Statuses() {
		if got, want := s.Final(), !s.CanBecome(Rendering) && !s.CanBecome(Ready); got != want {
			t.Errorf("%s: final is %t, want %t", s, got, want)
		}
	}
}

func TestValid(t *testing.T) {
	t.Parallel()
	for _, s := range Statuses() {
		if !s.Valid() {
			t.Errorf("the status %s is not valid", s)
		}
	}
	for _, f := range Formats() {
		if !f.Valid() {
			t.Errorf("the format %s is not valid", f)
		}
	}
	for _, p := range Papers() {
		if !p.Valid() {
			t.Errorf("the paper %s is not valid", p)
		}
	}
	if Status("").Valid() || Status("READY").Valid() || Format("").Valid() || Format("PDF").Valid() || Paper("").Valid() || Paper("A4").Valid() {
		t.Error("nothing, or another spelling, is valid")
	}
}
