package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"
)

// poison is a defect of a resume. Exports of such resumes must not delay those of others.
type poison string

// The kinds of poison. A healthy resume has the empty one.
const (
	unreadable poison = "unreadable" // its row cannot be read: invalid_resume
	tooLarge   poison = "too large"  // 200,000 items: document_too_large, before printing
	slow       poison = "slow"       // letters of many scripts in short runs, near the limit of what is printed
)

const (
	items   = 200_000
	letters = 7_500
)

// poisoned are the kinds of the poisoned users, one user each. All have the same sample.
var poisoned = []poison{unreadable, tooLarge, tooLarge, slow, slow}

// seldom returns how many times less often such a user requests an export than others.
func (k poison) seldom() float64 {
	switch k {
	case "":
		return 1
	case slow:
		return 20
	default:
		return 4
	}
}

// spoil writes the poison directly into the person's rows; an import would refuse it.
func (p *person) spoil(ctx context.Context, d *database, turn int) error {
	list := "<ul>" + strings.Repeat("<li>x", items) + "</ul>"
	switch {
	case p.poison == unreadable:
		return d.exec(ctx, `UPDATE resumes SET personal_info = '{"profile_text": 5}' WHERE id = $1`, p.resume)
	case p.poison == tooLarge && turn%2 == 0:
		return d.exec(ctx, `UPDATE resumes SET personal_info = jsonb_build_object('profile_text', $2::text) WHERE id = $1`, p.resume, list)
	case p.poison == tooLarge:
		return d.exec(ctx, `UPDATE experience SET description = $2 WHERE user_id = $1`, p.id, list)
	case p.poison == slow:
		return p.edit(ctx, d, 0)
	}
	return nil
}

// text returns the profile text of an edition of the resume. Each edition differs, so that it
// is printed and not copied.
func (p *person) text(edition int) string {
	text := fmt.Sprintf("%s edition %d of this page.", p.canary, edition)
	if p.poison == slow {
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
