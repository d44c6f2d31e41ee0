package export

// Status is the status of a request.
type Status string

// The statuses. Queued and Rendering are on the way; Ready, Failed and Canceled
// are results, and each of them expires.
const (
	Queued    Status = "queued"
	Rendering Status = "rendering"
	Ready     Status = "ready"
	Failed    Status = "failed"
	Canceled  Status = "canceled"
	Expired   Status = "expired"
)

// Statuses lists every status, in the order a request can reach them.
func Statuses() []Status {
	return []Status{Queued, Rendering, Ready, Failed, Canceled, Expired}
}

// transitions says which status may follow which. The store's guarded
// statements allow exactly these; nothing leaves Expired.
func transitions(from Status) []Status {
	switch from {
	case Queued:
		return []Status{Rendering, Canceled, Expired}
	case Rendering:
		// Back to Queued when a lease is lost, a worker hands the work back, or
		// the attempt failed and may be repeated.
		return []Status{Queued, Ready, Failed, Canceled, Expired}
	case Failed:
		return []Status{Queued, Expired} // Queued when a caller retries it
	case Ready:
		return []Status{Failed, Expired} // Failed when its file is found damaged
	case Canceled:
		return []Status{Expired}
	default:
		return nil
	}
}

// CanBecome reports whether a request in status s may go to status next.
func (s Status) CanBecome(next Status) bool {
	for _, t := range transitions(s) {
		if t == next {
			return true
		}
	}
	return false
}

// Final reports whether the status is final. A caller may still retry a failed request.
func (s Status) Final() bool { return s != Queued && s != Rendering }

// Valid reports whether s is a known status.
func (s Status) Valid() bool {
	switch s {
	case Queued, Rendering, Ready, Failed, Canceled, Expired:
		return true
	}
	return false
}
