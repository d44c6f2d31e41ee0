package bench

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/letrazapp/letraz-export/internal/client"
)

// Clients measures what clients get that want a file: from the request to the bytes in hand.
type Clients struct {
	Counts    []int // clients at the same time
	Documents int   // in each round
	Rounds    int   // of each way, alternating; medians are reported
}

// The ways in which clients wait.
const (
	waits = "waits" // Prefer: wait
	polls = "polls" // asks every 15 ms
	obeys = "obeys" // asks after Retry-After
)

// pollEvery is the interval of a client that polls.
const pollEvery = 15 * time.Millisecond

// ClientsReport says what clients get, by their number and the way in which they wait.
type ClientsReport struct {
	Slots     int             `json:"slots"`
	Documents int             `json:"documents"`
	Rounds    int             `json:"rounds"`
	LimitPerS float64         `json:"limit_per_s"` // the same HTML straight through the warm slots
	Bare      Quantiles       `json:"bare_ms"`     // one print at a time
	Clients   []ClientsResult `json:"clients"`
}

// ClientsResult is the result of one number of clients and one way.
type ClientsResult struct {
	Clients int       `json:"clients"`
	Way     string    `json:"way"`
	PerS    float64   `json:"per_s"`
	ToLimit float64   `json:"to_limit"` // to bare Chrome beside it
	Bytes   Quantiles `json:"bytes_ms"` // request to bytes
	ToBare  float64   `json:"to_bare"`  // of the medians
}

// Print writes a table for people.
func (r *ClientsReport) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%d slots, %d rounds of %d documents; limit %.1f/s, one bare print %s\n\n", r.Slots, r.Rounds, r.Documents, r.LimitPerS, r.Bare)
	fmt.Fprintln(t, "CLIENTS\tWAY\tPER S\tTO LIMIT\tREQUEST TO BYTES\tTO PRINT")
	for _, c := range r.Clients {
		fmt.Fprintf(t, "%d\t%s\t%.1f\t%.2f\t%s\t%.2f\n", c.Clients, c.Way, c.PerS, c.ToLimit, c.Bytes, c.ToBare)
	}
	return t.Flush()
}

// Measure makes the whole measurement.
func (b *Clients) Measure(ctx context.Context, s *Service) (*ClientsReport, error) {
	// To warm up: connections, prepared statements, the browsers' caches.
	if _, err := s.export(ctx, max(50, s.Slots), 8); err != nil {
		return nil, err
	}
	report := &ClientsReport{Slots: s.Slots, Documents: b.Documents, Rounds: b.Rounds}
	var bare samplesMS
	var limits []float64
	for _, n := range b.Counts {
		results := map[string]*clientsRounds{waits: {}, polls: {}, obeys: {}}
		for range b.Rounds {
			took, err := s.limit(ctx, b.Documents)
			if err != nil {
				return nil, err
			}
			limit := perSecond(b.Documents, took)
			limits = append(limits, limit)
			for range 20 {
				start := time.Now()
				if _, err := s.Engine.Print(ctx, s.Resume.Document); err != nil {
					return nil, fmt.Errorf("printing: %w", err)
				}
				bare.add(time.Since(start))
			}
			for way, r := range results {
				documents := b.Documents
				if way == obeys { // waits a second for each
					documents = min(documents, 5*n)
				}
				if err := r.round(ctx, s, way, n, documents, limit); err != nil {
					return nil, err
				}
			}
		}
		for _, way := range []string{waits, polls, obeys} {
			report.Clients = append(report.Clients, results[way].result(n, way))
		}
	}
	report.LimitPerS, report.Bare = median(limits), bare.quantiles()
	for i := range report.Clients {
		report.Clients[i].ToBare = report.Clients[i].Bytes.P50 / report.Bare.P50
	}
	return report, nil
}

// clientsRounds are the rounds of one way.
type clientsRounds struct {
	perS, toLimit []float64
	times         samplesMS
}

func (r *clientsRounds) result(n int, way string) ClientsResult {
	return ClientsResult{Clients: n, Way: way, PerS: median(r.perS), ToLimit: median(r.toLimit), Bytes: r.times.quantiles()}
}

func (r *clientsRounds) round(ctx context.Context, s *Service, way string, clients, documents int, limit float64) error {
	stop := startWorker(ctx, s.Worker)
	defer stop()
	times := make(chan time.Duration, documents)
	start := time.Now()
	err := spread(ctx, documents, clients, func(ctx context.Context) error {
		began := time.Now()
		err := s.fetch(ctx, way)
		times <- time.Since(began)
		return err
	})
	if err != nil {
		return err
	}
	rate := perSecond(documents, time.Since(start))
	r.perS, r.toLimit = append(r.perS, rate), append(r.toLimit, rate/limit)
	close(times)
	for took := range times {
		r.times.add(took)
	}
	s.Watch.forget()
	return nil
}

// fetch exports the resume and downloads the file as a client would.
func (s *Service) fetch(ctx context.Context, way string) error {
	ask := client.CreateRequest{ResumeID: s.Resume.ID}
	pause := pollEvery
	switch way {
	case waits:
		ask.Wait = 30 * time.Second
	case obeys:
		pause = time.Second // the least that Retry-After can say
	}
	a, err := s.Client.Create(ctx, ask)
	for err == nil && (a.Status == "queued" || a.Status == "rendering") {
		if way != waits {
			time.Sleep(pause)
		}
		a, err = s.Client.Get(ctx, a.ID)
	}
	if err != nil {
		return err
	}
	if a.Status != "ready" {
		return fmt.Errorf("export %s is %s; the log says why", a.ID, a.Status)
	}
	_, err = s.Client.Download(ctx, a)
	return err
}
