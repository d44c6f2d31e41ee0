package pdf

import (
	"errors"
	"fmt"
)

// ErrNoAttachment means that a file has no attachment with the requested name.
var ErrNoAttachment = errors.New("the PDF has no such attachment")

// Attachment returns the bytes of the attached file with that name (ISO 32000-1,
// 7.11.4). The error is ErrNoAttachment if there is none.
func (f *File) Attachment(filename string) ([]byte, error) {
	names, err := f.dictAt(f.catalog, "Names")
	if err != nil {
		return nil, fmt.Errorf("looking for %s: %w", filename, err)
	}
	v, err := f.resolve(names.get("EmbeddedFiles"))
	if err != nil {
		return nil, fmt.Errorf("looking for %s: %w", filename, err)
	}
	seen := map[ref]bool{}
	nodes := 0
	var find func(v any, level int) (dict, error)
	find = func(v any, level int) (dict, error) {
		if at, ok := v.(ref); ok {
			if seen[at] {
				return nil, formErrorf("its name tree has a cycle")
			}
			seen[at] = true
		}
		if nodes++; nodes > maxNodes || level > maxLevels {
			return nil, formErrorf("its name tree has more than %d nodes or %d levels", maxNodes, maxLevels)
		}
		resolved, err := f.resolve(v)
		if err != nil {
			return nil, err
		}
		node, _ := resolved.(dict)
		list, err := f.listAt(node, "Names")
		if err != nil {
			return nil, err
		}
		for i := 1; i < len(list); i += 2 {
			spec, err := f.resolve(list[i])
			if err != nil {
				return nil, err
			}
			if d, _ := spec.(dict); called(d, filename) {
				return d, nil
			}
		}
		kids, err := f.listAt(node, "Kids")
		if err != nil {
			return nil, err
		}
		for _, k := range kids {
			if d, err := find(k, level+1); d != nil || err != nil {
				return d, err
			}
		}
		return nil, nil
	}
	spec, err := find(v, 0)
	if err != nil {
		return nil, fmt.Errorf("looking for %s: %w", filename, err)
	}
	if spec == nil {
		return nil, fmt.Errorf("looking for %s: %w", filename, ErrNoAttachment)
	}
	return f.attached(spec, filename)
}

// called reports whether a file specification has that name.
func called(spec dict, filename string) bool {
	for _, key := range []name{"UF", "F"} {
		if text, ok := spec.get(key).([]byte); ok && decodeText(text) == filename {
			return true
		}
	}
	return false
}

// attached returns the bytes of the file that a file specification embeds.
func (f *File) attached(spec dict, filename string) ([]byte, error) {
	files, err := f.dictAt(spec, "EF")
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", filename, err)
	}
	v, err := f.resolve(files.get("F"))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", filename, err)
	}
	s, ok := v.(*stream)
	if !ok {
		return nil, fmt.Errorf("reading %s: %w", filename, formErrorf("its bytes are missing"))
	}
	data, err := f.inflate(s)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", filename, err)
	}
	return data, nil
}
