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
)

// outcome is the result of a run.
type outcome struct {
	seed        uint64
	took        time.Duration
	drain       time.Duration
	facts       facts
	ledger      *ledger
	counts      map[string]int // faults by kind
	points      map[string]int // how often each crash point was reached
	won         int            // duels in which two workers held the same request
	takeovers   []string       // requests whose worker was killed
	poisonLoads []span
	unkept      []string // requests whose message was acknowledged too early
	violations  []violation
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
	for _, r := range o.facts.rows {
		statuses[r.status]++
		attempts += r.attempt
		if r.status == string(export.Failed) {
			failures[r.failure]++
		}
	}
	fmt.Fprintf(out, "\nexports\n  %-28s %6d\n", "accepted", len(o.ledger.exports))
	for _, s := range export.Statuses() {
		fmt.Fprintf(out, "  %-28s %6d\n", s, statuses[string(s)])
	}
	for _, code := range slices.Sorted(maps.Keys(failures)) {
		fmt.Fprintf(out, "    failed with %-16s %5d\n", code, failures[code])
	}
	full, kept := 0, 0
	for _, t := range o.ledger.exports {
		full += len(t.full)
	}
	for _, r := range o.facts.rows {
		if _, ok := o.facts.told[r.id]; !ok {
			kept++
		}
	}
	line := func(what string, n int) { fmt.Fprintf(out, "  %-28s %6d\n", what, n) }
	line("attempts", attempts)
	line("requests without an answer", o.ledger.unknown)
	line("rows nobody was told of", kept)
	line("same key, same export", o.ledger.repeated)
	line("full downloads", full)
	line("refused when gone", o.ledger.gone)
	kinds := o.kinds()
	line("lost", kinds["lost"])
	line("duplicated", kinds["duplicated"]+kinds["unfenced"])
	line("served after its end", kinds["served"])
	line("files without a row", len(o.facts.orphans()))
	fmt.Fprintf(out, "  %-28s %6.1f s\n", "drained after", o.drain.Seconds())
}

// slowest writes the history of the exports that ended last.
func (o outcome) slowest(out io.Writer) {
	ends := map[string]time.Time{}
	for id, steps := range o.facts.history {
		for _, s := range steps {
			if export.Status(s.new).Final() && s.new != string(export.Expired) {
				ends[id] = s.at
			}
		}
	}
	ids := slices.SortedFunc(maps.Keys(ends), func(a, b string) int { return ends[b].Compare(ends[a]) })
	fmt.Fprintf(out, "\nthe last to come to an end\n")
	for _, id := range ids[:min(3, len(ids))] {
		fmt.Fprintf(out, "  %s\n", id)
		for _, s := range o.facts.history[id] {
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
		fmt.Fprintf(out, "\n%s %s: %s\n", strings.ToUpper(v.kind), v.id, v.text)
		if v.id == "" {
			continue
		}
		if r, ok := o.facts.rows[v.id]; ok {
			fmt.Fprintf(out, "  row: %+v\n", r)
		}
		for _, s := range o.facts.history[v.id] {
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
		kinds[v.kind]++
	}
	return kinds
}

// verdict returns the last line of the output.
func (o outcome) verdict() string {
	if len(o.violations) == 0 {
		return fmt.Sprintf("chaos: PASS seed=%d: %d exports accepted, none lost, none doubled, in %s", o.seed, len(o.ledger.exports), o.took.Round(time.Second))
	}
	kinds := o.kinds()
	names := slices.SortedFunc(maps.Keys(kinds), func(a, b string) int { return cmp.Or(kinds[b]-kinds[a], cmp.Compare(a, b)) })
	for i, name := range names {
		names[i] = fmt.Sprintf("%d %s", kinds[name], name)
	}
	return fmt.Sprintf("chaos: FAIL seed=%d: %s", o.seed, strings.Join(names, ", "))
}
