package compact

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// file is a PDF taken apart. Its slices point into the data it was parsed from
// and are replaced, never written to.
type file struct {
	header  []byte    // the first lines, to the first object
	objects []*object // by number; nil where there is none
	trailer []byte    // the newest trailer's dictionary

	inflated *bytes.Buffer // what was read last of a compressed stream
}

// object is a value, or a dictionary with the bytes of a stream.
type object struct {
	body   []byte
	stream []byte // as stored, mostly compressed; nil when there is none
}

// maxObjects bounds the numbers of objects. Long documents have some thousand.
const maxObjects = 1 << 20

var errForm = errors.New("the file is not in the form that Chrome writes")

// parse reads a file of plain objects: the newest version of each, through the
// cross-reference tables from the last to the first.
func parse(data []byte) (*file, error) {
	tail := data[max(0, len(data)-64):]
	_, digits, _ := bytes.Cut(tail, []byte("startxref\n"))
	at, ok := number(digits)
	if !ok {
		return nil, fmt.Errorf("%w: it does not say where its table is", errForm)
	}
	f := &file{inflated: new(bytes.Buffer)}
	var offsets []int
	const maxTables = 8 // Chrome's, and those of what was added to its file
	for range maxTables {
		if at >= len(data) {
			return nil, fmt.Errorf("%w: no table at %d", errForm, at)
		}
		dict, err := readTable(data[at:], &offsets)
		if err != nil {
			return nil, err
		}
		if f.trailer == nil {
			f.trailer = dict
		}
		if at, ok = number(entry(dict, "Prev")); !ok {
			return f, f.read(data, offsets)
		}
	}
	return nil, fmt.Errorf("%w: it was changed too often", errForm)
}

// read reads the objects at the offsets, where there are any.
func (f *file) read(data []byte, offsets []int) error {
	f.objects = make([]*object, len(offsets))
	first := len(data)
	for n, offset := range offsets {
		if offset <= 0 {
			continue
		}
		o, err := readObject(data, n, offset)
		if err != nil {
			return err
		}
		f.objects[n] = o
		first = min(first, offset)
	}
	if f.header = data[:first]; !bytes.HasPrefix(f.header, []byte("%PDF-1.")) {
		return fmt.Errorf("%w: it does not say its version", errForm)
	}
	return nil
}

// get is the object of that number, or nil.
func (f *file) get(n int) *object {
	if n <= 0 || n >= len(f.objects) {
		return nil
	}
	return f.objects[n]
}

// deleted is the offset of an object that is no more; 0 is that of one not seen yet.
const deleted = -1

// readTable adds the offsets of a cross-reference table that no newer one has,
// and returns the dictionary of the trailer behind it.
func readTable(data []byte, offsets *[]int) ([]byte, error) {
	damaged := fmt.Errorf("%w: a cross-reference table is damaged", errForm)
	rest, ok := bytes.CutPrefix(data, []byte("xref\n"))
	if !ok {
		return nil, damaged
	}
	const line = 20
	for !bytes.HasPrefix(rest, []byte("trailer")) {
		head, lines, ok := bytes.Cut(rest, []byte("\n"))
		from, n, _ := bytes.Cut(head, []byte(" "))
		first, okFirst := number(from)
		count, okCount := number(n)
		if !ok || !okFirst || !okCount || count > len(lines)/line {
			return nil, damaged
		}
		if missing := first + count - len(*offsets); missing > 0 {
			if first > maxObjects {
				return nil, damaged
			}
			*offsets = append(*offsets, make([]int, missing)...)
		}
		for i := range count {
			entry := lines[i*line : (i+1)*line]
			offset, ok := number(entry[:10])
			if !ok {
				return nil, damaged
			}
			if entry[17] != 'n' {
				offset = deleted
			}
			if at := &(*offsets)[first+i]; *at == 0 {
				*at = offset
			}
		}
		rest = lines[count*line:]
	}
	dict, _, ok := value(rest[len("trailer"):])
	if !ok {
		return nil, damaged
	}
	return dict, nil
}

// readObject reads "n 0 obj", a value, and maybe a stream of known length.
func readObject(data []byte, n, offset int) (*object, error) {
	if o := objectAt(data, n, offset); o != nil {
		return o, nil
	}
	return nil, fmt.Errorf("%w: object %d is damaged", errForm, n)
}

func objectAt(data []byte, n, offset int) *object {
	if offset >= len(data) {
		return nil
	}
	var head [24]byte
	rest, ok := bytes.CutPrefix(data[offset:], append(strconv.AppendInt(head[:0], int64(n), 10), " 0 obj\n"...))
	if !ok {
		return nil
	}
	body, rest, ok := value(rest)
	if !ok {
		return nil
	}
	rest = skipSpace(rest)
	if bytes.HasPrefix(rest, []byte("endobj")) {
		return &object{body: body}
	}
	rest, ok = bytes.CutPrefix(rest, []byte("stream\n"))
	length, okLength := number(entry(body, "Length"))
	if !ok || !okLength || length > len(rest) || !bytes.HasPrefix(skipSpace(rest[length:]), []byte("endstream")) {
		return nil
	}
	return &object{body: body, stream: rest[:length:length]}
}
