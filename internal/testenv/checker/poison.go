package checker

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"
)

// Poison is a defect of a resume. Exports of such resumes must not delay those of others.
type Poison string

// The kinds of poison. A healthy resume has the empty one.
const (
	Unreadable Poison = "unreadable" // its row cannot be read: invalid_resume
	TooLarge   Poison = "too large"  // 200,000 items: document_too_large, before printing
	Slow       Poison = "slow"       // letters of many scripts in short runs, near the limit of what is printed
)

// letters is the length of a slow document's text.
const letters = 7_500

// seldom returns how many times less often such a user requests an export than others.
func (k Poison) seldom() float64 {
	switch k {
	case "":
		return 1
	case Slow:
		return 20
	default:
		return 4
	}
}

// text returns the profile text of an edition of the resume. Each edition differs, so that it
// is printed and not copied.
func (p *Person) text(edition int) string {
	text := fmt.Sprintf("%s edition %d of this page.", p.Canary, edition)
	if p.Poison == Slow {
		text += " " + mixture(letters)
	}
	return text
}

// mixture returns n random letters of many scripts.
func mixture(n int) string {
	draw := rand.New(rand.NewPCG(1, 1))
	var b strings.Builder
	for i := 0; i < n; {
		r := rune(0x100 + draw.IntN(0xD700))
		if !unicode.IsLetter(r) {
			continue
		}
		b.WriteRune(r)
		if i++; i%10 == 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}
