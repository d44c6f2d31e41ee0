package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// newBundle returns the bundle of a dossier.
func newBundle(d export.Dossier) *bundle {
	r := d.Request
	b := &bundle{Program: "letraz-export " + version(), At: time.Now().UTC(), History: historyOf(d), Export: bundleExport{
		ID: r.ID, UserID: r.UserID, ResumeID: r.ResumeID, TraceID: r.TraceID(), Status: r.Status, Format: r.Format, Template: r.Template, Paper: r.Paper,
		Lane: r.Lane, Attempt: r.Attempt, MaxAttempts: r.MaxAttempts, Timeouts: r.Timeouts, NextAttemptAt: r.NextAttemptAt.UTC(), Published: r.DispatchGen,
		LeaseUntil: unlessZero(r.Lease.Until), Announced: d.Announced, Told: d.Told, HasFile: d.HasFile, Size: r.Artifact.Size, Pages: r.Artifact.Pages,
		Notes: d.Notes, Downloads: r.DownloadCount,
	}}
	if r.Status == export.Queued {
		b.Export.DispatchDueAt = unlessZero(d.DispatchDueAt)
	}
	if r.Failure != nil {
		b.Export.Failure, b.Export.FailureText = string(r.Failure.Code), r.Failure.Message
	}
	return b
}

// historyOf returns the times of the row, in order.
func historyOf(d export.Dossier) []bundleEvent {
	r := d.Request
	var all []bundleEvent
	add := func(at time.Time, what string) {
		if !at.IsZero() {
			all = append(all, bundleEvent{at.UTC(), what})
		}
	}
	add(r.CreatedAt, "accepted")
	add(d.DispatchedAt, fmt.Sprintf("last published, as message %d", r.DispatchGen))
	add(r.StartedAt, "first claimed")
	add(r.StatusAt, "status set to "+string(r.Status))
	add(r.FinishedAt, "finished")
	add(r.DownloadedAt, "first downloaded")
	add(r.ExpiresAt, "expires")
	add(d.SweepUntil, "end of a sweeper's mark")
	slices.SortStableFunc(all, func(a, b bundleEvent) int { return a.At.Compare(b.At) })
	return all
}

func queueOf(s export.QueueState) bundleQueue {
	sum := s.Total()
	return bundleQueue{Waiting: sum.Waiting, Oldest: sum.Oldest.Seconds(), Rendering: sum.Rendering, Lag: map[string]float64{
		"publish": s.Lag.Publish.Seconds(), "rescue": s.Lag.Rescue.Seconds(), "announce": s.Lag.Announce.Seconds(), "sweep": s.Lag.Sweep.Seconds()}}
}

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// print writes the bundle for people.
func (b *bundle) print(to io.Writer) error {
	w := bufio.NewWriter(to)
	x := b.Export
	line := func(name string, value any) { fmt.Fprintf(w, "  %-16s %v\n", name, value) }
	fmt.Fprintf(w, "export %s, as %s saw it at %s\n", x.ID, b.Program, b.At.Format(time.RFC3339))
	line("status", x.Status)
	if x.Failure != "" {
		line("failure", x.Failure+": "+x.FailureText)
	}
	line("attempts", fmt.Sprintf("%d of %d, %d of them at the browser's deadline", x.Attempt, x.MaxAttempts, x.Timeouts))
	line("of", fmt.Sprintf("user %s, resume %s", x.UserID, x.ResumeID))
	line("asked for", fmt.Sprintf("%s, template %s, paper %s, lane %s", x.Format, x.Template, x.Paper, x.Lane))
	line("trace", orNone(x.TraceID))
	if x.LeaseUntil != nil {
		line("lease until", x.LeaseUntil.Format(time.RFC3339Nano))
	}
	if x.DispatchDueAt != nil {
		line("next attempt", x.NextAttemptAt.Format(time.RFC3339Nano))
		line("publish due", x.DispatchDueAt.Format(time.RFC3339Nano))
	}
	line("announced", orNone(string(x.Announced)))
	line("file", fmt.Sprintf("%t, %d bytes, %d pages, %d notes, %d downloads", x.HasFile, x.Size, x.Pages, x.Notes, x.Downloads))
	fmt.Fprintln(w, "history")
	for _, h := range b.History {
		fmt.Fprintf(w, "  %s  %s\n", h.At.Format("2006-01-02T15:04:05.000000Z07:00"), h.What)
	}
	fmt.Fprintf(w, "messages in the streams: %d\n", len(b.Messages))
	for _, m := range b.Messages {
		fmt.Fprintf(w, "  %s  %s %s (sequence %d)\n", m.At.Format("2006-01-02T15:04:05.000000Z07:00"), m.Stream, m.Subject, m.Sequence)
	}
	fmt.Fprintf(w, "queue: %d waiting, the oldest for %.1f s; %d rendering\n", b.Queue.Waiting, b.Queue.Oldest, b.Queue.Rendering)
	for _, name := range slices.Sorted(maps.Keys(b.Queue.Lag)) {
		line(name+" lag", fmt.Sprintf("%.1f s", b.Queue.Lag[name]))
	}
	for _, c := range b.Queue.Consumers {
		line(c.Name, fmt.Sprintf("%d pending, %d outstanding, %d redelivered", c.Pending, c.Outstanding, c.Redelivered))
	}
	if len(b.Log) > 0 {
		fmt.Fprintf(w, "log: %d lines\n%s\n", len(b.Log), strings.Join(b.Log, "\n"))
	}
	for _, p := range b.Problems {
		fmt.Fprintf(w, "not known: %s\n", p)
	}
	return w.Flush()
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
