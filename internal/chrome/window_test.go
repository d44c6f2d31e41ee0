package chrome

import "testing"

func TestMayAlterWindow(t *testing.T) {
	t.Parallel()
	for html, want := range map[string]bool{
		``:      false,
		`<`:     false,
		`a < b`: false,
		`<!doctype html><html lang=en dir="ltr"><head><meta charset="utf-8"><title>x</title><style>p{}</style></head><body class='a b'><p>x`: false,
		`<meta charset=utf-8/>`:                        false,
		`<meta name="Author" content="Ada <b> > x">`:   false,
		`<metadata><linker><bodyguard link=red>`:       false,
		`<p style="x" title=y><svg viewBox="0 0 1 1">`: false,
		`<meta http-equiv=x content=y>`:                true,
		`<META HTTP-EQUIV=x>`:                          true,
		`<meta name=color-scheme content=dark>`:        true,
		"<meta\nname=viewport>":                        true,
		`<meta charset=utf-8 http-equiv=x>`:            true,
		`<meta charset="utf-8"http-equiv=x>`:           true,
		`<meta/http-equiv=x>`:                          true,
		`<meta charset=utf-8/ http-equiv=x>`:           true,
		`<meta charset = utf-8>`:                       true,
		`<meta charset=>`:                              true,
		`<meta charset="utf-8`:                         true,
		`<meta`:                                        true,
		`<body link=red>`:                              true,
		`<body/link=red>`:                              true,
		`<html lang=en manifest=x>`:                    true,
		`<style title=x>`:                              true,
		`<<style title=x>`:                             true,
		`<!-- <link> -->`:                              true,
		`<BASE href=x>`:                                true,
		`<iframe>`:                                     true,
	} {
		if got := mayAlterWindow([]byte(html)); got != want {
			t.Errorf("%s: got %v", html, got)
		}
	}
}
