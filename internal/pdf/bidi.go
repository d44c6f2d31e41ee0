package pdf

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// direction is how a part of a line runs.
type direction uint8

const (
	neutral   direction = iota // as what is around it
	leftward                   // Arabic, Hebrew
	rightward                  // letters of all other scripts
	number                     // digits: from the left in any text
)

// unit is a part of a line that is in the order of reading within itself.
type unit struct {
	clusters []Cluster
	runs     direction
}

// turned is a piece of text that holds some written from right to left, in the
// order of reading. Lines are drawn from the left whatever they hold, so this
// undoes what the Unicode Bidirectional Algorithm (UAX 9) did to them, where it
// can be undone: a number beside Latin words may have stood before or after them.
func turned(part []Cluster, known func(text string) bool) []Cluster {
	left, right, arabic, signs := 0, 0, false, false
	for _, c := range part {
		signs = signs || c.Right
		for _, r := range c.Text {
			switch {
			case unicode.In(r, unicode.Arabic, unicode.Hebrew):
				left++
				arabic = arabic || unicode.Is(unicode.Arabic, r)
			case unicode.IsLetter(r):
				right++
			}
		}
	}
	likely := left >= right || left == 0 && signs
	out := turnedLines(part, arabic, likely)
	if known == nil || known(textOf(out)) {
		return out
	}
	if other := turnedLines(part, arabic, !likely); known(textOf(other)) {
		return other
	}
	return out
}

// turnedLines is turned for lines that run from the right, or the left, as a whole.
func turnedLines(part []Cluster, arabic, fromRight bool) []Cluster {
	out := make([]Cluster, 0, len(part))
	for len(part) > 0 {
		end := 1 // of the line
		for end < len(part) && SameLine(part[end-1], part[end]) {
			end++
		}
		units := unitsOf(part[:end], arabic)
		part = part[end:]
		// What runs the other way within the line is turned around as a whole.
		for _, u := range turnedRuns(units, fromRight) {
			out = append(out, u.clusters...)
		}
	}
	return out
}

func textOf(part []Cluster) string {
	var b strings.Builder
	for _, c := range part {
		b.WriteString(c.Text)
	}
	return b.String()
}

// turnedRuns puts units, which stand as they are seen from the left, into the
// order of reading of a line that runs as a whole from the right, or the left.
func turnedRuns(units []unit, fromRight bool) []unit {
	out := slices.Clone(units)
	if fromRight {
		slices.Reverse(out)
	}
	for i := 0; i < len(out); {
		var end int
		if fromRight {
			end = rightwardRun(out, i)
		} else {
			end = leftwardRun(out, i)
		}
		slices.Reverse(out[i:end])
		i = end
	}
	return out
}

// rightwardRun is the end of the run from the left that begins at i in a list
// seen from the right: words with what is between them, and numbers after a word.
func rightwardRun(list []unit, i int) int {
	end := i + 1
	if list[i].runs == neutral || list[i].runs == leftward {
		return end
	}
	for j := i + 1; j < len(list); j++ {
		switch list[j].runs {
		case leftward:
			return end
		case rightward:
			end = j + 1
		case number:
			if list[j-1].runs != neutral {
				end = j + 1
			}
		}
	}
	return end
}

// leftwardRun is the end of the run from the right that begins at i: words with
// what is between them, numbers among it.
func leftwardRun(list []unit, i int) int {
	end := i + 1
	if list[i].runs != leftward && list[i].runs != number {
		return end
	}
	some := list[i].runs == leftward
	for j := i + 1; j < len(list) && list[j].runs != rightward; j++ {
		if list[j].runs != neutral {
			end = j + 1
			some = some || list[j].runs == leftward
		}
	}
	if !some {
		return i + 1
	}
	return end
}

// unitsOf takes a line apart.
func unitsOf(line []Cluster, arabic bool) []unit {
	var units []unit
	for i := 0; i < len(line); {
		end := i + 1
		u := unit{runs: runs(line[i])}
		switch {
		case line[i].word > 0: // turned around already
			u.runs = leftward
			for end < len(line) && line[end].word == line[i].word {
				end++
			}
		case drawnTogether(line[i:]) > 1 && u.runs != leftward:
			// From the left, with all signs in it: else it would have been turned around.
			end = i + drawnTogether(line[i:])
			u.runs = runsTogether(line[i:end])
		case u.runs == rightward:
			for end < len(line) && line[end].word == 0 && runs(line[end]) == rightward {
				end++
			}
		case u.runs == number:
			for end < len(line) && line[end].word == 0 && (runs(line[end]) == number ||
				end+1 < len(line) && runs(line[end+1]) == number && joins(line[end].Text, arabic)) {
				end++
			}
			if end < len(line) && line[end].word == 0 && terminates(line[end].Text) {
				end++
			}
		case !arabic && terminates(line[i].Text) && end < len(line) && line[end].word == 0 && runs(line[end]) == number:
			u.runs = number
			for end < len(line) && line[end].word == 0 && runs(line[end]) == number {
				end++
			}
		}
		u.clusters = line[i:end]
		units = append(units, u)
		i = end
	}
	return units
}

// drawnTogether is how many clusters at the beginning of a line were drawn in one go.
func drawnTogether(line []Cluster) int {
	n := 1
	for n < len(line) && line[n].run == line[0].run && line[n].word == 0 {
		n++
	}
	return n
}

// runsTogether is how clusters run that were drawn in one go from the left.
func runsTogether(part []Cluster) direction {
	all := neutral
	for _, c := range part {
		switch runs(c) {
		case rightward:
			return rightward
		case number:
			all = number
		}
	}
	if all == neutral {
		return rightward
	}
	return all
}

// joins reports signs that stand within a number; after Arabic letters a hyphen
// does not.
func joins(sign string, arabic bool) bool {
	switch sign {
	case ".", ",", ":", "/", "\u00a0":
		return true
	case "-", "+":
		return !arabic
	}
	return false
}

// terminates reports signs that belong to the number they touch.
func terminates(sign string) bool {
	switch sign {
	case "%", "‰", "°", "#":
		return true
	}
	r, _ := utf8.DecodeRuneInString(sign)
	return unicode.Is(unicode.Sc, r)
}

// runs is how a cluster runs by itself.
func runs(c Cluster) direction {
	for _, r := range c.Text {
		switch {
		case unicode.In(r, unicode.Arabic, unicode.Hebrew) && !unicode.IsDigit(r):
			return leftward
		case unicode.IsDigit(r):
			return number
		case unicode.IsLetter(r):
			return rightward
		}
	}
	return neutral
}
