package html

import (
	_ "embed"
	"fmt"
	"strings"
)

// fontsTXT is the list of fonts; scripts/setup.sh reads it, too.
//
//go:embed fonts.txt
var fontsTXT string

// Font is a typeface that templates are made with.
type Font struct {
	Families []string // names in stylesheets; any one of them will do, the first is preferred
	Shows    string   // the scripts it is for, in words
	Sample   string   // some characters it must have
	Package  string   // what Debian calls its package
	Cask     string   // what Homebrew calls it; "-" where macOS has its own
}

// Fonts lists the fonts that a machine which prints must have. An error means that
// the embedded list is broken.
func Fonts() ([]Font, error) {
	var list []Font
	for line := range strings.Lines(fontsTXT) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, " | ")
		if len(columns) != 5 {
			return nil, fmt.Errorf("reading fonts.txt: %q has %d columns instead of 5", line, len(columns))
		}
		list = append(list, Font{
			Families: strings.Split(columns[0], ", "), Shows: columns[1], Sample: columns[2], Package: columns[3], Cask: columns[4],
		})
	}
	return list, nil
}
