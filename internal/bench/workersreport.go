package bench

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// WorkersReport compares numbers of workers.
type WorkersReport struct {
	Slots     int           `json:"slots"`
	Documents int           `json:"documents"`
	Rounds    int           `json:"rounds"`
	Rate      float64       `json:"rate,omitempty"` // exports requested each second; 0: all at once
	Lines     []WorkersLine `json:"workers"`
}

// WorkersLine is what one number of workers did. Processor times are sums over all processes:
// chrome, postgres, the workers, and service, which is the API, the dispatcher, NATS and the
// clients.
type WorkersLine struct {
	Workers int          `json:"workers"`
	PerS    float64      `json:"per_s"` // median
	CPU     Usage        `json:"cpu_ms_per_export"`
	Total   float64      `json:"cpu_ms_per_export_total"` // median of the rounds
	Ratio   float64      `json:"cpu_to_first"`            // median of Ratios
	Ratios  []float64    `json:"cpu_to_first_by_round"`   // to the first line in the same round
	Servers ServerCounts `json:"per_export"`
	Memory  Usage        `json:"memory_mb"` // at the end of the last round

	IdleCPU     Usage        `json:"idle_cpu_ms_per_s,omitempty"` // while nothing was requested
	IdleServers ServerCounts `json:"idle_per_s"`

	totals, rates []float64 // by round
}

// keptUp is the part of the requested rate from which on the workers kept up with it.
const keptUp = 0.9

// finish computes the results from what the rounds added.
func (r *WorkersReport) finish(idle time.Duration) {
	first := r.Lines[0].totals
	for i := range r.Lines {
		l := &r.Lines[i]
		l.PerS, l.Total = median(l.rates), median(l.totals)
		for round, total := range l.totals {
			l.Ratios = append(l.Ratios, total/first[round])
		}
		l.Ratio = middle(l.Ratios)
		l.CPU = l.CPU.perDocument(r.Rounds * r.Documents)
		l.Servers = l.Servers.per(float64(r.Rounds * r.Documents))
		if seconds := idle.Seconds() * float64(r.Rounds); seconds > 0 {
			l.IdleServers = l.IdleServers.per(seconds)
			for name := range l.IdleCPU {
				l.IdleCPU[name] /= seconds
			}
		}
	}
}

// middle is the median, with the mean of the two values in the middle of an even number.
func middle(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// sum is the amount of all processes.
func (u Usage) sum() float64 {
	sum := 0.0
	for amount := range maps.Values(u) {
		sum += amount
	}
	return sum
}

// Print writes tables for people.
func (r *WorkersReport) Print(w io.Writer) error {
	load := "all requested at once"
	if r.Rate > 0 {
		load = fmt.Sprintf("%g requested each second", r.Rate)
	}
	fmt.Fprintf(w, "%d rounds of %d documents each, %s; workers of %d slots\n\n", r.Rounds, r.Documents, load, r.Slots)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "workers\tper second\tCPU per export\tto the first\tlowest\thighest\tchrome\tworkers\tservice\tpostgres\tmemory\n")
	for _, l := range r.Lines {
		fmt.Fprintf(t, "%d\t%.1f\t%.1f ms\t%.3f\t%.3f\t%.3f\t%.1f\t%.1f\t%.1f\t%.1f\t%.0f MB\n", l.Workers, l.PerS, l.Total, l.Ratio,
			slices.Min(l.Ratios), slices.Max(l.Ratios), l.CPU["chrome"], l.CPU["workers"], l.CPU["service"], l.CPU["postgres"], l.Memory.sum())
	}
	fmt.Fprint(t, "\nper export\twriting transactions\tdatabase log\tNATS messages\tNATS bytes\tdatabase connections\tNATS connections\n")
	for _, l := range r.Lines {
		s := l.Servers
		fmt.Fprintf(t, "%d\t%.1f\t%.0f B\t%.1f\t%.0f B\t%d\t%d\n", l.Workers, s.Transactions, s.LogBytes, s.Messages, s.MessageBytes, s.DatabaseConns, s.NATSConns)
	}
	if len(r.Lines[0].IdleCPU) > 0 {
		fmt.Fprint(t, "\nidle, per second\tCPU\tchrome\tworkers\tservice\tpostgres\tNATS messages\n")
		for _, l := range r.Lines {
			fmt.Fprintf(t, "%d\t%.1f ms\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\n", l.Workers, l.IdleCPU.sum(), l.IdleCPU["chrome"], l.IdleCPU["workers"],
				l.IdleCPU["service"], l.IdleCPU["postgres"], l.IdleServers.Messages)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, l := range r.Lines {
		if l.PerS < keptUp*r.Rate {
			fmt.Fprintf(w, "\n%d workers did not keep up with %g per second: their numbers are those of a saturated machine. Choose a lower --rate.\n", l.Workers, r.Rate)
		}
	}
	return nil
}
