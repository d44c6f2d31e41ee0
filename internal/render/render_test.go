package render

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// noPrinter is for formats that need none.
func noPrinter(t *testing.T) Printer {
	return printerFunc(func(context.Context, chrome.Document) ([]byte, error) {
		t.Error("the browser was asked to print")
		return nil, errors.New("unused")
	})
}

func TestRender_HTML(t *testing.T) {
	t.Parallel()
	a, err := Render(t.Context(), noPrinter(t), sample(t, "german"), Options{Format: export.HTML, Template: "classic", Paper: export.A4})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(a.Data, []byte("<!DOCTYPE html>")) || !bytes.Contains(a.Data, []byte("Realschule am Mühlenfließ, Föhrenau")) {
		t.Errorf("no page of this resume:\n%.200s", a.Data)
	}
	if a.ContentType != "text/html; charset=utf-8" || !strings.HasSuffix(a.Filename, ".html") || a.Pages != 0 {
		t.Errorf("got type %q, file name %q, %d pages", a.ContentType, a.Filename, a.Pages)
	}
}

// TestRender_JSON: an exported resume can be imported again unchanged.
func TestRender_JSON(t *testing.T) {
	t.Parallel()
	for _, s := range allSamples(t) {
		a, err := Render(t.Context(), noPrinter(t), sampleResume(t, s), Options{Format: export.JSON, Template: "classic", Paper: export.A4})
		if err != nil {
			t.Fatalf("%s: %v", s.Slug, err)
		}
		if a.ContentType != "application/json" || !strings.HasSuffix(a.Filename, ".json") || a.Pages != 0 || !json.Valid(a.Data) {
			t.Errorf("%s: got type %q, file name %q, %d pages", s.Slug, a.ContentType, a.Filename, a.Pages)
		}
		back, err := resume.ParseJSONResume(a.Data)
		if err != nil {
			t.Fatalf("%s: %v", s.Slug, err)
		}
		if got, want := back.Person.FullName(), sampleResume(t, s).Person.FullName(); got != want || len(back.Sections) != len(sampleResume(t, s).Sections) {
			t.Errorf("%s: came back as %q with %d sections", s.Slug, got, len(back.Sections))
		}
	}
}

