package render

import (
	"os"
	"strings"
	"testing"
)

// printed returns a small file in the form that Chrome prints: three pages, no fonts.
func printed(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("../pdf/pdfwrite/testdata/chrome.pdf")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A real browser writes the name into the file first.
func TestRender_HostileNameInInformation(t *testing.T) {
	t.Parallel()
	for _, name := range []string{`O'Neil (Jr.) \ endobj`, "/CreationDate (D:19700101000000+00'00') 𝒵"} {
		r := sample(t, "nearly-empty")
		r.Person.FirstName, r.Person.LastName = name, ""
		path := saved(t, renderPDF(t, r, "a4").Data)
		tool(t, "qpdf", "--check", path)
		if got := tool(t, "pdfinfo", "-enc", "UTF-8", path); !strings.Contains(got, "Author:          "+name+"\n") {
			t.Errorf("want the author %q in\n%s", name, got)
		}
	}
}
