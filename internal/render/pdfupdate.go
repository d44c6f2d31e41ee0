package render

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// update is what is added to a file as an incremental update (ISO 32000-1, 7.5.6):
// objects, new or newer than those before, and a second table that points to them.
type update struct {
	file    *pdfFile
	objects []object
	next    int // the first number no object has
}

type object struct {
	number int
	body   []byte
}

// replace gives an object another body.
func (u *update) replace(number int, body []byte) {
	u.objects = append(u.objects, object{number, body})
}

// add gives a new object its number.
func (u *update) add(body []byte) int {
	u.next++
	u.replace(u.next-1, body)
	return u.next - 1
}

// extendCatalog writes the catalog anew with more entries.
func (u *update) extendCatalog(entries []byte) error {
	old, err := u.file.object(u.file.root)
	if err != nil {
		return err
	}
	_, old, _ = bytes.Cut(old, []byte("obj"))
	old = bytes.TrimSpace(old)
	body, ok := bytes.CutSuffix(old, []byte(">>"))
	if !ok || !bytes.HasPrefix(old, []byte("<<")) {
		return fmt.Errorf("%w: its catalog is no dictionary", errNotWhole)
	}
	for _, key := range []string{"/Metadata ", "/Names ", "/AF "} {
		if bytes.Contains(entries, []byte(key)) && bytes.Contains(body, []byte(key)) {
			return fmt.Errorf("%w: its catalog has a%s already", errNotWhole, key)
		}
	}
	u.replace(u.file.root, slices.Concat(body, []byte("\n"), entries, []byte(">>")))
	return nil
}

// bytes is the file with the update behind it.
func (u *update) bytes() []byte {
	slices.SortFunc(u.objects, func(a, b object) int { return cmp.Compare(a.number, b.number) })
	out := u.file.data
	offsets := make([]int, len(u.objects))
	for i, o := range u.objects {
		offsets[i] = len(out)
		out = fmt.Appendf(out, "%d 0 obj\n", o.number)
		out = append(append(out, o.body...), "\nendobj\n"...)
	}
	table := len(out)
	out = append(out, "xref\n"...)
	for i := 0; i < len(u.objects); {
		end := i + 1
		for end < len(u.objects) && u.objects[end].number == u.objects[end-1].number+1 {
			end++
		}
		out = fmt.Appendf(out, "%d %d\n", u.objects[i].number, end-i)
		for ; i < end; i++ {
			out = fmt.Appendf(out, "%010d 00000 n \n", offsets[i])
		}
	}
	return fmt.Appendf(out, "trailer\n<</Size %d\n/Root %d 0 R\n/Info %d 0 R\n/Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
		u.next, u.file.root, u.file.info, u.file.startx, table)
}
