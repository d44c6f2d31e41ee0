package telemetry

import (
	"slices"
	"strconv"

	"github.com/letrazapp/letraz-export/internal/export"
)

// other is the value of a label for everything that is not in its list.
const other = "other"

// oneOf returns the value, or other if it is not in the list.
func oneOf[T ~string](value T, known []T) string {
	if slices.Contains(known, value) {
		return string(value)
	}
	return other
}

// codeLabel returns the label of a failure code; none has the empty label.
func codeLabel(c export.FailureCode) string {
	if c == "" {
		return ""
	}
	return oneOf(c, export.FailureCodes())
}

func laneLabel(l export.Lane) string { return oneOf(l, export.Lanes()) }

func formatLabel(f export.Format) string {
	for _, known := range export.FormatTable() {
		if known.Name == f {
			return string(f)
		}
	}
	return other
}

// statusLabel returns the label of an HTTP status: cut if the connection ended before there
// was one.
func statusLabel(status int) string {
	switch {
	case status == 0:
		return "cut"
	case status < 100 || status > 599:
		return other
	}
	return strconv.Itoa(status)
}

// resultLabel returns ok or failed.
func resultLabel(err error) string {
	if err != nil {
		return "failed"
	}
	return "ok"
}
