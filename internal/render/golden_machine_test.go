package render

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

// The names of the lines of machine.txt other than fonts.
const (
	browserLine = "browser"
	popplerLine = "poppler"
)

// machine returns the content of machine.txt: the software outside of this repository that
// affects the files, with a name and a version per line: the browser, poppler, and the fonts.
func machine(t *testing.T, fonts map[string]bool) string {
	t.Helper()
	here := versions(t)
	var b strings.Builder
	for _, name := range append([]string{browserLine, popplerLine}, slices.Sorted(maps.Keys(fonts))...) {
		fmt.Fprintf(&b, "%s %s\n", name, here[name])
	}
	return b.String()
}

// versions returns the versions of this machine's browser, poppler, and fonts (by
// PostScript name).
func versions(t *testing.T) map[string]string {
	t.Helper()
	v := map[string]string{browserLine: testenv.Engine(t).Version()}
	// pdftoppm prints its version to stderr.
	said, err := exec.CommandContext(t.Context(), "pdftoppm", "-v").CombinedOutput()
	if err != nil {
		t.Fatalf("asking pdftoppm for its version: %v", err)
	}
	first, _, _ := strings.Cut(string(said), "\n")
	v[popplerLine] = strings.TrimPrefix(first, "pdftoppm version ")
	for line := range strings.Lines(tool(t, "fc-list", "--format", `%{postscriptname}\t%{fontversion}\t%{file}\n`)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		number, err := strconv.Atoi(fields[1])
		if err != nil {
			continue // a bitmap font has no version
		}
		// Fixed point, 16.16; builders of the same version may differ, so the size tells, too.
		v[fields[0]] = fmt.Sprintf("%.3f", float64(number)/(1<<16))
		if stat, err := os.Stat(fields[2]); err == nil {
			v[fields[0]] += fmt.Sprintf(" (%d bytes)", stat.Size())
		}
	}
	return v
}

var fontName = regexp.MustCompile(`/FontName\s*/(?:[A-Z]{6}\+)?([^\s/<>\[\]()]+)`)

// fontsIn lists the fonts in a file written by Chrome.
func fontsIn(data []byte) []string {
	var names []string
	for _, m := range fontName.FindAllSubmatch(data, -1) {
		if name := string(m[1]); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// otherMachine lists the software whose version differs from that which made the golden
// files. It is the most likely cause of differences.
func otherMachine(t *testing.T, data []byte) string {
	t.Helper()
	recorded, err := readGolden(goldenFile("machine.txt"))
	if err != nil {
		return err.Error()
	}
	here := versions(t)
	var others []string
	known := map[string]bool{}
	for line := range strings.Lines(string(recorded)) {
		name, version, _ := strings.Cut(strings.TrimSpace(line), " ")
		known[name] = true
		if now := here[name]; now == "" {
			others = append(others, fmt.Sprintf("%s %s: is not on this machine", name, version))
		} else if now != version {
			others = append(others, fmt.Sprintf("%s %s: here it is %s", name, version, now))
		}
	}
	for _, name := range fontsIn(data) {
		if !known[name] {
			others = append(others, fmt.Sprintf("%s: in this file, and in none when the goldens were made", name))
		}
	}
	if others == nil {
		return "The browser, poppler and the fonts are those the goldens were made with: the change is this project's."
	}
	return "THIS MACHINE IS NOT THE ONE THE GOLDENS WERE MADE ON, which may be all there is to it. They were made with\n  " +
		strings.Join(others, "\n  ")
}
