package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"
)

type benchSoakCmd struct {
	Exports     int  `help:"Exports in all; each is printed and downloaded." default:"20000"`
	Every       int  `help:"Exports in each line of the table." default:"1000"`
	Clients     int  `help:"HTTP clients that ask, wait and download, over and over." default:"8"`
	JSON        bool `name:"json" help:"Print JSON instead of a table."`
	Slots       int  `help:"Browser slots, all of them warm from the start; 0: the most that serve would use." default:"0"`
	chromeFlags `embed:""`
}

// Validate is called by kong.
func (b *benchSoakCmd) Validate() error {
	switch {
	case b.Every < 1 || b.Exports < b.Every || b.Exports > 100_000_000:
		return errors.New("--every must be at least 1 and --exports at least that")
	case b.Clients < 1 || b.Clients > 1000:
		return errors.New("--clients must be between 1 and 1000")
	case b.Slots < 0 || b.Slots > 256:
		return errors.New("--slots must be between 0 and 256")
	}
	return nil
}

// soakReport is what a long run of a serve process looked like from outside.
type soakReport struct {
	Lines    []soakLine `json:"lines"`
	LastRate float64    `json:"last_to_first"`    // rate of the last full line to that of the first
	Memory   float64    `json:"memory_end_to_1k"` // Go and Chrome, at the end to after the first line
	Recycled int        `json:"recycled"`         // browsers replaced
	Warnings []string   `json:"warnings"`         // lines of the log that should not be there
	Left     []string   `json:"left"`             // what stayed behind: processes, files
}

// soakLine is a part of the run.
type soakLine struct {
	Exports   int       `json:"exports"` // since the start
	PerS      float64   `json:"per_s"`
	MS        quantiles `json:"ms"` // POST to the end of the download
	Memory    usage     `json:"memory_mb"`
	Processes int       `json:"processes"`
	Files     int       `json:"open_files"` // of the Go process
}

// Run makes the whole run; what should not be there is an error.
func (b *benchSoakCmd) Run(e *env) error {
	if b.Slots == 0 {
		_, b.Slots = workFlags{}.slotRange(os.DirFS("/"))
	}
	s, err := startSoaked(e.ctx, b)
	if err != nil {
		return err
	}
	report := &soakReport{}
	err = errors.Join(b.soak(e, s, report), s.stop(b.Exports, report))
	if err != nil {
		return err
	}
	if err := show(e, b.JSON, report); err != nil {
		return err
	}
	if len(report.Warnings)+len(report.Left) > 0 {
		return fmt.Errorf("%d warnings were logged and %d things stayed behind", len(report.Warnings), len(report.Left))
	}
	return nil
}

// soak keeps the clients busy and measures each part of the run.
func (b *benchSoakCmd) soak(e *env, s *soaked, report *soakReport) error {
	var asked atomic.Int64
	took := make(chan time.Duration, b.Clients)
	group, ctx := errgroup.WithContext(e.ctx)
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
		line := soakLine{Exports: done, PerS: perSecond(len(part), time.Since(start)), MS: part.quantiles(),
			Memory: memoryUsage(s.pid()), Processes: len(tree(s.pid())), Files: openFiles(s.pid())}
		report.Lines = append(report.Lines, line)
		e.log.Info("soak", "exports", done, "per_s", int(line.PerS), "p99_ms", int(line.MS.P99))
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
	a, err := s.client.create(ctx, createRequest{ResumeID: resumeID})
	if err != nil {
		return err
	}
	if a, err = s.client.wait(ctx, a); err != nil {
		return err
	}
	if a.Status != "ready" {
		return fmt.Errorf("export %s of resume %s is %s: %s", a.ID, resumeID, a.Status, a.reason())
	}
	_, err = s.client.download(ctx, a)
	return err
}

func (r *soakReport) print(w io.Writer) error {
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
