package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/client"
)

// Soak exports for a long time through a process of its own, and looks for what
// grows, slows down, fails or stays behind.
type Soak struct {
	Exports int // in all; each is printed and downloaded
	Every   int // exports in each part of the report
	Clients int // HTTP clients that ask, wait and download, over and over
	Program Program
	Logger  *slog.Logger
}

// SoakReport is the result of a soak: what was observed of a serve process from outside.
type SoakReport struct {
	Lines    []SoakPart `json:"lines"`
	LastRate float64    `json:"last_to_first"`    // rate of the last full line to that of the first
	Memory   float64    `json:"memory_end_to_1k"` // Go and Chrome, at the end to after the first line
	Recycled int        `json:"recycled"`         // browsers replaced
	Warnings []string   `json:"warnings"`         // lines of the log that should not be there
	Left     []string   `json:"left"`             // what stayed behind: processes, files
}

// SoakPart is the result for a part of the run.
type SoakPart struct {
	Exports   int       `json:"exports"` // since the start
	PerS      float64   `json:"per_s"`
	MS        Quantiles `json:"ms"` // POST to the end of the download
	Memory    Usage     `json:"memory_mb"`
	Processes int       `json:"processes"`
	Files     int       `json:"open_files"` // of the Go process
}

// Measure makes the whole run.
func (b *Soak) Measure(ctx context.Context) (*SoakReport, error) {
	s, err := startSoaked(ctx, b)
	if err != nil {
		return nil, err
	}
	report := &SoakReport{}
	if err := errors.Join(b.soak(ctx, s, report), s.stop(b.Exports, report)); err != nil {
		return nil, err
	}
	return report, nil
}

// Err returns an error if something was left or failed, or a limit was exceeded.
func (r *SoakReport) Err() error {
	if len(r.Warnings)+len(r.Left) == 0 {
		return nil
	}
	return fmt.Errorf("%d warnings were logged and %d things stayed behind", len(r.Warnings), len(r.Left))
}

// soak keeps the clients busy and measures each part of the run.
func (b *Soak) soak(ctx context.Context, s *soaked, report *SoakReport) error {
	var asked atomic.Int64
	took := make(chan time.Duration, b.Clients)
	group, ctx := errgroup.WithContext(ctx)
	var clients sync.WaitGroup
	for range b.Clients {
		clients.Add(1)
		group.Go(func() error {
			defer clients.Done()
			for {
				n := int(asked.Add(1)) - 1
				if n >= b.Exports {
					return nil
				}
				start := time.Now()
				if err := s.export(ctx, s.resumes[n%len(s.resumes)]); err != nil {
					return err
				}
				took <- time.Since(start)
			}
		})
	}
	go func() {
		clients.Wait()
		close(took)
	}()
	var part samplesMS
	done, start := 0, time.Now()
	for d := range took {
		part.add(d)
		if done++; len(part) < b.Every {
			continue
		}
		line := SoakPart{Exports: done, PerS: perSecond(len(part), time.Since(start)), MS: part.quantiles(),
			Memory: memoryUsage(s.pid()), Processes: len(tree(s.pid())), Files: openFiles(s.pid())}
		report.Lines = append(report.Lines, line)
		b.Logger.Info("soak", "exports", done, "per_s", int(line.PerS), "p99_ms", int(line.MS.P99))
		part, start = nil, time.Now()
	}
	if err := group.Wait(); err != nil {
		return err
	}
	first, last := report.Lines[0], report.Lines[len(report.Lines)-1]
	report.LastRate = last.PerS / first.PerS
	report.Memory = (last.Memory["go"] + last.Memory["chrome"]) / (first.Memory["go"] + first.Memory["chrome"])
	return nil
}

// export does what a user does: ask, wait, download.
func (s *soaked) export(ctx context.Context, resumeID string) error {
	a, err := s.client.Create(ctx, client.CreateRequest{ResumeID: resumeID})
	if err != nil {
		return err
	}
	if a, err = s.client.Wait(ctx, a); err != nil {
		return err
	}
	if a.Status != "ready" {
		return fmt.Errorf("export %s of resume %s is %s: %s", a.ID, resumeID, a.Status, a.Reason())
	}
	_, err = s.client.Download(ctx, a)
	return err
}

// Print writes a table for people.
func (r *SoakReport) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "exports\tper s\tp50 ms\tp99 ms\tGo MB\tChrome MB\tPostgres MB\tprocesses\topen files")
	for _, l := range r.Lines {
		fmt.Fprintf(t, "%d\t%.1f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%d\t%d\n", l.Exports, l.PerS, l.MS.P50, l.MS.P99,
			l.Memory["go"], l.Memory["chrome"], l.Memory["postgres"], l.Processes, l.Files)
	}
	fmt.Fprintf(t, "\nlast / first\t%.2f\tof the rates\n", r.LastRate)
	fmt.Fprintf(t, "memory\t%.2f\tGo and Chrome, at the end to after the first %d\n", r.Memory, r.Lines[0].Exports)
	fmt.Fprintf(t, "browsers replaced\t%d\t\n", r.Recycled)
	fmt.Fprintf(t, "left behind\t%d\t\n", len(r.Left))
	if err := t.Flush(); err != nil {
		return err
	}
	for _, line := range append(r.Warnings, r.Left...) {
		fmt.Fprintln(w, line)
	}
	return nil
}
