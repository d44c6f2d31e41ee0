package chrome

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

var pairs = flag.Int("pairs", 1000, "documents that TestPrint_SameAfterAnyDocument prints in random order")

// TestPrint_SameAfterAnyDocument prints documents that differ in title, text, fonts,
// pictures, structure and size, in random order, and expects of each the same bytes as
// from another process: no content of previous or concurrent documents or of the
// process's memory is in them.
func TestPrint_SameAfterAnyDocument(t *testing.T) {
	t.Parallel()
	documents := differing(t)
	want := make([][]byte, len(documents))
	first := setup(t, func(o *Options) { o.NoStandby = true })
	for i, d := range documents {
		want[i] = undated(mustPrint(t, first, d))
		for j := range i {
			if bytes.Equal(want[i], want[j]) {
				t.Fatalf("documents %d and %d do not differ", j, i)
			}
		}
	}
	e := setup(t, func(o *Options) { o.Slots = 2; o.RecycleAfter = max(*pairs/8, 10) })
	var left atomic.Int64
	left.Store(int64(*pairs))
	var slots sync.WaitGroup
	for range 2 {
		slots.Go(func() {
			for before := -1; left.Add(-1) >= 0 && !t.Failed(); {
				i := rand.IntN(len(documents))
				got, err := e.Print(t.Context(), documents[i])
				if err != nil {
					t.Errorf("printing: %v", err)
				} else if !bytes.Equal(undated(got), want[i]) {
					t.Errorf("document %d is another one after %d:\n%s", i, before, documents[i].HTML)
				}
				before = i
			}
		})
	}
	slots.Wait()
	if s := e.Stats(); s.Recycles < 2 || s.Crashes+s.Kills+s.Timeouts > 0 {
		t.Errorf("stats are %+v", s)
	}
}

// differing are documents that each have a unique word and a unique combination of all
// other features.
func differing(t *testing.T) []Document {
	t.Helper()
	font, err := os.ReadFile(someFont(t))
	if err != nil {
		t.Fatal(err)
	}
	face := base64.StdEncoding.EncodeToString(font)
	var all []Document
	for i := range 48 {
		has := func(every int) bool { return i%every == 0 }
		word := fmt.Sprintf("word%d", i)
		var b strings.Builder
		if !has(5) {
			b.WriteString("<!doctype html>")
		}
		fmt.Fprintf(&b, "<html lang=%s dir=%s>", []string{"en", "ja", "ar"}[i%3], []string{"ltr", "rtl"}[i%2])
		if !has(4) {
			fmt.Fprintf(&b, "<title>Title %s</title>", word)
		}
		fmt.Fprintf(&b, "<style>h1{color:#%06x;counter-increment:c %d}:root{--%s:1em;font-size:%dpx}@page{margin:%dmm}</style>", i*4321, i, word, 10+i%7, 10+i%3)
		if has(6) { // the same family, with a face, a local one, or none
			fmt.Fprintf(&b, "<style>@font-face{font-family:F;src:url(data:font/ttf;base64,%s)}</style>", face)
		} else if has(7) {
			b.WriteString("<style>@font-face{font-family:F;src:local('Noto Serif')}@page{size:5in 7in}</style>")
		}
		fmt.Fprintf(&b, "<h1 id=%[1]s>%[1]s 直 ع é</h1><p style='font-family:F,sans-serif'>%[2]s<p id=s%[1]s style='width:var(--word3,50%%)'><a href='#%[1]s'>here</a> <a href='https://example.com/%[1]s'>there</a>", word, strings.Repeat(word+" ", 1+i%9*10))
		if has(8) {
			fmt.Fprintf(&b, "<img alt=%s src='data:image/png;base64,%s'>", word, base64.StdEncoding.EncodeToString(noise(t, 20+i)))
		}
		if has(9) {
			fmt.Fprintf(&b, "<svg width=50 height=50><defs><linearGradient id=g><stop stop-color='#%06x'/></linearGradient></defs><rect width=50 height=50 fill='url(#g)'/></svg>", i*1234)
		}
		if has(10) {
			b.WriteString("<script>document.title='RAN'</script><meta name=color-scheme content=dark><table><tr><td><b>nothing closed")
		}
		d := Document{HTML: []byte(b.String()), Tagged: !has(3), Outline: has(2), PreferCSSPageSize: has(7), Margin: Margin{Left: float64(i%5) / 10}}
		if has(11) {
			d.Footer = "<span style='font-size:9px' class=title></span><span style='font-size:9px'>" + word + "</span>"
		}
		if has(13) {
			d.Paper, d.Scale = Letter(), .8
		}
		if has(16) {
			d.PictureWidth = 100 + i
		}
		all = append(all, d)
	}
	return all
}
