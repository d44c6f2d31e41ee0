package pdf

import (
	"fmt"
	"strings"
)

// Structure is what a file says about its parts, for screen readers and others
// that do not look at the page (ISO 32000-1, 14.7 and 14.8).
type Structure struct {
	Marked   bool           // there is marked content (MarkInfo)
	Language string         // of the document
	Titled   bool           // windows show the title rather than the file's name
	Elements map[string]int // how many there are of each type, such as H1, P, LI
	Headings []int          // their levels, in order
	// Figures are pictures; Described is how many have an alternate text.
	Figures, Described int
	order              []place
}

// place is a piece of marked content.
type place struct{ page, mark int }

// walker goes through the tree of structure.
type walker struct {
	file  *File
	s     *Structure
	pages map[ref]int
	seen  map[ref]bool
	nodes int
}

// Structure reads it. A file without one has no elements.
func (f *File) Structure() (*Structure, error) {
	s := &Structure{Elements: map[string]int{}}
	if info, err := f.dictAt(f.catalog, "MarkInfo"); err != nil {
		return nil, err
	} else if marked, ok := info.get("Marked").(bool); ok {
		s.Marked = marked
	}
	if lang, ok := f.catalog.get("Lang").([]byte); ok {
		s.Language = decodeText(lang)
	}
	if viewer, err := f.dictAt(f.catalog, "ViewerPreferences"); err != nil {
		return nil, err
	} else if titled, ok := viewer.get("DisplayDocTitle").(bool); ok {
		s.Titled = titled
	}
	root, err := f.dictAt(f.catalog, "StructTreeRoot")
	if err != nil || root == nil {
		return s, err
	}
	w := &walker{file: f, s: s, pages: map[ref]int{}, seen: map[ref]bool{}}
	for i, p := range f.pages {
		w.pages[p.ref] = i
	}
	if err := w.kids(root.get("K"), -1, 0); err != nil {
		return nil, fmt.Errorf("reading the structure: %w", err)
	}
	return s, nil
}

// kids goes through what an element on a page holds: one or a list of marked
// content, elements and references to objects.
func (w *walker) kids(v any, page, level int) error {
	if w.nodes++; w.nodes > maxNodes || level > maxLevels {
		return formErrorf("a structure of more than %d parts, or %d levels", maxNodes, maxLevels)
	}
	switch v := v.(type) {
	case float64:
		if v >= 0 && v < 1e9 {
			w.s.order = append(w.s.order, place{page, int(v)})
		}
	case array:
		for _, k := range v {
			if err := w.kids(k, page, level+1); err != nil {
				return err
			}
		}
	case ref:
		if w.seen[v] {
			return formErrorf("an element in two places of the structure")
		}
		w.seen[v] = true
		resolved, err := w.file.resolve(v)
		if err != nil {
			return err
		}
		if _, again := resolved.(ref); !again {
			return w.kids(resolved, page, level+1)
		}
	case dict:
		return w.element(v, page, level)
	}
	return nil
}

func (w *walker) element(d dict, page, level int) error {
	if at, ok := d.get("Pg").(ref); ok {
		if n, ok := w.pages[at]; ok {
			page = n
		}
	}
	switch d.get("Type") {
	case name("OBJR"): // a link's annotation
		return nil
	case name("MCR"):
		return w.kids(d.get("MCID"), page, level+1)
	}
	kind, _ := d.get("S").(name)
	w.s.Elements[string(kind)]++
	switch {
	case len(kind) == 2 && kind[0] == 'H' && kind[1] >= '1' && kind[1] <= '6':
		w.s.Headings = append(w.s.Headings, int(kind[1]-'0'))
	case kind == "Figure":
		w.s.Figures++
		if alt, ok := d.get("Alt").([]byte); ok && strings.TrimSpace(decodeText(alt)) != "" {
			w.s.Described++
		}
	}
	return w.kids(d.get("K"), page, level+1)
}

// HeadingsInOrder reports whether the headings begin with the first level and
// none is more than one level below the one before.
func (s *Structure) HeadingsInOrder() bool {
	last := 0
	for _, level := range s.Headings {
		if level > last+1 {
			return false
		}
		last = level
	}
	return len(s.Headings) > 0
}

// Tagged reports whether readers find a structure.
func (s *Structure) Tagged() bool { return s.Marked && len(s.order) > 0 }
