package html

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/letrazapp/letraz-export/internal/export"
)

func TestFirstPage_Margins(t *testing.T) {
	t.Parallel()
	const mm = cssInch / 25.4
	for css, want := range map[string][4]float64{
		"":                                     {},
		"@page { margin: 1in }":                {96, 96, 96, 96},
		"@page { margin: 0 36pt; }":            {0, 48, 0, 48},
		"@page{margin:1px 2px 3px;}":           {1, 2, 3, 2},
		"@page { margin: 13mm 18mm 11mm 1cm }": {13 * mm, 18 * mm, 11 * mm, 10 * mm},
		"@page { margin: 1px; margin-left: 5px } p { margin: 9px }":                                                                     {1, 1, 1, 5},
		"@page :first { margin: 7px } @page { margin: 1px }":                                                                            {7, 7, 7, 7},
		"@page { margin: 1px } @page a4 { margin: 2px; } .a4 { page: a4}":                                                               {2, 2, 2, 2},
		"@page { margin: 1px } @page letter { margin: 2px }":                                                                            {1, 1, 1, 1},
		"@page { @top-left { margin: 9px; content: \"} margin: 8px;\"; } margin: 2px; @top-right { margin: 9px } } @page { size: A4; }": {2, 2, 2, 2},
	} {
		if got, err := pageMargin(css, export.A4); !cmp.Equal(got, want, cmpopts.EquateApprox(0, 1e-9)) || err != nil {
			t.Errorf("%s: %v, %v, want %v", css, got, err, want)
		}
	}
	for _, css := range []string{"@page { margin: var(--x) }", "@page { margin: 1em }", "@page { margin: }", "@page { margin-top: 1px 2px }", "@page { margin: 10 }"} {
		if _, err := pageMargin(css, export.A4); err == nil {
			t.Errorf("%s has a meaning", css)
		}
	}
	if _, err := FirstPage([]byte("<p>no style"), export.A4); err == nil {
		t.Error("a page without a stylesheet has a first page")
	}
	page, err := FirstPage([]byte("<style>@page { margin: 13mm 18mm 11mm; }</style><p>"), export.A4)
	// 793.7 × 1122.5 pixels less 136.1 and 90.7 are 658 × 1032.
	if want := "padding: 49px 68px 42px 68px;"; err != nil || !strings.Contains(string(page), want) {
		t.Errorf("no %s in %s (%v)", want, page, err)
	}
}
