package checker

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// downloadAll downloads the whole file and checks whose document it is.
func (l *Load) downloadAll(ctx context.Context, p *Person, t *Told, a Answer) {
	for range 5 {
		from := time.Now()
		status, data, err := p.Download(ctx, t.ID, http.MethodGet, "")
		if err == nil && status == http.StatusOK {
			l.Ledger.note(func() { t.Full = append(t.Full, Span{from.Add(-time.Second), time.Now().Add(6 * time.Second)}) })
			if Sum(data) != a.SHA256 {
				l.Ledger.violate("corrupt", t.ID, "a download has the checksum %s, the export says %s", Sum(data), a.SHA256)
				return
			}
			if trouble := l.Readings.Of(data, t.Format).Trouble(t.Canary); trouble != "" {
				l.Ledger.violate("corrupt", t.ID, "a download %s", trouble)
			}
			return
		}
		refused := Refusal{}
		if errors.As(err, &refused) {
			if refused.Status == http.StatusGone && time.Now().After(a.ExpiresAt.Add(-margin)) {
				return
			}
			if now, err := p.Get(ctx, t.ID); err == nil && now.failed(export.FileDamaged) {
				return // the checks find out whether it was allowed
			}
			l.Ledger.violate("refused", t.ID, "a ready export could not be downloaded: %v", err)
			return
		}
		l.Ledger.note(func() { t.Maybe++ })
		if !Pause(ctx, 500*time.Millisecond) {
			return
		}
	}
}

// damageFile changes bytes of an export's file and downloads it, which
// must not succeed. The next export of the resume must succeed.
func (l *Load) damageFile(ctx context.Context, p *Person, t *Told, w Wish, a Answer) {
	if l.Damage == nil || l.Damage(t.ID, p.ID) != nil {
		return // the file was deleted, or the store is unavailable
	}
	status, data, err := p.Download(ctx, t.ID, http.MethodGet, "")
	l.Ledger.note(func() { t.Maybe++ })
	if err == nil && status == http.StatusOK && Sum(data) != a.SHA256 {
		l.Ledger.violate("corrupt", t.ID, "its file was damaged, and was served as if it were whole")
	}
	again := l.Ask(ctx, p, w)
	if again == nil {
		return
	}
	if a, ok := l.await(ctx, p, again); ok && a.Status == string(export.Ready) {
		l.downloadAll(ctx, p, again, a)
	}
}

// downloadPart makes a request that does not count as a download.
func (l *Load) downloadPart(ctx context.Context, p *Person, t *Told, method, byteRange string) {
	status, _, err := p.Download(ctx, t.ID, method, byteRange)
	if err == nil && byteRange != "" && status != http.StatusPartialContent {
		l.Ledger.note(func() { t.Maybe++ }) // it received the whole file
	}
}

// cancel cancels an unfinished export, unless it is too late.
func (l *Load) cancel(ctx context.Context, p *Person, t *Told) {
	if p.delete(ctx, t.ID) == nil {
		l.Ledger.note(func() { t.Canceled = true })
		l.expectGone(ctx, p, t, "it was canceled")
	}
}

// erase deletes a finished export and reports whether the API confirmed it.
func (l *Load) erase(ctx context.Context, p *Person, t *Told) bool {
	for range 5 {
		err := p.delete(ctx, t.ID)
		if err == nil {
			l.Ledger.note(func() { t.Erased = true })
			return true
		}
		if !errors.Is(err, ErrUnknown) || !Pause(ctx, 500*time.Millisecond) {
			return false
		}
	}
	return false
}

// outlive sets the expiry of an export to a time soon, and requests it after that.
func (l *Load) outlive(ctx context.Context, p *Person, t *Told) {
	var expires time.Time
	err := l.DB.QueryRow(ctx, `UPDATE export_request SET expires_at = least(expires_at, clock_timestamp() + interval '1 s')
		WHERE id = $1 AND status = 'ready' RETURNING expires_at`, t.ID).Scan(&expires)
	if err != nil || !Pause(ctx, time.Until(expires)+margin) {
		return
	}
	l.expectGone(ctx, p, t, "it expired at "+expires.Format(time.RFC3339Nano))
}

// expectGone requests a file that must not be served any more.
func (l *Load) expectGone(ctx context.Context, p *Person, t *Told, why string) {
	for range 5 {
		status, data, err := p.Download(ctx, t.ID, http.MethodGet, "")
		refused := Refusal{}
		switch {
		case err == nil:
			l.Ledger.violate("served", t.ID, "%s, and was served after that: status %d, %d bytes", why, status, len(data))
			return
		case errors.As(err, &refused):
			if refused.Status != http.StatusGone && refused.Status != http.StatusConflict {
				l.Ledger.violate("lost", t.ID, "%s, and then: %v", why, err)
			}
			l.Ledger.note(func() { l.Ledger.Gone++ })
			return
		}
		if !Pause(ctx, 500*time.Millisecond) {
			return
		}
	}
}
