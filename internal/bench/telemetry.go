package bench

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
)

// Telemetry measures what metrics and traces cost.
type Telemetry struct {
	Documents int // in each round
	Rounds    int // of each service, alternating
	Clients   int // HTTP clients that ask for exports
	// Sent returns the bytes of spans that the measured service has sent.
	Sent func() int64
	// Collect reads the metrics of the measured service and waits until its spans are sent.
	// It is called once in each of its rounds, which take less time than passes between two
	// scrapes of Prometheus.
	Collect func(context.Context) error
}

// TelemetryReport compares a service with metrics and traces with one that has neither. Times
// are sums over all processes, including the clients and the collector.
type TelemetryReport struct {
	Slots     int     `json:"slots"`
	Documents int     `json:"documents"`
	Rounds    int     `json:"rounds"`
	Off       Usage   `json:"cpu_ms_per_export_off"`
	On        Usage   `json:"cpu_ms_per_export_on"`
	Go        float64 `json:"go_on_to_off"`    // ratio of the processor time of Go, median over the rounds
	Total     float64 `json:"total_on_to_off"` // the same of all processes
	Spans     float64 `json:"span_bytes_per_export"`
}

// Print writes a table for people.
func (r *TelemetryReport) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%d rounds of %d documents each, %d slots, %.0f bytes of spans per export\n\n", r.Rounds, r.Documents, r.Slots, r.Spans)
	fmt.Fprint(t, "CPU per export\toff\ton\n")
	for _, name := range r.Off.names() {
		fmt.Fprintf(t, "%s\t%.2f ms\t%.2f ms\n", name, r.Off[name], r.On[name])
	}
	fmt.Fprintf(t, "\non / off\t%.3f of Go\t%.3f of all\n", r.Go, r.Total)
	return t.Flush()
}

// Measure makes the whole measurement, of a service without and one with metrics and traces.
func (b *Telemetry) Measure(ctx context.Context, off, on *Service) (*TelemetryReport, error) {
	report := &TelemetryReport{Slots: off.Slots, Documents: b.Documents, Rounds: b.Rounds, Off: Usage{}, On: Usage{}}
	for _, s := range []*Service{off, on} { // to warm up
		if _, err := s.export(ctx, max(min(50, b.Documents), s.Slots), b.Clients); err != nil {
			return nil, err
		}
	}
	if err := b.Collect(ctx); err != nil {
		return nil, err
	}
	before := b.Sent()
	var ofGo, ofAll []float64
	for range b.Rounds {
		plain, err := b.round(ctx, off, nil)
		if err != nil {
			return nil, fmt.Errorf("without metrics and traces: %w", err)
		}
		measured, err := b.round(ctx, on, b.Collect)
		if err != nil {
			return nil, fmt.Errorf("with metrics and traces: %w", err)
		}
		report.Off.add(plain)
		report.On.add(measured)
		ofGo, ofAll = append(ofGo, measured["go"]/plain["go"]), append(ofAll, measured.sum()/plain.sum())
	}
	report.Off, report.On = report.Off.perDocument(b.Rounds*b.Documents), report.On.perDocument(b.Rounds*b.Documents)
	report.Go, report.Total = median(ofGo), median(ofAll)
	report.Spans = float64(b.Sent()-before) / float64(b.Rounds*b.Documents)
	return report, nil
}

// round returns what a round of documents costs, with what is done at its end.
func (b *Telemetry) round(ctx context.Context, s *Service, end func(context.Context) error) (Usage, error) {
	before := cpuTimes()
	_, err := s.export(ctx, b.Documents, b.Clients)
	if err == nil && end != nil {
		err = end(ctx)
	}
	return cpuTimes().since(before), err
}
