package worker

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// A browser that writes PDFs in another way: they are exported, and the log says so.
func TestUncompacted_LogsOncePerVersion(t *testing.T) {
	t.Parallel()
	p := setup(t)
	version := "m156"
	unknown := printerFunc(func(ctx context.Context, d chrome.Document) ([]byte, error) {
		data, err := (&printer{}).Print(ctx, d)
		data = bytes.Replace(data, []byte(" stream\n"), []byte(" stream\r"), 1)
		return bytes.ReplaceAll(data, []byte("m156"), []byte(version)), err
	})
	log, logger := testenv.NewLog(t)
	w := p.worker(t, func(c *Config) { c.Logger = logger })
	for range 3 {
		r := p.request(t)
		w.handle(t.Context(), unknown, p.next(t), stay)
		if done := p.row(t, r.ID); done.Status != export.Ready {
			t.Fatalf("the export is %s: %+v", done.Status, done.Failure)
		}
	}
	if n := len(log.Lines("PDFs are larger than necessary")); n != 1 {
		t.Errorf("logged %d times", n)
	}
	version = "m157"
	p.request(t)
	w.handle(t.Context(), unknown, p.next(t), stay)
	if n := len(log.Lines("PDFs are larger than necessary")); n != 2 {
		t.Errorf("logged %d times for two versions", n)
	}
}

func TestUncompacted_LogsPowersOfTen(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	var u uncompacted
	for range 250 {
		u.count(slog.New(slog.NewTextHandler(&log, nil)), "Skia/PDF m156", nil)
	}
	for _, want := range []string{"files=1 ", "files=10 ", "files=100 "} {
		if strings.Count(log.String(), want) != 1 {
			t.Errorf("want one line with %s in\n%s", want, log.String())
		}
	}
	if n := strings.Count(log.String(), "\n"); n != 3 {
		t.Errorf("%d lines", n)
	}
}
