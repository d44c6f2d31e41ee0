package pdfwrite

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// additions are the objects that an Info adds to a file or replaces in it.
type additions struct {
	file    *File
	objects []addition
	next    int // the lowest unused object number
	info    int // number of the document information
}

type addition struct {
	number int
	object
}

// additions returns the objects for the information, ordered by number.
func (f *File) additions(i Info) (*additions, error) {
	old := f.oldInfo()
	created := old.created
	if !i.Date.IsZero() {
		created = dateString(i.Date)
	}
	if i.Producer == "" {
		i.Producer = old.producer
	} else if old.producer != "" {
		i.Producer += "; " + old.producer
	}
	a := &additions{file: f, next: len(f.offsets), info: f.info}
	a.replace(a.info, object{body: i.dictionary(created)})
	entries := fmt.Appendf(nil, "/Metadata %d 0 R\n", a.add(i.metadata(created)))
	if i.Attached != nil {
		var err error
		if entries, err = a.attach(entries, *i.Attached, created); err != nil {
			return nil, err
		}
	}
	if err := a.extendCatalog(entries); err != nil {
		return nil, err
	}
	slices.SortFunc(a.objects, func(x, y addition) int { return cmp.Compare(x.number, y.number) })
	return a, nil
}

// replace sets the content of an existing object.
func (a *additions) replace(number int, o object) {
	a.objects = append(a.objects, addition{number, o})
}

// add adds a new object and returns its number.
func (a *additions) add(o object) int {
	a.next++
	a.replace(a.next-1, o)
	return a.next - 1
}

// extendCatalog adds entries to the catalog. It fails if the catalog has one of them already.
func (a *additions) extendCatalog(entries []byte) error {
	old, err := a.file.object(a.file.root)
	if err != nil {
		return err
	}
	body, ok := bytes.CutSuffix(old.body, []byte(">>"))
	if !ok || !bytes.HasPrefix(old.body, []byte("<<")) {
		return formErrorf("the catalog is not a dictionary")
	}
	for _, key := range []string{"Metadata", "Names", "AF"} {
		if bytes.Contains(entries, []byte("/"+key+" ")) && entry(old.body, key) != nil {
			return formErrorf("the catalog already has %s", key)
		}
	}
	a.replace(a.file.root, object{body: slices.Concat(body, []byte("\n"), entries, []byte(">>"))})
	return nil
}

// attach adds an attached file and appends its catalog entries to entries: its name, by
// which readers list it, and its relationship to the document, the source (ISO 32000-2,
// 7.11.4 and 14.13).
func (a *additions) attach(entries []byte, file Attachment, changed string) ([]byte, error) {
	packed, err := deflateSmall(file.Data)
	if err != nil {
		return nil, err
	}
	embedded := a.add(object{
		body: fmt.Appendf(nil, "<</Type /EmbeddedFile\n/Subtype /%s\n/Filter /FlateDecode\n/Length %d\n/Params <</Size %d\n/ModDate (%s)>>>>",
			nameOf(file.Type), len(packed), len(file.Data), changed),
		stream: packed,
	})
	spec := a.add(object{body: fmt.Appendf(nil, "<</Type /Filespec\n/F (%s)\n/UF (%s)\n/Desc (%s)\n/AFRelationship /Source\n"+
		"/EF <</F %d 0 R\n/UF %d 0 R>>>>", file.Name, file.Name, file.Description, embedded, embedded)})
	return fmt.Appendf(entries, "/Version /1.7\n/Names <</EmbeddedFiles <</Names [(%s) %d 0 R]>>>>\n/AF [%d 0 R]\n", file.Name, spec, spec), nil
}

// nameOf writes a media type as a name (ISO 32000-1, 7.3.5).
func nameOf(mediaType string) []byte {
	return bytes.ReplaceAll([]byte(mediaType), []byte("/"), []byte("#2F"))
}

// apply adds the objects to d.
func (a *additions) apply(d *parsedFile) {
	d.objects = append(d.objects, make([]*object, a.next-len(d.objects))...)
	for _, o := range a.objects {
		d.objects[o.number] = &o.object
	}
}

// update appends the objects to the file as an incremental update (ISO 32000-1, 7.5.6).
// It serves files whose other objects cannot be read.
func (a *additions) update() []byte {
	out := a.file.data
	offsets := make([]int, len(a.objects))
	for i, o := range a.objects {
		offsets[i] = len(out)
		out = fmt.Appendf(out, "%d 0 obj\n%s", o.number, o.body)
		if o.stream != nil {
			out = fmt.Appendf(out, " stream\n%s\nendstream", o.stream)
		}
		out = append(out, "\nendobj\n"...)
	}
	table := len(out)
	out = append(out, "xref\n"...)
	for i := 0; i < len(a.objects); {
		end := i + 1
		for end < len(a.objects) && a.objects[end].number == a.objects[end-1].number+1 {
			end++
		}
		out = fmt.Appendf(out, "%d %d\n", a.objects[i].number, end-i)
		for ; i < end; i++ {
			out = fmt.Appendf(out, "%010d 00000 n \n", offsets[i])
		}
	}
	return fmt.Appendf(out, "trailer\n<</Size %d\n/Root %d 0 R\n/Info %d 0 R\n/Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
		a.next, a.file.root, a.info, a.file.table, table)
}
