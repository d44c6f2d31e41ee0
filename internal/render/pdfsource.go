package render

import (
	"bytes"
	"fmt"

	"github.com/klauspost/compress/zlib"
)

// SourceName is what the resume is called that a PDF carries.
const SourceName = "resume.json"

// attach adds the resume as an attached file and gives what the catalog has to say
// of it: readers list it by name, and know it as the source of the document
// (ISO 32000-2, 7.11.4 and 14.13).
func (u *update) attach(source []byte, changed string) []byte {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(source) // into memory: it cannot fail
	_ = z.Close()
	var file bytes.Buffer
	fmt.Fprintf(&file, "<</Type /EmbeddedFile\n/Subtype /application#2Fjson\n/Filter /FlateDecode\n/Length %d\n"+
		"/Params <</Size %d\n/ModDate (%s)>>>> stream\n", packed.Len(), len(source), changed)
	file.Write(packed.Bytes())
	file.WriteString("\nendstream")
	bytes := u.add(file.Bytes())
	spec := u.add(fmt.Appendf(nil, "<</Type /Filespec\n/F (%s)\n/UF (%s)\n/Desc (The resume as JSON Resume)\n/AFRelationship /Source\n"+
		"/EF <</F %d 0 R\n/UF %d 0 R>>>>", SourceName, SourceName, bytes, bytes))
	return fmt.Appendf(nil, "/Version /1.7\n/Names <</EmbeddedFiles <</Names [(%s) %d 0 R]>>>>\n/AF [%d 0 R]\n", SourceName, spec, spec)
}
