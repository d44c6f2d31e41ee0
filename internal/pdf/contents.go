package pdf

import "fmt"

// Link is a link annotation with a URI.
type Link struct {
	URI  string
	Page int
}

// Links returns the links to URIs in the order of the pages and annotations.
func (f *File) Links() ([]Link, error) {
	var links []Link
	for n, p := range f.pages {
		list, err := f.listAt(p.dict, "Annots")
		if err != nil {
			return nil, fmt.Errorf("reading the links of page %d: %w", n+1, err)
		}
		for _, v := range list {
			if v, err = f.resolve(v); err != nil {
				return nil, fmt.Errorf("reading the links of page %d: %w", n+1, err)
			}
			d, _ := v.(dict)
			if d.get("Subtype") != name("Link") {
				continue
			}
			action, err := f.dictAt(d, "A")
			if err != nil {
				return nil, fmt.Errorf("reading the links of page %d: %w", n+1, err)
			}
			if uri, ok := action.get("URI").([]byte); ok && len(links) < maxNodes {
				links = append(links, Link{URI: decodeText(uri), Page: n})
			}
		}
	}
	return links, nil
}

// Bookmark is an entry of the outline.
type Bookmark struct {
	Title string
	Level int // 0 at the top
}

// Outline returns the bookmarks in order.
func (f *File) Outline() ([]Bookmark, error) {
	root, err := f.dictAt(f.catalog, "Outlines")
	if err != nil {
		return nil, fmt.Errorf("reading the outline: %w", err)
	}
	var list []Bookmark
	seen := map[ref]bool{}
	var walk func(v any, level int) error
	walk = func(v any, level int) error {
		for v != nil {
			at, ok := v.(ref)
			if !ok || seen[at] || level > maxLevels || len(list) > maxNodes {
				return formErrorf("its outline is damaged")
			}
			seen[at] = true
			resolved, err := f.resolve(at)
			if err != nil {
				return err
			}
			d, _ := resolved.(dict)
			title, _ := d.get("Title").([]byte)
			list = append(list, Bookmark{decodeText(title), level})
			if err := walk(d.get("First"), level+1); err != nil {
				return err
			}
			v = d.get("Next")
		}
		return nil
	}
	if err := walk(root.get("First"), 0); err != nil {
		return nil, fmt.Errorf("reading the outline: %w", err)
	}
	return list, nil
}

// Info returns the document information dictionary: Title, Author, Subject, Keywords,
// Creator, Producer, CreationDate, ModDate.
func (f *File) Info() (map[string]string, error) {
	d, err := f.dictAt(f.trailer, "Info")
	if err != nil {
		return nil, fmt.Errorf("reading the document information: %w", err)
	}
	info := map[string]string{}
	for _, e := range d {
		if text, ok := e.value.([]byte); ok {
			info[string(e.key)] = decodeText(text)
		}
	}
	return info, nil
}
