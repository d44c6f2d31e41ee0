package chrome

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// TestPrint_NoRequestLeavesBrowser prints many documents with one unique word each, and
// checks that no other file contains it: in the raw file, the text and the title.
func TestPrint_NoRequestLeavesBrowser(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.Slots = 2; o.RecycleAfter = 60 })
	var wg sync.WaitGroup
	for worker := range 2 {
		wg.Go(func() {
			for i := range 60 {
				word := fmt.Sprintf("CANARY%d%d%d", worker, i, rand.IntN(1e6))
				body := fmt.Sprintf("<title>%[1]s</title><h1 id=%[1]s>%[1]s</h1><p style='--x:%[1]s' title=%[1]s>%[2]s", word, strings.Repeat(word+" ", rand.IntN(50)))
				switch i % 4 {
				case 1: // a document of one word, without a title
					body = "<p>" + word
				case 2: // nothing closed
					body = "<title>" + word + "</title><table><tr><td><select><option>" + word
				}
				pdf, err := e.Print(t.Context(), Document{HTML: []byte(body), Tagged: i%2 == 0, Outline: i%3 == 0})
				if err != nil {
					t.Errorf("printing: %v", err)
					return
				}
				all := text(t, pdf) + run(t, pdf, "pdfinfo", "FILE") + run(t, pdf, "qpdf", "--qdf", "--object-streams=disable", "FILE", "-")
				if !strings.Contains(all, word) {
					t.Errorf("document %s is not in its own PDF", word)
				}
				for _, found := range regexp.MustCompile(`CANARY\d+`).FindAllString(all, -1) {
					if found != word {
						t.Errorf("the PDF of %s holds %s", word, found)
					}
				}
			}
		})
	}
	wg.Wait()
}

// TestPrint_NothingRemainsInTab prints one document again after each of many that try to leave
// something behind, and expects the same bytes every time.
func TestPrint_NothingRemainsInTab(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.NoStandby = true })
	probe := Document{Tagged: true, HTML: []byte(`<!doctype html><html><title>probe</title><style title=own>em{color:red}</style><style>
		p { color: var(--c, green); font-family: F, serif; width: var(--w, 50%); border: 1px solid }
		ol { list-style: stars }</style>
		<h1>Probe</h1><p><em>English</em>, 直角 令和, <a href="rel">relative</a> <a href="https://example.com/">absolute</a><ol><li>x</ol>
		<img width=20 height=20 src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>">
		<table><tr><td style="font-size:1em">t</table>`)}
	want := undated(mustPrint(t, e, probe))
	for _, body := range []string{
		`<meta http-equiv=Content-Security-Policy content="default-src 'none'">`,
		`<META HTTP-EQUIV="Content-Security-Policy" CONTENT="style-src 'none'">`,
		`<meta http-equiv=content-language content=ja>`,
		`<meta http-equiv=default-style content=other><style title=other>p{color:red}</style>`,
		`<meta http-equiv=refresh content="1;url=about:blank"><meta http-equiv=x-dns-prefetch-control content=on>`,
		`<meta name=viewport content="width=5000,initial-scale=9"><meta name=color-scheme content=dark><meta name=referrer content=unsafe-url>`,
		`<html lang=ja dir=rtl manifest=x><body bgcolor=red text=blue link=red background=x style="zoom:3;writing-mode:vertical-rl">`,
		`<body link=red vlink=red alink=red><p>x`,
		`<BODY/LINK=red>x`,
		`<style title=first>p{color:red}</style><style title=second>p{color:blue}</style>`,
		`<p>x<style title=late>p{color:red}</style>`,
		`<meta name=color-scheme content=dark>`,
		`<svg xmlns=http://www.w3.org/2000/svg><style title=svg>p{color:red}</style></svg>`,
		`<base href="https://example.org/" target=_blank>`,
		`<style>@font-face{font-family:F;src:local("DejaVu Sans Mono")} @counter-style stars{symbols:"x"} @property --c{syntax:"<color>";inherits:true;initial-value:red} :root{--w:10%} @page{size:10cm 10cm;margin:1cm} @page :first{margin:2cm} html{font-size:300%}</style><p>x`,
		`<svg><style>*{fill:red}</style><defs><filter id=f></defs></svg><template><p>t</template><dialog open>x</dialog><p popover>y<select open autofocus><option>z`,
		`<title>left behind</title><!-- unclosed`,
		`<plaintext><style>p{display:none}`,
		`<script>document.title='x'`,
		`<a id=top href="#bottom">x</a><a name=bottom></a><input autofocus value=x><textarea>`,
		strings.Repeat("<div>", 3000) + "deep",
	} {
		for _, doctype := range []string{"<!doctype html>", ""} {
			name := doctype + body[:min(len(body), 60)]
			mustPrint(t, e, Document{HTML: []byte(doctype + body), Paper: Letter(), Margin: Margin{Top: 2, Left: 1}, Outline: true, Header: "<b>h</b>"})
			if got := undated(mustPrint(t, e, probe)); !bytes.Equal(got, want) {
				t.Errorf("something stayed after %q:\n%s", name, text(t, got))
			}
		}
	}
	if s := e.Stats(); s.Browsers != 1 || s.Starts != 0 {
		t.Errorf("not all in one browser: %+v", s)
	}
}

// undated blanks the time of printing.
func undated(pdf []byte) []byte {
	return regexp.MustCompile(`/(CreationDate|ModDate) \(D:[^)]*\)`).ReplaceAll(pdf, nil)
}
