package pdfwrite

import "testing"

// joined returns a content stream as the writer joins its texts. Font F4 has glyphs half as
// wide as the size; of font F5 nothing is known.
func joined(t *testing.T, content string) string {
	t.Helper()
	j := &joiner{spans: true, letters: true, doc: &parsedFile{scratch: new(scratch)}, fonts: map[int]*textFont{
		4: {part: &object{body: []byte("<<>>")}, usual: 500, texts: map[int]string{1: "0041", 2: "4EBA", 3: "0301", 6: "0020"}},
		5: nil,
	}}
	o := &object{body: []byte("<<>>")}
	if err := j.rewrite(o, appendLines(nil, []byte(content))); err != nil {
		t.Fatal(err)
	}
	return string(j.doc.inflate(o))
}

func TestRewrite(t *testing.T) {
	t.Parallel()
	const begin = "BT\n/F4 10 Tf\n1 0 0 -1 0 20 Tm\n"
	for name, c := range map[string]struct{ content, want string }{
		"glyph by glyph": {begin + "<0001> Tj\n5 0 Td <0002> Tj\n5.001 0 Td <0003> Tj\nET\n", begin + "<000100020003> Tj\nET\n"},
		"without a move": {begin + "<0001> Tj\n<0002> Tj\n10 0 Td <0003> Tj\nET\n", begin + "<000100020003> Tj\nET\n"},
		"kerned":         {begin + "<0001> Tj\n4.8 0 Td <0002> Tj\nET\n", begin + "[<0001>20<0002>] TJ\nET\n"},
		"kerned by much": {begin + "<0001> Tj\n4 0 Td <0002> Tj\nET\n", begin + "[<0001>40 40 20<0002>] TJ\nET\n"},
		"a gap":          {begin + "<0001> Tj\n7 0 Td <0002> Tj\nET\n", begin + "[<0001>-200<0002>] TJ\nET\n"},
		"far away":       {begin + "<0001> Tj\n50 0 Td <0002> Tj\nET\n", begin + "<0001> Tj\n50 0 Td <0002> Tj\nET\n"},
		"raised":         {begin + "<0001> Tj\n5 -3 Td <0002> Tj\n5 3 Td <0001> Tj\nET\n", begin + "<0001> Tj\n5 -3 Td <0002> Tj\n5 3 Td <0001> Tj\nET\n"},
		"unknown font":   {"BT\n/F5 10 Tf\n1 0 0 -1 0 20 Tm\n<01> Tj\n5 0 Td <02> Tj\n<03> Tj\nET\n", "BT\n/F5 10 Tf\n1 0 0 -1 0 20 Tm\n<01> Tj\n5 0 Td <02> Tj\n<03> Tj\nET\n"},
		"font set again": {begin + "<0001> Tj\n/F4 10 Tf\n5 0 Td <0002> Tj\nET\n", begin + "<00010002> Tj\nET\n"},
		"next text":      {begin + "<0001> Tj\nET\n" + begin + "5 0 Td <0002> Tj\nET\n", begin + "<00010002> Tj\nET\n"},
		"next line":      {begin + "<0001> Tj\nET\nBT\n/F4 10 Tf\n1 0 0 -1 0 40 Tm\n<0002> Tj\nET\n", begin + "<0001> Tj\nET\nBT\n/F4 10 Tf\n1 0 0 -1 0 40 Tm\n<0002> Tj\nET\n"},
		"marked content": {begin + "<0001> Tj\nET\nEMC\n" + begin + "5 0 Td <0002> Tj\nET\n", begin + "<0001> Tj\nET\nEMC\nBT\n/F4 10 Tf\n1 0 0 -1 5 20 Tm\n<0002> Tj\nET\n"},
		"span of one":    {begin + "/Span<</ActualText <feff4eba> >> BDC\n<0002> Tj\nEMC\n5 0 Td <0001> Tj\nET\n", begin + "<00020001> Tj\nET\n"},
		"span with more": {begin + "/Span<</ActualText <feff4e00> >> BDC\n<0002> Tj\nEMC\nET\n", begin + "/Span<</ActualText <feff4e00> >> BDC\n<0002> Tj\nEMC\nET\n"},
		"span of a mark": {begin + "/Span<</ActualText <feff0301> >> BDC\n<0003> Tj\nEMC\nET\n", begin + "/Span<</ActualText <feff0301> >> BDC\n<0003> Tj\nEMC\nET\n"},
		"blank before a gap": {
			begin + "<0001> Tj\n<0006> Tj\nET\n0 0 1 RG 0 0 1 rg\nEMC\n/P <</MCID 2 >>BDC\nBT\n/F4 10 Tf\n1 0 0 -1 100 20 Tm\n<0001> Tj\nET\n",
			begin + "<0001> Tj\n" + bridgeText + "6.2 0 Td 1852 Tz <0006> Tj 100 Tz\nEMC\nET\n0 0 1 RG 0 0 1 rg\nEMC\n/P <</MCID 2 >>BDC\nBT\n/F4 10 Tf\n1 0 0 -1 100 20 Tm\n<0001> Tj\nET\n",
		},
		"only a blank before a gap": {
			begin + "20 0 Td <0006> Tj\nET\nBT\n/F5 10 Tf\n1 0 0 -1 100 20 Tm\n<0001> Tj\nET\n",
			"BT\n/F4 10 Tf\n1 0 0 -1 20 20 Tm\n" + bridgeText + "1.2 0 Td 1552 Tz <0006> Tj 100 Tz\nEMC\nET\nBT\n/F5 10 Tf\n1 0 0 -1 100 20 Tm\n<0001> Tj\nET\n",
		},
		"moved blank before a gap": {
			begin + "<0001> Tj\n6 0 Td <0006> Tj\nET\nBT\n/F4 10 Tf\n1 0 0 -1 100 20 Tm\n<0001> Tj\nET\n",
			begin + "[<0001>-100] TJ\n" + bridgeText + "7.2 0 Td 1832 Tz <0006> Tj 100 Tz\nEMC\nET\nBT\n/F4 10 Tf\n1 0 0 -1 100 20 Tm\n<0001> Tj\nET\n",
		},
		"blank before a small gap": {
			begin + "<0006> Tj\nET\nBT\n/F4 10 Tf\n1 0 0 -1 14 20 Tm\n<0001> Tj\nET\n",
			begin + "<0006> Tj\nET\nBT\n/F4 10 Tf\n1 0 0 -1 14 20 Tm\n<0001> Tj\nET\n",
		},
		"blank before the next line": {
			begin + "<0006> Tj\nET\nBT\n/F4 10 Tf\n1 0 0 -1 100 30 Tm\n<0001> Tj\nET\n",
			begin + "<0006> Tj\nET\nBT\n/F4 10 Tf\n1 0 0 -1 100 30 Tm\n<0001> Tj\nET\n",
		},
		"blank before a text elsewhere": {
			begin + "<0006> Tj\nET\n3 0 0 3 50 50 cm\nBT\n/F4 10 Tf\n1 0 0 -1 100 20 Tm\n<0001> Tj\nET\n",
			begin + "<0006> Tj\nET\n3 0 0 3 50 50 cm\nBT\n/F4 10 Tf\n1 0 0 -1 100 20 Tm\n<0001> Tj\nET\n",
		},
		"no blank before a gap": {
			begin + "<0001> Tj\nET\nBT\n/F4 10 Tf\n1 0 0 -1 100 20 Tm\n<0001> Tj\nET\n",
			begin + "<0001> Tj\nET\nBT\n/F4 10 Tf\n1 0 0 -1 100 20 Tm\n<0001> Tj\nET\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := joined(t, c.content); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestLearn(t *testing.T) {
	t.Parallel()
	f := &textFont{texts: map[int]string{1: "2F08", 2: "0041", 3: "2F08", 5: "0043"}, spans: map[int]span{}}
	f.replaced(1, "4EBA") // a radical of a dictionary
	f.replaced(2, "0042")
	f.shown(2) // also used for itself
	f.replaced(4, "0628")
	f.replaced(3, "4EBA")
	f.replaced(3, "4E00")
	f.replaced(5, "0044")
	f.replaced(5, "0045") // different texts, and its own is no variant
	if !f.learn() {
		t.Error("nothing was learned")
	}
	for code, want := range map[int]string{1: "4EBA", 2: "0041", 3: "4E00", 4: "0628", 5: "0043"} {
		if f.texts[code] != want {
			t.Errorf("code %d stands for %s, want %s", code, f.texts[code], want)
		}
	}
}
