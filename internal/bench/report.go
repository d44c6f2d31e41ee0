package bench

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// PipelineReport is the result of bench. The ratios are what counts; absolute numbers depend
// on the machine. Rates are per second, times in milliseconds.
type PipelineReport struct {
	Browser   string `json:"browser"`
	Sample    string `json:"sample"`
	Slots     int    `json:"slots"`
	Documents int    `json:"documents"`
	Rounds    int    `json:"rounds"`
	Bytes     int    `json:"bytes"` // of one printed document

	LimitPerS    float64   `json:"limit_per_s"`    // the same HTML straight through the warm slots
	PipelinePerS float64   `json:"pipeline_per_s"` // POST to ready through everything, saturated
	Ratio        float64   `json:"pipeline_to_limit"`
	Latency      Quantiles `json:"saturated_ms"` // POST to ready in those rounds

	Ways map[string]WayReport `json:"other_ways"` // newtab and process, if requested

	Bare        Quantiles `json:"bare_ms"`   // one print at a time
	Single      Quantiles `json:"single_ms"` // one export at a time, POST to ready
	SingleRatio float64   `json:"single_to_bare"`

	AgainPerS  float64 `json:"again_per_s"`  // POST to ready of an unchanged resume, which Chrome does not print again
	AcceptPerS float64 `json:"accept_per_s"` // POST, acknowledged and durable, no worker running

	CPU      Usage `json:"cpu_ms_per_export"` // by process; Go is API, worker, dispatcher, NATS and the clients
	AgainCPU Usage `json:"again_cpu_ms"`      // the same per export of the unchanged resume
	Memory   Usage `json:"memory_mb"`         // by process, after the pipeline rounds
}

// Print writes a table for people.
func (r *PipelineReport) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s, %d slots, sample %s: %d bytes; %d rounds of %d documents\n\n", r.Browser, r.Slots, r.Sample, r.Bytes, r.Rounds, r.Documents)
	fmt.Fprintf(t, "limit\t%.1f/s\tthe same HTML straight through the warm slots\n", r.LimitPerS)
	fmt.Fprintf(t, "pipeline\t%.1f/s\tPOST to ready: API, Postgres, JetStream, Chrome, files\n", r.PipelinePerS)
	fmt.Fprintf(t, "pipeline / limit\t%.2f\t\n", r.Ratio)
	for _, name := range slices.Sorted(maps.Keys(r.Ways)) {
		w := r.Ways[name]
		fmt.Fprintf(t, "%s\t%.1f/s\t%.2f of the limit; %s\n", name, w.PerS, w.Ratio, wayTexts[name])
		fmt.Fprintf(t, "one %s print\t%s\t\n", name, w.One)
	}
	fmt.Fprintf(t, "one bare print\t%s\t\n", r.Bare)
	fmt.Fprintf(t, "one export\t%s\tPOST to ready, nothing else going on\n", r.Single)
	fmt.Fprintf(t, "export / print\t%.2f\tof the medians\n", r.SingleRatio)
	fmt.Fprintf(t, "saturated export\t%s\tPOST to ready in the pipeline rounds\n", r.Latency)
	fmt.Fprintf(t, "unchanged resume\t%.0f/s\tPOST to ready; its file is copied, not printed\n", r.AgainPerS)
	fmt.Fprintf(t, "accept\t%.0f/s\tPOST, acknowledged and durable, no worker running\n", r.AcceptPerS)
	for _, name := range r.CPU.names() {
		fmt.Fprintf(t, "CPU %s\t%.2f ms\tper export in the pipeline rounds\n", name, r.CPU[name])
	}
	for _, name := range r.AgainCPU.names() {
		fmt.Fprintf(t, "CPU %s\t%.2f ms\tper export of the unchanged resume\n", name, r.AgainCPU[name])
	}
	for _, name := range r.Memory.names() {
		fmt.Fprintf(t, "memory %s\t%.0f MB\t\n", name, r.Memory[name])
	}
	return t.Flush()
}

var wayTexts = map[string]string{
	NewTab:  "a new tab for each document, closed afterwards",
	Process: "a browser for each document",
}

// Quantiles of a set of times, in milliseconds.
type Quantiles struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

// String lists them.
func (q Quantiles) String() string {
	return fmt.Sprintf("p50 %.1f ms, p95 %.1f ms, p99 %.1f ms", q.P50, q.P95, q.P99)
}

// samplesMS are times in milliseconds.
type samplesMS []float64

func (s *samplesMS) add(times ...time.Duration) {
	for _, t := range times {
		*s = append(*s, t.Seconds()*1000)
	}
}

func (s samplesMS) quantiles() Quantiles {
	slices.Sort(s)
	at := func(q float64) float64 { return s[min(int(q*float64(len(s))), len(s)-1)] }
	return Quantiles{P50: at(.50), P95: at(.95), P99: at(.99)}
}

func median(values []float64) float64 { return samplesMS(slices.Clone(values)).quantiles().P50 }

func perSecond(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }
