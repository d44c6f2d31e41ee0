package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// outcome is the result of a run.
type outcome struct {
	seed        uint64
	took        time.Duration
	drain       time.Duration
	facts       checker.Facts
	ledger      *checker.Ledger
	counts      map[string]int // faults by kind
	points      map[string]int // how often each crash point was reached
	won         int            // duels in which two workers held the same request
	takeovers   []string       // requests whose worker was killed
	poisonLoads []checker.Span
	unkept      []string // requests whose message was acknowledged too early
	violations  []checker.Violation
	dir         string
}

// table writes the counts.
func (o outcome) table(out io.Writer) {
	fmt.Fprintf(out, "\nfaults\n")
	for _, kind := range slices.Sorted(maps.Keys(o.counts)) {
		fmt.Fprintf(out, "  %-28s %6d\n", kind, o.counts[kind])
	}
	fmt.Fprintf(out, "  %-28s %6d\n", "duels with both in hand", o.won)
	fmt.Fprintf(out, "  %-28s %6d\n", "takeovers seen", len(o.takeovers))
	fmt.Fprintf(out, "\ncrash points reached\n")
	for _, point := range crashpoint.Points() {
		fmt.Fprintf(out, "  %-28s %6d\n", point, o.points[point])
	}
	statuses, failures, attempts := map[string]int{}, map[string]int{}, 0
	for _, r := range o.facts.Rows {
		statuses[r.Status]++
		attempts += r.Attempt
		if r.Status == string(export.Failed) {
			failures[r.Failure]++
		}
	}
	fmt.Fprintf(out, "\nexports\n  %-28s %6d\n", "accepted", len(o.ledger.Exports))
	for _, s := range export.Statuses() {
		fmt.Fprintf(out, "  %-28s %6d\n", s, statuses[string(s)])
	}
	for _, code := range slices.Sorted(maps.Keys(failures)) {
		fmt.Fprintf(out, "    failed with %-16s %5d\n", code, failures[code])
	}
	full, kept := 0, 0
	for _, t := range o.ledger.Exports {
		full += len(t.Full)
	}
	for _, r := range o.facts.Rows {
		if _, ok := o.facts.Told[r.ID]; !ok {
			kept++
		}
	}
	line := func(what string, n int) { fmt.Fprintf(out, "  %-28s %6d\n", what, n) }
	line("attempts", attempts)
	line("requests without an answer", o.ledger.Unknown)
	line("rows nobody was told of", kept)
	line("same key, same export", o.ledger.Repeated)
	line("full downloads", full)
	line("refused when gone", o.ledger.Gone)
	kinds := o.kinds()
	line("lost", kinds["lost"])
	line("duplicated", kinds["duplicated"]+kinds["unfenced"])
	line("served after its end", kinds["served"])
	line("files without a row", len(o.facts.Orphans()))
	fmt.Fprintf(out, "  %-28s %6.1f s\n", "drained after", o.drain.Seconds())
}

// slowest writes the history of the exports that ended last.
func (o outcome) slowest(out io.Writer) {
	ends := map[string]time.Time{}
	for id, steps := range o.facts.History {
		for _, s := range steps {
			if export.Status(s.New).Final() && s.New != string(export.Expired) {
				ends[id] = s.At
			}
		}
	}
	ids := slices.SortedFunc(maps.Keys(ends), func(a, b string) int { return ends[b].Compare(ends[a]) })
	fmt.Fprintf(out, "\nthe last to come to an end\n")
	for _, id := range ids[:min(3, len(ids))] {
		fmt.Fprintf(out, "  %s\n", id)
		for _, s := range o.facts.History[id] {
			fmt.Fprintf(out, "    %s\n", s)
		}
	}
}

// details writes what is known of each violation.
func (o outcome) details(out io.Writer) {
	const most = 20
	for i, v := range o.violations {
		if i == most {
			fmt.Fprintf(out, "\nand %d more\n", len(o.violations)-most)
			break
		}
		fmt.Fprintf(out, "\n%s %s: %s\n", strings.ToUpper(v.Kind), v.ID, v.Text)
		if v.ID == "" {
			continue
		}
		if r, ok := o.facts.Rows[v.ID]; ok {
			fmt.Fprintf(out, "  row: %+v\n", r)
		}
		for _, s := range o.facts.History[v.ID] {
			fmt.Fprintf(out, "  %s\n", s)
		}
	}
	if len(o.violations) > 0 {
		fmt.Fprintf(out, "\nthe logs of all processes are in %s/logs; grep them for an export's id\n", o.dir)
	}
}

func (o outcome) kinds() map[string]int {
	kinds := map[string]int{}
	for _, v := range o.violations {
		kinds[v.Kind]++
	}
	return kinds
}

// violation returns a broken promise.
func violation(kind, id, text string) checker.Violation {
	return checker.Violation{Kind: kind, ID: id, Text: text}
}

// verdict returns the last line of the output.
func (o outcome) verdict() string {
	if len(o.violations) == 0 {
		return fmt.Sprintf("chaos: PASS seed=%d: %d exports accepted, none lost, none doubled, in %s", o.seed, len(o.ledger.Exports), o.took.Round(time.Second))
	}
	kinds := o.kinds()
	names := slices.SortedFunc(maps.Keys(kinds), func(a, b string) int { return cmp.Or(kinds[b]-kinds[a], cmp.Compare(a, b)) })
	for i, name := range names {
		names[i] = fmt.Sprintf("%d %s", kinds[name], name)
	}
	return fmt.Sprintf("chaos: FAIL seed=%d: %s", o.seed, strings.Join(names, ", "))
}
