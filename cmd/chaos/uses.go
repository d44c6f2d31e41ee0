package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// downloadAll downloads the whole file and checks whose document it is.
func (l *load) downloadAll(ctx context.Context, p *person, t *told, a answer) {
	for range 5 {
		from := time.Now()
		status, data, err := p.download(ctx, t.id, http.MethodGet, "")
		if err == nil && status == http.StatusOK {
			l.ledger.note(func() { t.full = append(t.full, span{from.Add(-time.Second), time.Now().Add(6 * time.Second)}) })
			if sum(data) != a.SHA256 {
				l.ledger.violate("corrupt", t.id, "a download has the checksum %s, the export says %s", sum(data), a.SHA256)
				return
			}
			if trouble := l.readings.of(data, t.format).trouble(t.canary); trouble != "" {
				l.ledger.violate("corrupt", t.id, "a download %s", trouble)
			}
			return
		}
		refused := refusal{}
		if errors.As(err, &refused) {
			if refused.status == http.StatusGone && time.Now().After(a.ExpiresAt.Add(-margin)) {
				return
			}
			if now, err := p.get(ctx, t.id); err == nil && now.failed(export.FileDamaged) {
				return // the checks find out whether it was allowed
			}
			l.ledger.violate("refused", t.id, "a ready export could not be downloaded: %v", err)
			return
		}
		l.ledger.note(func() { t.maybe++ })
		if !pause(ctx, 500*time.Millisecond) {
			return
		}
	}
}

// damage changes bytes of an export's file, as a failing disk would, and downloads it, which
// must not succeed. The next export of the resume must succeed.
func (l *load) damage(ctx context.Context, p *person, t *told, w wish, a answer) {
	if err := l.files.damage(t.id, p.id); err != nil {
		return // the file was deleted, or the store is unavailable
	}
	l.journal.count(damageFile)
	status, data, err := p.download(ctx, t.id, http.MethodGet, "")
	l.ledger.note(func() { t.maybe++ })
	if err == nil && status == http.StatusOK && sum(data) != a.SHA256 {
		l.ledger.violate("corrupt", t.id, "its file was damaged, and was served as if it were whole")
	}
	again := l.ask(ctx, p, w)
	if again == nil {
		return
	}
	if a, ok := l.await(ctx, p, again); ok && a.Status == string(export.Ready) {
		l.downloadAll(ctx, p, again, a)
	}
}

// downloadPart makes a request that does not count as a download.
func (l *load) downloadPart(ctx context.Context, p *person, t *told, method, byteRange string) {
	status, _, err := p.download(ctx, t.id, method, byteRange)
	if err == nil && byteRange != "" && status != http.StatusPartialContent {
		l.ledger.note(func() { t.maybe++ }) // it received the whole file
	}
}

// cancel cancels an unfinished export, unless it is too late.
func (l *load) cancel(ctx context.Context, p *person, t *told) {
	if p.delete(ctx, t.id) == nil {
		l.ledger.note(func() { t.canceled = true })
		l.expectGone(ctx, p, t, "it was canceled")
	}
}

// erase deletes a finished export and reports whether the API confirmed it.
func (l *load) erase(ctx context.Context, p *person, t *told) bool {
	for range 5 {
		err := p.delete(ctx, t.id)
		if err == nil {
			l.ledger.note(func() { t.erased = true })
			return true
		}
		if !errors.Is(err, errUnknown) || !pause(ctx, 500*time.Millisecond) {
			return false
		}
	}
	return false
}

// outlive sets the expiry of an export to a time soon, and requests it after that.
func (l *load) outlive(ctx context.Context, p *person, t *told) {
	var expires time.Time
	err := l.database.pool.QueryRow(ctx, `UPDATE export_request SET expires_at = least(expires_at, clock_timestamp() + interval '1 s')
		WHERE id = $1 AND status = 'ready' RETURNING expires_at`, t.id).Scan(&expires)
	if err != nil || !pause(ctx, time.Until(expires)+margin) {
		return
	}
	l.expectGone(ctx, p, t, "it expired at "+expires.Format(time.RFC3339Nano))
}

// expectGone requests a file that must not be served any more.
func (l *load) expectGone(ctx context.Context, p *person, t *told, why string) {
	for range 5 {
		status, data, err := p.download(ctx, t.id, http.MethodGet, "")
		refused := refusal{}
		switch {
		case err == nil:
			l.ledger.violate("served", t.id, "%s, and was served after that: status %d, %d bytes", why, status, len(data))
			return
		case errors.As(err, &refused):
			if refused.status != http.StatusGone && refused.status != http.StatusConflict {
				l.ledger.violate("lost", t.id, "%s, and then: %v", why, err)
			}
			l.ledger.note(func() { l.ledger.gone++ })
			return
		}
		if !pause(ctx, 500*time.Millisecond) {
			return
		}
	}
}
