package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/client"
)

// Streams compares exports that are followed, each by a stream of events, with ones that nobody
// follows.
type Streams struct {
	Streams int // exports in each round, and streams
	Rounds  int // of each, alternating; medians are reported
	Clients int // HTTP clients that request the exports
	// Follow starts a process that opens a stream for each export.
	Follow func(ctx context.Context, ids []string) (Followers, error)
}

// Followers are clients in another process, so that their memory is not counted.
type Followers interface {
	// Finish waits until every stream has ended, and returns what they received.
	Finish() (Followed, error)
}

// Followed is what the streams of a round received.
type Followed struct {
	Ready  int `json:"ready"`  // streams whose last event was the final status
	Events int `json:"events"` // of all
}

// StreamsReport is the result of Streams.
type StreamsReport struct {
	Slots   int `json:"slots"`
	Streams int `json:"streams"`
	Rounds  int `json:"rounds"`

	AlonePerS    float64 `json:"alone_per_s"`    // exports that nobody follows
	FollowedPerS float64 `json:"followed_per_s"` // exports with a stream each
	Ratio        float64 `json:"followed_to_alone"`
	Lost         int     `json:"lost"`        // streams that did not get the final status
	Events       int     `json:"events"`      // of all rounds
	HeapMB       float64 `json:"heap_mb"`     // growth of heap and stacks while all streams are open
	ResidentMB   float64 `json:"resident_mb"` // growth of the memory of the process
}

// Print writes a table for people.
func (r *StreamsReport) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%d slots, %d rounds of %d exports\n\n", r.Slots, r.Rounds, r.Streams)
	fmt.Fprintf(t, "alone\t%.1f/s\tnobody follows the exports\n", r.AlonePerS)
	fmt.Fprintf(t, "followed\t%.1f/s\ta stream of events for each\n", r.FollowedPerS)
	fmt.Fprintf(t, "followed / alone\t%.3f\tmedian of the rounds\n", r.Ratio)
	fmt.Fprintf(t, "lost\t%d\tstreams without the final status; %d events came\n", r.Lost, r.Events)
	fmt.Fprintf(t, "memory\t%.1f MB\theap and stacks, for all open streams; %.1f MB of the process\n", r.HeapMB, r.ResidentMB)
	return t.Flush()
}

// Measure makes the whole measurement.
func (b *Streams) Measure(ctx context.Context, s *Service) (*StreamsReport, error) {
	if _, err := s.export(ctx, max(50, s.Slots), b.Clients); err != nil {
		return nil, err
	}
	report := &StreamsReport{Slots: s.Slots, Streams: b.Streams, Rounds: b.Rounds}
	var alone, followed, ratios []float64
	for range b.Rounds {
		without, err := b.round(ctx, s, nil)
		if err != nil {
			return nil, err
		}
		with, err := b.round(ctx, s, report)
		if err != nil {
			return nil, err
		}
		alone, followed, ratios = append(alone, without), append(followed, with), append(ratios, with/without)
	}
	report.AlonePerS, report.FollowedPerS, report.Ratio = median(alone), median(followed), median(ratios)
	return report, nil
}

// round queues the exports, opens a stream for each if there is a report, and returns the rate
// at which they are then exported.
func (b *Streams) round(ctx context.Context, s *Service, report *StreamsReport) (perS float64, err error) {
	ids := make(chan string, b.Streams)
	err = spread(ctx, b.Streams, b.Clients, func(ctx context.Context) error {
		a, err := s.Client.Create(ctx, client.CreateRequest{ResumeID: s.Resume.ID})
		ids <- a.ID
		return err
	})
	if err != nil {
		return 0, err
	}
	close(ids)
	var all []string
	for id := range ids {
		all = append(all, id)
	}
	var followers Followers
	if report != nil {
		heap, resident := memoryNow()
		if followers, err = b.Follow(ctx, all); err != nil {
			return 0, err
		}
		heapNow, residentNow := memoryNow()
		report.HeapMB, report.ResidentMB = max(report.HeapMB, heapNow-heap), max(report.ResidentMB, residentNow-resident)
	}
	s.Watch.forget()
	start := time.Now()
	stop := startWorker(ctx, s.Worker)
	err = s.Watch.count(ctx, b.Streams)
	took := time.Since(start)
	stop()
	if err != nil {
		return 0, err
	}
	if followers != nil {
		got, err := followers.Finish()
		if err != nil {
			return 0, err
		}
		report.Lost += b.Streams - got.Ready
		report.Events += got.Events
	}
	s.Watch.forget()
	return perSecond(b.Streams, took), nil
}

// memoryNow returns the memory in use after a garbage collection, and that of the process, in
// megabytes.
func memoryNow() (heap, resident float64) {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse+m.StackInuse) / 1e6, float64(m.Sys-m.HeapReleased) / 1e6
}

// Follow opens a stream for each export whose id is a line of in, after one with the token. When all are open it writes a
// line to out, and when all have ended what they received.
func Follow(ctx context.Context, base string, in io.Reader, out io.Writer) error {
	var token string
	var ids []string
	for lines := bufio.NewScanner(in); lines.Scan(); {
		if token == "" {
			token = lines.Text()
			continue
		}
		ids = append(ids, lines.Text())
	}
	caller := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: len(ids)}}
	results := make(chan Followed, len(ids))
	opening, opened := errgroup.WithContext(ctx)
	opening.SetLimit(16)
	for _, id := range ids {
		opening.Go(func() error {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/v1/exports/"+id+"/events", nil)
			if err != nil {
				return fmt.Errorf("opening a stream: %w", err)
			}
			req.Header.Set("Authorization", "Bearer "+token)
			res, err := caller.Do(req) //nolint:bodyclose // closed where the stream ends
			if err != nil {
				return fmt.Errorf("opening a stream: %w", err)
			}
			if res.StatusCode != http.StatusOK {
				_ = res.Body.Close() // nothing was read
				return fmt.Errorf("opening a stream: the API answers %s", res.Status)
			}
			lines := bufio.NewReaderSize(res.Body, 1<<10)
			first, err := readEvent(lines)
			if err != nil {
				_ = res.Body.Close() // what it says is in err
				return fmt.Errorf("reading the first event: %w", err)
			}
			go func() {
				defer func() { _ = res.Body.Close() }()
				results <- followOne(lines, first)
			}()
			return nil
		})
	}
	if err := opening.Wait(); err != nil {
		return fmt.Errorf("%w (%w)", err, context.Cause(opened))
	}
	fmt.Fprintln(out, "open")
	var sum Followed
	for range ids {
		one := <-results
		sum.Ready += one.Ready
		sum.Events += one.Events
	}
	return json.NewEncoder(out).Encode(sum)
}

// followOne reads a stream to its end.
func followOne(lines *bufio.Reader, status string) Followed {
	got := Followed{Events: 1}
	for {
		next, err := readEvent(lines)
		if err != nil {
			if status == "ready" {
				got.Ready = 1
			}
			return got
		}
		status = next
		got.Events++
	}
}

// readEvent returns the status in the next event.
func readEvent(lines *bufio.Reader) (status string, err error) {
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return "", err
		}
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		var a struct {
			Status string `json:"status"`
		}
		if err := json.Unmarshal([]byte(data), &a); err != nil {
			return "", fmt.Errorf("an event is no export: %w", err)
		}
		return a.Status, nil
	}
}
