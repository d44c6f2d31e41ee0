package render

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/samples"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// TestGoldenFiles compares the text, the number of pages and the look of every file.
func TestGoldenFiles(t *testing.T) {
	all := allSamples(t)
	run := &goldenRun{golden: readPages(t), pages: map[string]int{}, fonts: map[string]bool{}}
	t.Run("samples", func(t *testing.T) {
		for _, s := range all {
			t.Run(s.Slug, func(t *testing.T) {
				t.Parallel()
				run.sample(t, s)
			})
		}
	})
	whole := len(run.pages) == len(all)*len(html.Templates())*len(export.Papers())
	switch {
	case whole && *updateGolden:
		writeGolden(t, goldenFile("pages.txt"), run.table(all))
		writeGolden(t, goldenFile("machine.txt"), []byte(machine(t, run.fonts)))
	case *updateGolden:
		t.Errorf("pages.txt and machine.txt are as they were: writing them takes every sample, in one run")
	}
	if whole {
		goldenUsed.Store(goldenFile("machine.txt"), true)
		checkUnused(t, "*.txt", "*/*.png")
	}
}

const howToLook = "\nTo look at it, add -artifacts: go test then keeps the PDF, and a picture of each page as it was, as it is, and where they differ."

// goldenRun collects the results of all files.
type goldenRun struct {
	golden map[string]int // pages, by goldenPrint.String

	mu    sync.Mutex
	pages map[string]int
	fonts map[string]bool // by PostScript name
}

// goldenPrint is a file that is compared with its golden files.
type goldenPrint struct {
	slug, template string
	paper          export.Paper
	heading        string // the name that runs over the pages
	data           []byte
	path           string // where data is for the tools
	pages          int
}

func (p goldenPrint) String() string { return p.slug + " " + p.template + "/" + string(p.paper) }

// sample prints a sample in every template on every paper, and compares.
func (g *goldenRun) sample(t *testing.T, s samples.Sample) {
	for _, template := range html.Templates() {
		drawn := sheet{}
		for _, paper := range export.Papers() {
			t.Run(template.Name+"/"+string(paper), func(t *testing.T) {
				p := printGolden(t, s, template.Name, paper, unchanged)
				g.add(p)
				drawn[paper] = looksOf(t, p.path)
				if *updateGolden {
					p.updateText(t)
					return
				}
				complaints := append(p.checkPages(g.golden), p.checkText(t)...)
				complaints = append(complaints, p.checkLooks(drawn[paper])...)
				if len(complaints) > 0 {
					p.keep(t, drawn[paper])
					t.Errorf("%s:\n- %s\n%s%s", p, strings.Join(complaints, "\n- "), otherMachine(t, p.data), howToLook+howToUpdate)
				}
			})
		}
		if *updateGolden {
			data, err := drawn.encode()
			if err != nil {
				t.Fatal(err)
			}
			writeGolden(t, goldenFile(template.Name, s.Slug+".png"), data)
		}
	}
}

func (g *goldenRun) add(p goldenPrint) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pages[p.String()] = p.pages
	for _, font := range fontsIn(p.data) {
		g.fonts[font] = true
	}
}

// printGolden prints a sample as a worker does, after applying a change to its page.
func printGolden(t *testing.T, s samples.Sample, template string, paper export.Paper, edit func(page []byte) []byte) goldenPrint {
	t.Helper()
	r := sampleResume(t, s)
	d, err := Prepare(r, Options{Format: export.PDF, Template: template, Paper: paper})
	if err != nil {
		t.Fatal(err)
	}
	d.document.HTML = edit(d.document.HTML)
	a, err := d.Render(t.Context(), testenv.Engine(t))
	if err != nil {
		t.Fatal(err)
	}
	return goldenPrint{
		slug: s.Slug, template: template, paper: paper, heading: r.Person.FullName(),
		data: a.Data, path: saved(t, a.Data), pages: a.Pages,
	}
}

func unchanged(page []byte) []byte { return page }

// table writes pages.txt: a line for each sample, a column for each template
// and paper.
func (g *goldenRun) table(all []samples.Sample) []byte {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	line := func(first string, cell func(look string) string) {
		fmt.Fprint(w, first)
		for _, template := range html.Templates() {
			for _, paper := range export.Papers() {
				fmt.Fprint(w, "\t", cell(template.Name+"/"+string(paper)))
			}
		}
		fmt.Fprintln(w)
	}
	line("pages", func(look string) string { return look })
	for _, s := range all {
		line(s.Slug, func(look string) string { return fmt.Sprint(g.pages[s.Slug+" "+look]) })
	}
	_ = w.Flush() // to memory
	return b.Bytes()
}

// readPages reads pages.txt by goldenPrint.String.
func readPages(t *testing.T) map[string]int {
	t.Helper()
	data, err := readGolden(goldenFile("pages.txt"))
	if err != nil {
		if !*updateGolden {
			t.Fatalf("%v%s", err, howToUpdate)
		}
		return nil
	}
	pages := map[string]int{}
	var looks []string
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		if looks == nil {
			looks = fields
			continue
		}
		for i := 1; i < min(len(fields), len(looks)); i++ {
			var n int
			if _, err := fmt.Sscan(fields[i], &n); err != nil {
				t.Fatalf("reading pages.txt: %q is no number", fields[i])
			}
			pages[fields[0]+" "+looks[i]] = n
		}
	}
	return pages
}

func (p goldenPrint) checkPages(golden map[string]int) []string {
	if want, ok := golden[p.String()]; !ok {
		return []string{"pages.txt does not say how many pages it has"}
	} else if want != p.pages {
		return []string{fmt.Sprintf("it has %d pages instead of %d", p.pages, want)}
	}
	return nil
}

// checkLooks compares the pages with the sheet.
func (p goldenPrint) checkLooks(looks []look) []string {
	golden, err := readSheet(goldenFile(p.template, p.slug+".png"))
	if err != nil {
		return []string{err.Error()}
	}
	var complaints []string
	for i, l := range looks {
		for _, d := range l.differences(cut(golden, p.paper, i)) {
			complaints = append(complaints, fmt.Sprintf("page %d: %s", i+1, d))
		}
	}
	return complaints
}

// keep stores the file and pictures of its golden and its current look as test
// artifacts (go test -artifacts).
func (p goldenPrint) keep(t *testing.T, looks []look) {
	t.Helper()
	name := strings.NewReplacer(" ", "-", "/", "-").Replace(p.String())
	dir := t.ArtifactDir()
	if err := os.WriteFile(filepath.Join(dir, name+".pdf"), p.data, 0o644); err != nil {
		t.Error(err)
	}
	golden, err := readSheet(goldenFile(p.template, p.slug+".png"))
	if err != nil {
		return // there is nothing to compare with
	}
	data, err := sideBySide(golden, p.paper, looks)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), data, 0o644)
	}
	if err != nil {
		t.Error(err)
	}
}
