package terminal

import (
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"
)

// Maximum widths of cells in columns of the terminal. The last cell of a row moves no other.
const (
	maxCell     = 60
	maxLastCell = 110
)

// Table prints rows in columns. Widths are those of a terminal, where an East Asian character
// takes two columns and a combining mark none. Cells are escaped as Line does, and cut if they
// are wider than 60 columns, the last one of a row at 110.
type Table struct {
	rows   [][]string
	widths []int
}

// NewTable returns a table with a head.
func NewTable(head ...string) *Table {
	t := &Table{}
	t.Row(head...)
	return t
}

// Row appends a row.
func (t *Table) Row(cells ...string) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		limit := maxCell
		if i == len(cells)-1 {
			limit = maxLastCell
		}
		row[i] = Cut(cell, limit)
		if i == len(t.widths) {
			t.widths = append(t.widths, 0)
		}
		t.widths[i] = max(t.widths[i], runewidth.StringWidth(row[i]))
	}
	t.rows = append(t.rows, row)
}

// Print writes the table, with two blanks between columns.
func (t *Table) Print(w io.Writer) error {
	var text strings.Builder
	for _, row := range t.rows {
		for i, cell := range row {
			if i == len(row)-1 {
				text.WriteString(cell)
				break
			}
			text.WriteString(runewidth.FillRight(cell, t.widths[i]+2))
		}
		text.WriteByte('\n')
	}
	if _, err := io.WriteString(w, text.String()); err != nil {
		return fmt.Errorf("printing the table: %w", err)
	}
	return nil
}

// Cut returns text as Line does, in at most so many columns of the terminal. An ellipsis stands
// for what is cut.
func Cut(text string, columns int) string {
	return runewidth.Truncate(Line(text), columns, "…")
}

// Fill returns text as Cut does, in exactly so many columns.
func Fill(text string, columns int) string {
	return runewidth.FillRight(Cut(text, columns), columns)
}
