package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// toFit returns the options of a fit.
func toFit(pages int, minPt float64) Options {
	return Options{Format: export.PDF, Template: "classic", Paper: export.A4, Options: export.Options{Fit: export.Fit{MaxPages: pages, MinFontPt: minPt}}}
}

// fitted renders a resume to fit, and counts the prints.
func fitted(t testing.TB, r resume.Resume, pages int, minPt float64) (Artifact, int) {
	t.Helper()
	prints := 0
	counting := printerFunc(func(ctx context.Context, d chrome.Document) ([]byte, error) {
		prints++
		return testenv.Engine(t).Print(ctx, d)
	})
	a, err := Render(t.Context(), counting, r, toFit(pages, minPt))
	if err != nil {
		t.Fatal(err)
	}
	if f := a.Report.Fit; f == nil || f.Pages != a.Pages || f.Fitted != (a.Pages <= pages) {
		t.Fatalf("%d pages, the report says %+v", a.Pages, f)
	}
	return a, prints
}

var wordBox = regexp.MustCompile(`<word xMin="[0-9.]+" yMin="([0-9.]+)" xMax="[0-9.]+" yMax="([0-9.]+)"`)

// boxes returns the height of most words' boxes in a PDF, and that of the lowest, as poppler
// measures them. A word's box grows with its size.
func boxes(t testing.TB, data []byte) (most, lowest float64) {
	t.Helper()
	lowest = math.Inf(1)
	found := map[float64]int{}
	for _, m := range wordBox.FindAllStringSubmatch(tool(t, "pdftotext", "-bbox", saved(t, data), "-"), -1) {
		top, err1 := strconv.ParseFloat(m[1], 64)
		bottom, err2 := strconv.ParseFloat(m[2], 64)
		if err1 != nil || err2 != nil {
			t.Fatalf("%s: %v, %v", m[0], err1, err2)
		}
		height := math.Round(100*(bottom-top)) / 100
		if found[height]++; found[height] > found[most] {
			most = height
		}
		lowest = min(lowest, height)
	}
	return most, lowest
}

// Of the stylesheet of classic, in points: the body, and the running name.
const (
	classicBody  = 9.75
	classicSmall = 8.5
)

func TestFit(t *testing.T) {
	t.Parallel()
	for _, slug := range []string{"tailored", "nurse", "vietnamese"} {
		t.Run(slug, func(t *testing.T) {
			t.Parallel()
			r := sample(t, slug)
			plain := renderPDF(t, r, export.A4)
			a, prints := fitted(t, r, 1, 8.5)
			if plain.Pages != 2 || a.Pages != 1 {
				t.Fatalf("%d pages became %d: %+v", plain.Pages, a.Pages, a.Report.Fit)
			}
			if prints > 1+goodTries {
				t.Errorf("%d prints", prints)
			}
			if again, _ := fitted(t, r, 1, 8.5); !bytes.Equal(a.Data, again.Data) || *again.Report.Fit != *a.Report.Fit {
				t.Error("two fits of the same resume differ")
			}
			path := saved(t, a.Data)
			tool(t, "qpdf", "--check", path)
			if want := tool(t, "pdfinfo", saved(t, plain.Data)); !strings.Contains(want, "Page size") || sheetOf(t, path) != sheetOf(t, saved(t, plain.Data)) {
				t.Error("the sheet is another")
			}
			wantWords(t, plain.Data, a.Data)
			before, _ := boxes(t, plain.Data)
			after, _ := boxes(t, a.Data)
			if body := classicBody * after / before; body < 8.5-.01 || math.Abs(body-a.Report.Fit.BodyFontPt) > .06 {
				t.Errorf("the text has %.2f pt: %+v", body, a.Report.Fit)
			}
		})
	}
}

// sheetOf returns pdfinfo's line about the paper.
func sheetOf(t testing.TB, path string) string {
	t.Helper()
	_, rest, _ := strings.Cut(tool(t, "pdfinfo", path), "Page size:")
	line, _, _ := strings.Cut(rest, "\n")
	return line
}

// wantWords fails the test unless both files have the same words in the same
// order, but for the running head of later pages.
func wantWords(t testing.TB, before, after []byte) {
	t.Helper()
	text := func(data []byte) string {
		return strings.Join(strings.Fields(tool(t, "pdftotext", "-raw", "-nopgbrk", saved(t, data), "-")), "")
	}
	want, got := text(before), text(after)
	for _, word := range []string{"1/2", "2/2"} {
		want = strings.ReplaceAll(want, word, "")
	}
	if len(got) == 0 || len(want)-len(got) > 60 || len(got) > len(want) {
		t.Errorf("%d bytes of text became %d", len(want), len(got))
	}
}

