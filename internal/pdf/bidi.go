package pdf

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// direction is the writing direction of a part of a line.
type direction uint8

const (
	neutral     direction = iota // takes the direction of its surroundings
	rightToLeft                  // Arabic, Hebrew
	leftToRight                  // letters of all other scripts
	number                       // digits: left to right in any text
)

// unit is a part of a line whose clusters are in reading order.
type unit struct {
	clusters  []Cluster
	direction direction
}

// logicalOrder puts text with right-to-left parts from visual into logical order. It
// reverses the Unicode Bidirectional Algorithm (UAX 9). That is not always possible: a
// number beside Latin words may have come before or after them. If known rejects the
// result for the more likely direction of the lines and accepts that for the other
// direction, the latter is returned. known may be nil.
func logicalOrder(part []Cluster, known func(text string) bool) []Cluster {
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
	out := reorderLines(part, arabic, likely)
	if known == nil || known(textOf(out)) {
		return out
	}
	if other := reorderLines(part, arabic, !likely); known(textOf(other)) {
		return other
	}
	return out
}

// reorderLines is logicalOrder for lines whose base direction is known.
func reorderLines(part []Cluster, arabic, fromRight bool) []Cluster {
	out := make([]Cluster, 0, len(part))
	for len(part) > 0 {
		end := 1 // of the line
		for end < len(part) && SameLine(part[end-1], part[end]) {
			end++
		}
		units := unitsOf(part[:end], arabic)
		part = part[end:]
		for _, u := range reorderRuns(units, fromRight) {
			out = append(out, u.clusters...)
		}
	}
	return out
}

// textOf returns the text of the clusters.
func textOf(part []Cluster) string {
	var b strings.Builder
	for _, c := range part {
		b.WriteString(c.Text)
	}
	return b.String()
}

// reorderRuns puts the units of a line, given in visual order from left to right, into
// logical order. fromRight is the base direction of the line. Runs in the other
// direction are reversed.
func reorderRuns(units []unit, fromRight bool) []unit {
	out := slices.Clone(units)
	if fromRight {
		slices.Reverse(out)
	}
	for i := 0; i < len(out); {
		var end int
		if fromRight {
			end = leftToRightRun(out, i)
		} else {
			end = rightToLeftRun(out, i)
		}
		slices.Reverse(out[i:end])
		i = end
	}
	return out
}

// leftToRightRun returns the end of the left-to-right run that begins at i in a list
// ordered from right to left. A run consists of words with the neutral units between
// them, and the numbers after a word.
func leftToRightRun(list []unit, i int) int {
	end := i + 1
	if list[i].direction == neutral || list[i].direction == rightToLeft {
		return end
	}
	for j := i + 1; j < len(list); j++ {
		switch list[j].direction {
		case rightToLeft:
			return end
		case leftToRight:
			end = j + 1
		case number:
			if list[j-1].direction != neutral {
				end = j + 1
			}
		}
	}
	return end
}

// rightToLeftRun returns the end of the right-to-left run that begins at i. A run
// consists of words with the neutral units and numbers between them.
func rightToLeftRun(list []unit, i int) int {
	end := i + 1
	if list[i].direction != rightToLeft && list[i].direction != number {
		return end
	}
	some := list[i].direction == rightToLeft
	for j := i + 1; j < len(list) && list[j].direction != leftToRight; j++ {
		if list[j].direction != neutral {
			end = j + 1
			some = some || list[j].direction == rightToLeft
		}
	}
	if !some {
		return i + 1
	}
	return end
}

// unitsOf splits a line into units.
func unitsOf(line []Cluster, arabic bool) []unit {
	var units []unit
	for i := 0; i < len(line); {
		end := i + 1
		u := unit{direction: directionOf(line[i])}
		switch {
		case line[i].word > 0: // in reading order already
			u.direction = rightToLeft
			for end < len(line) && line[end].word == line[i].word {
				end++
			}
		case groupLength(line[i:]) > 1 && u.direction != rightToLeft:
			// Left to right, including its neutral signs: Chrome draws right-to-left
			// text separately.
			end = i + groupLength(line[i:])
			u.direction = groupDirection(line[i:end])
		case u.direction == leftToRight:
			for end < len(line) && line[end].word == 0 && directionOf(line[end]) == leftToRight {
				end++
			}
		case u.direction == number:
			for end < len(line) && line[end].word == 0 && (directionOf(line[end]) == number ||
				end+1 < len(line) && directionOf(line[end+1]) == number && joins(line[end].Text, arabic)) {
				end++
			}
			if end < len(line) && line[end].word == 0 && terminates(line[end].Text) {
				end++
			}
		case !arabic && terminates(line[i].Text) && end < len(line) && line[end].word == 0 && directionOf(line[end]) == number:
			u.direction = number
			for end < len(line) && line[end].word == 0 && directionOf(line[end]) == number {
				end++
			}
		}
		u.clusters = line[i:end]
		units = append(units, u)
		i = end
	}
	return units
}

// groupLength returns how many clusters at the start of a line were drawn as one text
// run.
func groupLength(line []Cluster) int {
	n := 1
	for n < len(line) && line[n].run == line[0].run && line[n].word == 0 {
		n++
	}
	return n
}

// groupDirection returns the direction of clusters that were drawn as one text run.
func groupDirection(part []Cluster) direction {
	all := neutral
	for _, c := range part {
		switch directionOf(c) {
		case leftToRight:
			return leftToRight
		case number:
			all = number
		}
	}
	if all == neutral {
		return leftToRight
	}
	return all
}

// joins reports whether a sign can be part of a number. After Arabic letters a hyphen
// or plus sign cannot.
func joins(sign string, arabic bool) bool {
	switch sign {
	case ".", ",", ":", "/", "\u00a0":
		return true
	case "-", "+":
		return !arabic
	}
	return false
}

// terminates reports whether a sign belongs to the number next to it.
func terminates(sign string) bool {
	switch sign {
	case "%", "‰", "°", "#":
		return true
	}
	r, _ := utf8.DecodeRuneInString(sign)
	return unicode.Is(unicode.Sc, r)
}

// directionOf returns the direction of a cluster by itself.
func directionOf(c Cluster) direction {
	for _, r := range c.Text {
		switch {
		case unicode.In(r, unicode.Arabic, unicode.Hebrew) && !unicode.IsDigit(r):
			return rightToLeft
		case unicode.IsDigit(r):
			return number
		case unicode.IsLetter(r):
			return leftToRight
		}
	}
	return neutral
}
