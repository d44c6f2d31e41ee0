package main

import (
	"context"
	"strings"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// items is the number of items of a list that is far too large.
const items = 200_000

// poisoned are the kinds of the poisoned users, one user each. All have the same sample.
var poisoned = []checker.Poison{checker.Unreadable, checker.TooLarge, checker.TooLarge, checker.Slow, checker.Slow}

// spoil writes the poison directly into the person's rows; an import would refuse it.
func (r *rig) spoil(ctx context.Context, p *checker.Person, turn int) error {
	list := "<ul>" + strings.Repeat("<li>x", items) + "</ul>"
	switch {
	case p.Poison == checker.Unreadable:
		return r.database.exec(ctx, `UPDATE resumes SET personal_info = '{"profile_text": 5}' WHERE id = $1`, p.Resume)
	case p.Poison == checker.TooLarge && turn%2 == 0:
		return r.database.exec(ctx, `UPDATE resumes SET personal_info = jsonb_build_object('profile_text', $2::text) WHERE id = $1`, p.Resume, list)
	case p.Poison == checker.TooLarge:
		return r.database.exec(ctx, `UPDATE experience SET description = $2 WHERE user_id = $1`, p.ID, list)
	case p.Poison == checker.Slow:
		return p.Edit(ctx, r.database.pool, 0)
	}
	return nil
}