// TestFit_MinFontSize: a larger minimum size gives larger text or more pages.
func TestFit_MinFontSize(t *testing.T) {
	t.Parallel()
	r := sample(t, "nurse")
	plain := renderPDF(t, r, export.A4)
	body, small := boxes(t, plain.Data)
	for _, minPt := range []float64{7, 8.5, 9, 9.75, 12} {
		a, _ := fitted(t, r, 1, minPt)
		if a.Report.Fit.BodyFontPt < min(minPt, classicBody)-.025 {
			t.Errorf("asked for %g pt: %+v", minPt, a.Report.Fit)
		}
		b, s := boxes(t, a.Data)
		if b/body*classicBody < min(minPt, classicBody)-.02 || s/small*classicSmall < smallestPt-.02 {
			t.Errorf("asked for %g pt, words of %.2f, the smallest %.2f", minPt, b/body*classicBody, s/small*classicSmall)
		}
		if minPt > 9 && a.Report.Fit.Fitted {
			t.Errorf("it fits with %g pt: %+v", minPt, a.Report.Fit)
		}
	}
}

func TestFit_Impossible(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		slug     string
		pages    int
		tightest int // pages; 0: it is not worth a try
	}{{"academic", 1, 0}, {"senior-engineer", 2, 3}, {"career-changer", 1, 2}} {
		t.Run(c.slug, func(t *testing.T) {
			t.Parallel()
			r := sample(t, c.slug)
			plain := renderPDF(t, r, export.A4)
			a, prints := fitted(t, r, c.pages, 8.5)
			if !bytes.Equal(a.Data, plain.Data) {
				t.Error("it was changed")
			}
			want := export.FitReport{Pages: plain.Pages, Space: 1, Leading: 1, Size: 1, BodyFontPt: classicBody, TightestPages: c.tightest}
			if *a.Report.Fit != want {
				t.Errorf("the report says %+v, want %+v", *a.Report.Fit, want)
			}
			if prints > 3 || c.tightest == 0 && prints != 1 {
				t.Errorf("%d prints", prints)
			}
		})
	}
}

func TestFit_AlreadyFits(t *testing.T) {
	t.Parallel()
	for slug, pages := range map[string]int{"first-job": 1, "german": 2, "hebrew": 3} {
		r := sample(t, slug)
		plain := renderPDF(t, r, export.A4)
		if plain.Report != (export.Report{}) {
			t.Errorf("%s: there is a report of what nobody asked for", slug)
		}
		a, prints := fitted(t, r, pages, 8.5)
		f := a.Report.Fit
		if !bytes.Equal(a.Data, plain.Data) || prints != 1 || !f.Fitted || f.Space != 1 || f.Leading != 1 || f.Size != 1 {
			t.Errorf("%s: %d prints, %+v", slug, prints, f)
		}
	}
}

// TestFit_Monotone: fewer pages need a tighter setting.
func TestFit_Monotone(t *testing.T) {
	t.Parallel()
	r := sample(t, "academic")
	tightest := tightness{0, 0, 0}
	for _, pages := range []int{3, 4, 5} {
		a, _ := fitted(t, r, pages, 8.5)
		f := a.Report.Fit
		if !f.Fitted || f.Space < tightest.space || f.Leading < tightest.leading || f.Size < tightest.size {
			t.Errorf("%d pages take %+v, fewer took %+v", pages, f, tightest)
		}
		tightest = tightness{f.Space, f.Leading, f.Size}
	}
	if tightest != (tightness{1, 1, 1}) {
		t.Errorf("five pages of four take %+v", tightest)
	}
}

// TestFit_PrintError: an error of a print during a fit is returned as usual.
func TestFit_PrintError(t *testing.T) {
	t.Parallel()
	broken := fmt.Errorf("printing: %w", chrome.ErrCrashed)
	prints := 0
	a, err := Render(t.Context(), printerFunc(func(ctx context.Context, d chrome.Document) ([]byte, error) {
		if prints++; prints > 1 {
			return nil, broken
		}
		return testenv.Engine(t).Print(ctx, d)
	}), sample(t, "nurse"), toFit(1, 8.5))
	if f := export.FailureOf(err); f.Code != export.RenderCrashed || !errors.Is(err, broken) || a.Data != nil || a.Report != (export.Report{}) {
		t.Errorf("%v, %d bytes, %+v", err, len(a.Data), a.Report)
	}
}

func TestFit_MaxPages(t *testing.T) {
	t.Parallel()
	o := toFit(3, 8.5)
	o.MaxPages = 3
	_, err := Render(t.Context(), testenv.Engine(t), sample(t, "academic"), o)
	if f := export.FailureOf(err); f.Code != export.DocumentTooLarge {
		t.Errorf("%v", err)
	}
}
