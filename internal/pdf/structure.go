package pdf

import (
	"fmt"
	"strings"
)

// Structure describes the logical structure of a file, which screen readers and text
// extractors use (ISO 32000-1, 14.7 and 14.8).
type Structure struct {
	Marked   bool           // MarkInfo declares a tagged PDF
	Language string         // of the document
	Titled   bool           // viewers show the title instead of the file name (DisplayDocTitle)
	Elements map[string]int // number of elements of each type, such as H1, P, LI
	Headings []int          // their levels, in order
	// Figures is the number of pictures; Described, of those with an alternate text.
	Figures, Described int
	order              []place
}

// place identifies a piece of marked content.
type place struct{ page, mark int }

// walker traverses the structure tree.
type walker struct {
	file  *File
	s     *Structure
	pages map[ref]int
	seen  map[ref]bool
	nodes int
}

// Structure reads the logical structure. Without one the result has no elements.
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

// kids visits the children of an element on a page: marked content, elements and
// object references, either one of them or an array.
func (w *walker) kids(v any, page, level int) error {
	if w.nodes++; w.nodes > maxNodes || level > maxLevels {
		return formErrorf("its structure has more than %d nodes or %d levels", maxNodes, maxLevels)
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
			return formErrorf("an element occurs twice in the structure")
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
// each is at most one level below the previous one.
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

// Tagged reports whether the file is a tagged PDF with content in its structure.
func (s *Structure) Tagged() bool { return s.Marked && len(s.order) > 0 }
