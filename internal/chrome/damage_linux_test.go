package chrome

import (
	"errors"
	"strings"
	"testing"
)

// filtered returns a program that runs a real browser and passes each of its answers through a
// Perl statement as $_. The file must be written before parallel tests run; see
// TestStart_Errors.
func filtered(t *testing.T, statement string) (binary string) {
	t.Helper()
	found, err := Find("")
	if err != nil {
		t.Fatal(err)
	}
	return script(t, "#!/bin/sh\n"+found+` "$@" 4>&1 >/dev/null | perl -0 -pe '$| = 1; `+statement+"' >&4\n")
}

// TestPrint_DamagedAnswer: an incomplete file counts as a crash, and the next document
// gets another browser.
func TestPrint_DamagedAnswer(t *testing.T) {
	for name, c := range map[string]struct{ spoil, want string }{
		"cut off":    {`s/("data":"[^"]{30000})[^"]*/$1/`, "cut off"},
		"zero bytes": {`s/"data":"[^"]*/"data":"/`, "cut off"},
		"no data":    {`s/"data":"[^"]*/"other":"/`, "cut off"},
		"no PDF":     {`s/"data":"..../"data":"AAAA/`, "cut off"},
		"no base64":  {`s/("data":"[^"]{30000})/$1!/`, "illegal base64"},
	} {
		binary := filtered(t, "if (length > 100000) { "+c.spoil+" }") // the first page is smaller
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := setup(t, func(o *Options) { o.Binary = binary })
			full(t, e)
			large := html(strings.Repeat("<p style='break-after:page'>A page of its own.", 200))
			if _, err := e.Print(t.Context(), large); !errors.Is(err, ErrCrashed) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v", err)
			}
			mustPrint(t, e, html("next"))
			if s := e.Stats(); s.Crashes != 2 || s.Kills != 0 {
				t.Errorf("stats are %+v", s)
			}
		})
	}
}

// TestSpellings: a PDF is read from any equivalent JSON.
func TestSpellings(t *testing.T) {
	for name, spell := range map[string]string{
		"blanks":  `s/"result":\{"data":/"result" : { "data" : /`,
		"escapes": `s!/!\\/!g if /"data":"JVBER/`,
		"order":   `s/"result":\{/"result":{"stream":"",/ if /"data":"JVBER/`,
	} {
		binary := filtered(t, spell)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := setup(t, func(o *Options) { o.Binary = binary; o.NoStandby = true })
			for _, say := range []string{"one", "two"} {
				if got := text(t, mustPrint(t, e, html(say))); strings.TrimSpace(got) != say {
					t.Errorf("text is %q", got)
				}
			}
		})
	}
}

// TestProfile_Permissions: engines that share a temporary directory can use it and do
// not remove each other's profiles.
func TestProfile_Permissions(t *testing.T) {
	t.Parallel()
	one := setup(t, nil)
	full(t, one)
	two, err := Start(t.Context(), Options{Slots: 1, TempDir: one.o.TempDir, Logger: logger(t)})
	if err != nil {
		t.Fatal(err)
	}
	mustPrint(t, two, html("x"))
	if err := two.Close(); err != nil {
		t.Error(err)
	}
	mustPrint(t, one, html("x"))
	if s := one.Stats(); s.Starts != 1 || s.Crashes+s.Kills != 0 {
		t.Errorf("browsers were lost: %+v", s)
	}
}