func TestPrepare_UnknownChoices(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{
		{Format: "rtf", Template: "classic", Paper: export.A4},
		{Format: "", Template: "classic", Paper: export.A4},
		{Format: export.PDF, Template: "baroque", Paper: export.A4},
		{Format: export.HTML, Template: "../classic", Paper: export.A4},
		{Format: export.PDF, Template: "classic", Paper: "a5"},
		{Format: export.HTML, Template: "classic", Paper: ""},
	} {
		_, err := Render(t.Context(), noPrinter(t), sample(t, "nearly-empty"), o)
		if f := export.FailureOf(err); err == nil || f.Code != export.InvalidRequest {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestPrepare_ChromeDocument(t *testing.T) {
	t.Parallel()
	var got chrome.Document
	_, err := Render(t.Context(), printerFunc(func(_ context.Context, d chrome.Document) ([]byte, error) {
		got = d
		return printed(t), nil
	}), sample(t, "nearly-empty"), Options{Format: export.PDF, Template: "classic", Paper: export.Letter})
	if err != nil {
		t.Fatal(err)
	}
	if got.Paper != chrome.Letter() || !got.PreferCSSPageSize || !got.Tagged || !got.Outline {
		t.Errorf("the browser was asked for %+v", got.Paper)
	}
}

func TestRender_BrowserErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want export.FailureCode
	}{
		{&chrome.TimeoutError{Stage: "print"}, export.RenderTimeout},
		{&chrome.TooLargeError{What: "html", Limit: 1}, export.DocumentTooLarge},
		{fmt.Errorf("printing page 3: %w", chrome.ErrCrashed), export.RenderCrashed},
		{fmt.Errorf("printing page 3: %w", chrome.ErrKilled), export.RenderUnavailable},
		{errors.Join(&chrome.TimeoutError{Stage: "total"}, chrome.ErrStart), export.RenderUnavailable},
		{&chrome.StartError{Doing: "starting", Err: errors.New("no")}, export.RenderUnavailable},
		{chrome.ErrClosed, export.RenderUnavailable},
		{chrome.ErrInvalid, export.Internal},
		{errors.New("never heard of"), export.Internal},
	} {
		a, err := Render(t.Context(), printerFunc(func(context.Context, chrome.Document) ([]byte, error) { return nil, tc.err }),
			sample(t, "nearly-empty"), Options{Format: export.PDF, Template: "classic", Paper: export.A4})
		if f := export.FailureOf(err); f.Code != tc.want || !errors.Is(err, tc.err) || a.Data != nil {
			t.Errorf("%v became %v", tc.err, err)
		}
	}
}

func TestRender_DamagedPrint(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{"zero bytes": nil, "half a file": printed(t)[:800], "no page": bytes.Replace(printed(t), []byte("/Count 3"), []byte("/Count 0"), 1)} {
		_, err := Render(t.Context(), printerFunc(func(context.Context, chrome.Document) ([]byte, error) { return data, nil }),
			sample(t, "nearly-empty"), Options{Format: export.PDF, Template: "classic", Paper: export.A4})
		if f := export.FailureOf(err); err == nil || f.Code != export.Internal || f.Code.Permanent() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRender_TooManyPages: a limit does not change a document that is within it.
func TestRender_TooManyPages(t *testing.T) {
	t.Parallel()
	r := sample(t, "academic")
	o := Options{Format: export.PDF, Template: "classic", Paper: export.A4}
	whole := renderPDF(t, r, o.Paper)
	if whole.Pages < 2 {
		t.Fatalf("the sample has %d pages", whole.Pages)
	}
	o.MaxPages = whole.Pages
	if fits, err := Render(t.Context(), testenv.Engine(t), r, o); err != nil || !bytes.Equal(fits.Data, whole.Data) {
		t.Errorf("at the limit: %v, %d bytes, want %d", err, len(fits.Data), len(whole.Data))
	}
	o.MaxPages--
	a, err := Render(t.Context(), testenv.Engine(t), r, o)
	if f := export.FailureOf(err); f.Code != export.DocumentTooLarge || a.Data != nil || a.Pages != 0 ||
		!strings.Contains(f.Message, fmt.Sprintf("more than %d pages", o.MaxPages)) {
		t.Errorf("over the limit: %v, %d bytes, %q", err, len(a.Data), f.Message)
	}
}

// TestRender_PrintsFewPagesOfLongDocument: pages beyond the limit are not printed.
func TestRender_PrintsFewPagesOfLongDocument(t *testing.T) {
	t.Parallel()
	asked := 0
	_, err := Render(t.Context(), printerFunc(func(ctx context.Context, d chrome.Document) ([]byte, error) {
		asked = d.MaxPages
		d.HTML = []byte(strings.Repeat("<p style='break-after:page'>A page of its own.", 1000))
		return testenv.Engine(t).Print(ctx, d)
	}), sample(t, "nearly-empty"), Options{Format: export.PDF, Template: "classic", Paper: export.A4, MaxPages: 50})
	if f := export.FailureOf(err); f.Code != export.DocumentTooLarge || asked != 51 {
		t.Errorf("%d pages were asked for: %v", asked, err)
	}
}

// TestRender_ContextCause: the error is the cause of the context, not the error of the
// browser.
func TestRender_ContextCause(t *testing.T) {
	t.Parallel()
	reason := errors.New("the lease is lost")
	ctx, cancel := context.WithCancelCause(t.Context())
	_, err := Render(ctx, printerFunc(func(ctx context.Context, _ chrome.Document) ([]byte, error) {
		cancel(reason)
		return nil, chrome.ErrCrashed
	}), sample(t, "nearly-empty"), Options{Format: export.PDF, Template: "classic", Paper: export.A4})
	if !errors.Is(err, reason) {
		t.Errorf("got %v", err)
	}
}
