package main

import (
	"cmp"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

// strictFlag turns notes into errors.
type strictFlag struct {
	Strict bool `help:"Fail when there are notes on anything that was repaired, not understood or left out. That a language was guessed or another format converted is no failure."`
}

// print prints the notes on a file. With --strict it fails if there are any.
func (f strictFlag) print(e *env, s source) error {
	if err := printNotes(e.stderr, s.name, s.notes); err != nil {
		return err
	}
	return f.check(s)
}

// check is the error for a file with notes, with --strict.
func (f strictFlag) check(s source) error {
	faults := 0
	for _, n := range s.notes {
		if n.Code.Fault() {
			faults++
		}
	}
	if !f.Strict || faults == 0 {
		return nil
	}
	return fmt.Errorf("%s: there %s, and --strict was given", s.name, countNotes(faults))
}

// printNotes prints notes in columns: where, and what was done. Below stands how to avoid
// it, once for notes in a row that have it in common.
func printNotes(w io.Writer, name string, notes []note.Note) error {
	if len(notes) == 0 {
		return nil
	}
	fmt.Fprintf(w, "%s: there %s on it:\n", terminal.Line(name), countNotes(len(notes)))
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i, n := range notes {
		fmt.Fprintf(table, "  %s\t%s\n", terminal.Line(cmp.Or(n.Path, "(the file)")), terminal.Line(n.Message))
		if n.Hint != "" && (i+1 == len(notes) || notes[i+1].Hint != n.Hint) {
			fmt.Fprintf(table, "  \t→ %s\n", terminal.Line(n.Hint))
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("printing the notes: %w", err)
	}
	return nil
}

func countNotes(n int) string {
	if n == 1 {
		return "is 1 note"
	}
	return fmt.Sprintf("are %d notes", n)
}
