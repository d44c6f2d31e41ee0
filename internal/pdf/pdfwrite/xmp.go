package pdfwrite

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// metadata returns the information as an XMP stream (ISO 32000-1, 14.3.2), which archives
// and search engines prefer. It is not compressed, so that they can find it.
func (i Info) metadata(created string) object {
	var x bytes.Buffer
	x.WriteString("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">` +
		"\n<dc:format>application/pdf</dc:format>\n")
	language := `<rdf:li xml:lang="x-default">`
	property(&x, "dc:title", "rdf:Alt", language, i.Title)
	property(&x, "dc:creator", "rdf:Seq", "<rdf:li>", i.Author)
	property(&x, "dc:description", "rdf:Alt", language, i.Subject)
	property(&x, "dc:subject", "rdf:Bag", "<rdf:li>", i.Keywords...)
	property(&x, "dc:language", "rdf:Bag", "<rdf:li>", i.Language)
	property(&x, "pdf:Keywords", "", "", strings.Join(i.Keywords, ", "))
	property(&x, "pdf:Producer", "", "", i.Producer)
	property(&x, "xmp:CreatorTool", "", "", i.Creator)
	if t, err := time.Parse(dateForm, created); err == nil {
		property(&x, "xmp:CreateDate", "", "", t.Format(time.RFC3339))
		property(&x, "xmp:ModifyDate", "", "", t.Format(time.RFC3339))
	}
	x.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>")
	return object{body: fmt.Appendf(nil, "<</Type /Metadata\n/Subtype /XML\n/Length %d>>", x.Len()), stream: x.Bytes()}
}

// property writes an XMP property with these texts, in a list unless list is empty. It writes
// nothing if the first text is empty.
func property(x *bytes.Buffer, name, list, item string, texts ...string) {
	if len(texts) == 0 || texts[0] == "" {
		return
	}
	fmt.Fprintf(x, "<%s>", name)
	if list != "" {
		fmt.Fprintf(x, "<%s>", list)
	}
	for _, t := range texts {
		x.WriteString(item)
		_ = xml.EscapeText(x, []byte(t)) // into memory: it cannot fail
		if item != "" {
			x.WriteString("</rdf:li>")
		}
	}
	if list != "" {
		fmt.Fprintf(x, "</%s>", list)
	}
	fmt.Fprintf(x, "</%s>\n", name)
}
