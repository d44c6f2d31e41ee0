package render

import (
	"slices"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
)

// Portals turn large files away, and mail servers hold them up.
func TestFileSizes(t *testing.T) {
	t.Parallel()
	const (
		latin = 40 << 10 // a page: 80 KB for the usual two
		cjk   = 250 << 10
		emoji = 250 << 10 // pictures
	)
	for _, s := range allSamples(t) {
		for _, template := range html.Templates() {
			t.Run(s.Slug+"/"+template.Name, func(t *testing.T) {
				t.Parallel()
				a := renderIn(t, sampleResume(t, s), template.Name, export.A4)
				limit := latin * max(a.Pages, 2)
				switch {
				case slices.Contains([]string{"japanese", "korean", "chinese", "traditional-chinese"}, s.Slug):
					limit = cjk
				case s.Slug == "emoji-longwords":
					limit = emoji
				}
				if len(a.Data) > limit {
					t.Errorf("%d pages in %d bytes, more than %d\n%s", a.Pages, len(a.Data), limit, tool(t, "pdffonts", saved(t, a.Data)))
				}
			})
		}
	}
}

// scripts has the faces that the template classic uses for the scripts of a sample other than
// Latin.
var scripts = map[string][]string{
	"arabic": {"NotoNaskhArabic-Regular", "NotoNaskhArabic-Bold"}, "hebrew": {"NotoSerifHebrew-Regular", "NotoSerifHebrew-Bold"},
	"hindi": {"NotoSerifDevanagari-Regular", "NotoSerifDevanagari-Bold"}, "thai": {"NotoSerifThai-Regular", "NotoSerifThai-Bold"},
	"chinese":             {"NotoSerifCJKsc-Regular", "NotoSerifCJKsc-Bold"},
	"traditional-chinese": {"NotoSerifCJKtc-Regular", "NotoSerifCJKtc-Bold"},
	"japanese":            {"NotoSerifCJKjp-Regular", "NotoSerifCJKjp-Bold"}, "korean": {"NotoSerifCJKkr-Regular", "NotoSerifCJKkr-Bold"},
	"vietnamese": nil, "greek-cyrillic": nil, "german": nil, "french": nil, "portuguese": nil,
}

// A face from elsewhere shows that one of these lacks something, or is not there.
func TestFaces_ByScript(t *testing.T) {
	t.Parallel()
	for slug, faces := range scripts {
		t.Run(slug, func(t *testing.T) {
			t.Parallel()
			fonts := tool(t, "pdffonts", saved(t, renderPDF(t, sample(t, slug), export.A4).Data))
			for _, face := range faces {
				if !strings.Contains(fonts, "+"+face) {
					t.Errorf("%s is not in the file:\n%s", face, fonts)
				}
			}
			lines := strings.Split(strings.TrimSpace(fonts), "\n")
			for _, line := range lines[min(2, len(lines)):] {
				name := strings.TrimSuffix(strings.Fields(line)[0], "-Identity-H")
				_, name, _ = strings.Cut(name, "+")
				if !strings.HasPrefix(name, "Vollkorn-") && !slices.Contains(faces, name) {
					t.Errorf("a face from elsewhere: %s", line)
				}
			}
		})
	}
}
