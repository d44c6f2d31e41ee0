package chrome

import (
	"errors"
	"strings"
	"testing"
)

// TestDamagedPDF puts a filter between a real browser and its engine that spoils
// the larger of its PDFs on their way.
func TestDamagedPDF(t *testing.T) {
	found, err := Find("")
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]string{
		"cut off":    `s/("data":"[^"]{30000})[^"]*/$1/`,
		"zero bytes": `s/"data":"[^"]*/"data":"/`,
		"no base64":  `s/("data":"[^"]{30000})/$1!/`,
		"no data":    `s/"data":"[^"]*/"other":"/`,
		"no PDF":     `s/"data":"..../"data":"AAAA/`,
	} {
		// Written before anything runs in parallel; see TestRefusesToStart.
		binary := script(t, "#!/bin/sh\n"+found+` "$@" 4>&1 >/dev/null | perl -0 -pe '$| = 1; if (length > 100000) { `+spoil+" }' >&4\n")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := setup(t, func(o *Options) { o.Binary = binary })
			full(t, e)
			large := html(strings.Repeat("<p style='break-after:page'>A page of its own.", 200))
			if _, err := e.Print(t.Context(), large); !errors.Is(err, ErrCrashed) || !strings.Contains(err.Error(), "cut off") {
				t.Errorf("error is %v", err)
			}
			mustPrint(t, e, html("next"))
			if s := e.Stats(); s.Crashes != 2 || s.Kills != 0 {
				t.Errorf("stats are %+v", s)
			}
		})
	}
}

// TestProfilesAreNobodyElses: engines in one directory do not find each other's
// profiles locked, nor take each other's for left over.
func TestProfilesAreNobodyElses(t *testing.T) {
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
