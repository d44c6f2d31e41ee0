package ooxml

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/letrazapp/letraz-export/internal/export"
)

func runs(text string) []Run { return []Run{{Text: text}} }

func aPicture(t testing.TB) *Picture {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 10))); err != nil {
		t.Fatal(err)
	}
	return &Picture{Data: b.Bytes(), Kind: "png", Width: 40, Height: 10, Alt: `Ada "<Ada>"`}
}

// everything has each style and property once.
func everything(t testing.TB) Document {
	d := Document{
		Template: "classic", Lang: "de", Title: "Ada – Lebenslauf", Author: "Ada", Subject: "Chefin", Keywords: []string{"Go", "SQL"},
		Date: time.Date(2026, 3, 1, 2, 30, 15, 123, time.FixedZone("IST", 19800)), Running: "Ada", Portrait: aPicture(t),
	}
	for _, style := range order {
		d.Body = append(d.Body, Paragraph{Style: style, KeepNext: true, Level: 2, Number: 1, Runs: []Run{
			{Text: "plain "}, {Text: "bold", Bold: true}, {Text: " both", Bold: true, Italic: true}, {Text: "slanted", Italic: true},
			{Text: "under", Underline: true, Break: true}, {Text: "a link", URL: "https://a.example/?b=1&c=2", Style: Hyperlink},
			{Text: "2026", Style: Date, Tab: true}, {Text: "مهندس", Style: Soft}, {Text: "東京"}, {Text: "हिन्दी"}, {Text: "x\u00ady", Style: Label},
			{Text: "code ", Code: true}, {Text: "令", Code: true, Bold: true}, {Text: "ls", Code: true, URL: "https://a.example/ls", Style: Hyperlink},
		}})
	}
	return d
}

func TestEncode_WholeDocument(t *testing.T) {
	t.Parallel()
	for _, template := range []string{"", "classic", "modern", "compact", "executive", "academic", "unheard-of"} {
		for _, lang := range []string{"", "de", "ar-JO", "he", "ja", "ko", "zh-Hant", "hi", "th", "sr-Latn", "not a tag"} {
			d := everything(t)
			d.Template, d.Lang, d.RTL, d.Paper = template, lang, lang == "he", export.Letter
			encoded(t, d)
		}
	}
	encoded(t, Document{})
}

func TestEncode_Properties(t *testing.T) {
	t.Parallel()
	f := encoded(t, everything(t))
	f.has(t, "docProps/core.xml", "<dc:title>Ada – Lebenslauf</dc:title>", "<dc:creator>Ada</dc:creator>", "<dc:subject>Chefin</dc:subject>",
		"<cp:keywords>Go, SQL</cp:keywords>", "<dc:language>de</dc:language>",
		`<dcterms:created xsi:type="dcterms:W3CDTF">2026-02-28T21:00:15Z</dcterms:created>`, `<dcterms:modified xsi:type="dcterms:W3CDTF">2026-02-28T21:00:15Z`)
	f.has(t, "docProps/app.xml", "<Application>letraz-export</Application>")
	f.has(t, "word/styles.xml", `<w:lang w:val="de-DE"`)
	f.has(t, "word/footer1.xml", ">Ada</w:t>", `w:instr=" PAGE "`, `w:instr=" NUMPAGES "`)
	f.has(t, "word/document.xml", "<w:titlePg/>", `descr="Ada &quot;&lt;Ada&gt;&quot;"`, `<a:srcRect l="39903" t="0" r="39903" b="0"/>`)
	if empty := encoded(t, Document{}).parts["docProps/core.xml"]; strings.Count(string(empty), "</") != 1 {
		t.Errorf("nothing is known, and the file says %s", empty)
	}
}

func TestEncode_PageSize(t *testing.T) {
	t.Parallel()
	for paper, want := range map[export.Paper]string{
		"": `<w:pgSz w:w="11906" w:h="16838"/>`, export.A4: `<w:pgSz w:w="11906" w:h="16838"/>`, export.Letter: `<w:pgSz w:w="12240" w:h="15840"/>`,
	} {
		encoded(t, Document{Paper: paper}).has(t, "word/document.xml", want)
	}
}

// hostile are texts that make programs refuse a file, or read something else.
var hostile = []string{
	"]]>", "<w:p>", "</w:t></w:r></w:p></w:body>", "&amp; &#0; &lt;", "\x00\x01\x08\x0b\x1f\x7f", "\ufffe\uffff\ufffd", "\xed\xa0\x80 lone", "\xff\xfe",
	"a\tb\nc\rd", strings.Repeat("word", 1250), strings.Repeat("\u0301", 5000), `"'`, "\u202e\u2066 override", "👩‍👩‍👧 \U0010ffff", "<!-- -->", "<?xml?>", "<![CDATA[",
	"{ PAGE }", "%1.", strings.Repeat("שלום hello ", 400),
}

// Word keeps what it says of complex scripts apart.
func TestEncode_Styles(t *testing.T) {
	t.Parallel()
	for template, want := range map[string][]string{
		"classic": {`w:ascii="Cambria"`, `<w:smallCaps/>`, `<w:bottom w:val="single"`, `<w:i/><w:iCs/><w:color w:val="1A1C20"/>`},
		"modern":  {`w:ascii="Calibri"`, `<w:top w:val="single"`, `<w:b/><w:bCs/><w:color w:val="1D2327"/><w:sz w:val="50"/><w:szCs w:val="50"/>`},
		"compact": {`<w:sz w:val="18"/>`}, "executive": {`<w:jc w:val="center"/>`}, "academic": {`w:ascii="Times New Roman"`},
	} {
		encoded(t, Document{Template: template}).has(t, "word/styles.xml", append(want,
			`<w:name w:val="Strong"/><w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr><w:b/><w:bCs/></w:rPr>`,
			`<w:name w:val="Emphasis"/><w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/><w:rPr><w:i/><w:iCs/></w:rPr>`,
			`<w:name w:val="heading 1"/>`, `<w:outlineLvl w:val="0"/>`, `<w:outlineLvl w:val="1"/>`, `<w:widowControl/>`,
			`<w:name w:val="List Bullet"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/>`)...)
	}
	// A right-hand stop at the margin of the paper.
	styles := encoded(t, Document{Paper: export.Letter}).parts["word/styles.xml"]
	if n := bytes.Count(styles, []byte(`<w:tab w:val="right" w:pos="10200"/>`)); n != 3 { // entries, brief ones, the foot
		t.Errorf("%d styles have the stop", n)
	}
}

func TestEncode_HostileText(t *testing.T) {
	t.Parallel()
	for _, text := range hostile {
		d := everything(t)
		d.Template, d.Lang, d.Title, d.Author, d.Subject, d.Keywords, d.Running, d.Portrait.Alt = text, text, text, text, text, []string{text}, text, text
		d.Body = append(d.Body, Paragraph{Style: Text, Runs: []Run{{Text: text, URL: "https://a.example/" + text, Bold: true}, {Text: text, URL: text}}})
		f := encoded(t, d)
		for name, data := range f.parts {
			if bytes.Contains(data, []byte("\ufffd")) && !strings.Contains(text, "\ufffd") {
				t.Errorf("%.50q leaves something of what is no character in %s", text, name)
			}
		}
		lines := strings.Split(strings.TrimSuffix(f.text, "\n"), "\n")
		if got, want := lines[len(lines)-1], shown(text)+shown(text); got != want {
			t.Errorf("%.50q became %.50q", want, got)
		}
	}
}

// shown is what a text can be in XML.
func shown(text string) string {
	text = strings.ToValidUTF8(text, "")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case r < ' ' || r == '\ufffe' || r == '\uffff' || r == '\u00ad':
			return -1
		}
		return r
	}, text)
}

func TestEncode_Links(t *testing.T) {
	t.Parallel()
	good := []string{"https://a.example/x?y=1&z=%20#top", "http://b.example", "mailto:ada@example.com", "tel:+15035550142"}
	bad := []string{"", "javascript:alert(1)", "https://", "//c.example", "file:///etc/passwd", "https://[bad", "https://d.example/a b", "mailto:",
		"https://e.example/" + strings.Repeat("x", maxURL), "https://f.example/\x00", "https://g.example/<>", "https://h.example/%zz", "x"}
	var d Document
	for _, u := range append(slices.Concat(good, bad), good...) {
		d.Body = append(d.Body, Paragraph{Style: Text, Runs: []Run{{Text: "here", URL: u}}})
	}
	f := encoded(t, d)
	if diff := cmp.Diff(good, f.uses["link"]); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if n := strings.Count(f.text, "here"); n != len(d.Body) {
		t.Errorf("%d texts of %d", n, len(d.Body))
	}
}

func TestEncode_NumberedLists(t *testing.T) {
	t.Parallel()
	item := func(level, number int) Paragraph {
		return Paragraph{Style: Number, Level: level, Number: number, First: number == 1, Runs: runs("x")}
	}
	start := func(level, number int) Paragraph {
		p := item(level, number)
		p.First = true
		return p
	}
	var d Document
	d.Body = []Paragraph{item(1, 1), item(1, 2), {Style: Bullet, Level: 2, Runs: runs("y")}, item(2, 1), item(2, 2), item(1, 3), {Style: Text, Runs: runs("z")}, item(1, 1), item(9, 1), start(1, 5), item(1, 6), start(2, 0)}
	f := encoded(t, d)
	if diff := cmp.Diff([]string{"3", "3", "1", "4", "4", "3", "5", "6", "7", "7", "8"}, slices.DeleteFunc(slices.Clone(f.uses["num"]), func(string) bool { return false })[:11]); diff != "" {
		t.Errorf("lists (-want +got):\n%s", diff)
	}
	f.has(t, "word/document.xml", `<w:ilvl w:val="4"/>`)
	f.has(t, "word/numbering.xml", `<w:num w:numId="4"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="1"/>`,
		`<w:num w:numId="7"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>`,
		`<w:num w:numId="8"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="0"/>`)
}

func TestEncode_SplitsByScript(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text string
		base class
		want []span
	}{
		{"", latin, nil},
		{"Jane Doe, 35 ms", latin, []span{{"Jane Doe, 35 ms", latin}}},
		{"2019 – 2021", rightLeft, []span{{"2019 – 2021", rightLeft}}},
		{"نقلت 42 تيرابايت إلى Kubernetes 1.29.", rightLeft, []span{{"نقلت 42 تيرابايت إلى ", rightLeft}, {"Kubernetes 1.29", latin}, {".", rightLeft}}},
		{"ممتاز (MENA) جدا", rightLeft, []span{{"ممتاز (", rightLeft}, {"MENA", latin}, {") جدا", rightLeft}}},
		{"The word سلام is Arabic", latin, []span{{"The word ", latin}, {"سلام", rightLeft}, {" is Arabic", latin}}},
		{"שָׁלוֹם", rightLeft, []span{{"שָׁלוֹם", rightLeft}}},
		{"Tokyo (東京)、2019", latin, []span{{"Tokyo (", latin}, {"東京)、2019", eastAsian}}},
		{"हिन्दी में Go", latin, []span{{"हिन्दी में", complexLR}, {" Go", latin}}},
		{"Αθήνα и Москва", latin, []span{{"Αθήνα и Москва", latin}}},
	} {
		if diff := cmp.Diff(tc.want, spans(tc.text, tc.base), cmp.AllowUnexported(span{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tc.text, diff)
		}
	}
}

func TestEncode_LanguageTags(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"en": "en-US", "de": "de-DE", "pt-PT": "pt-PT", "ja": "ja-JP", "zh": "zh-CN", "zh-Hant": "zh-TW", "zh-HK": "zh-HK", "ar": "ar-EG",
		"he": "he-IL", "sr-Latn": "sr-Latn-RS", "": "en-US", "und": "en-US", "x-private": "en-US", "not a tag": "en-US", "\x00": "en-US",
	} {
		if got := tagOf(name).tag; got != want {
			t.Errorf("%q is %s, want %s", name, got, want)
		}
	}
}

func TestEncode_RightToLeft(t *testing.T) {
	t.Parallel()
	d := Document{Lang: "ar-JO", RTL: true, Running: "ليلى", Body: []Paragraph{
		{Style: Contact, RTL: true, Runs: []Run{{Text: "+962 6 000", URL: "tel:+9626000", Dir: LTR}, {Text: " | "}, {Text: "عمان", Dir: Auto}}},
		{Style: Text, Runs: runs("Led the Kafka team")},
		{Style: Text, RTL: true, Runs: runs("مهندسة")},
	}}
	f := encoded(t, d)
	f.has(t, "word/styles.xml", `<w:bidi/>`, `w:bidi="ar-JO"`, `<w:szCs w:val="22"/>`)
	f.has(t, "word/document.xml", "<w:bidi/></w:sectPr>",
		`<w:hyperlink r:id="rId7" w:history="1"><w:r><w:rPr><w:rStyle w:val="PlainLink"/></w:rPr><w:t xml:space="preserve">`+leftToRight+`+962 6 000</w:t>`,
		`<w:r><w:rPr><w:rtl/></w:rPr><w:t xml:space="preserve"> | `+rightToLeft+`</w:t>`,
		`<w:pStyle w:val="BodyText"/><w:bidi w:val="0"/></w:pPr><w:r><w:t xml:space="preserve">Led`,
		`<w:pStyle w:val="BodyText"/></w:pPr><w:r><w:rPr><w:rtl/></w:rPr><w:t xml:space="preserve">مهندسة`)
	// The other way round, foreign words have their language, too.
	f = encoded(t, Document{Lang: "en", Body: []Paragraph{
		{Style: Text, RTL: true, Runs: runs("سلام")}, {Style: Text, Runs: runs("東京")}, {Style: Text, Runs: runs("हिन्दी")}, {Style: Text, Runs: runs("Αθήνα")},
	}})
	f.has(t, "word/document.xml", `<w:bidi/></w:pPr><w:r><w:rPr><w:rtl/><w:lang w:bidi="ar-SA"/></w:rPr>`,
		`<w:rFonts w:hint="eastAsia"/><w:lang w:eastAsia="zh-CN"/>`, `<w:cs/><w:lang w:bidi="hi-IN"/>`, `<w:lang w:val="el-GR"/>`)
}

// Any document gives a sound file that holds its text.
func TestEncode_AnyDocument(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom(hostile), rapid.StringN(0, 20, -1), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
		run := rapid.Custom(func(rt *rapid.T) Run {
			return Run{
				Text: text.Draw(rt, "text"), Style: rapid.SampledFrom([]CharStyle{Plain, Strong, Emphasis, Hyperlink, Date, Employer, Label, Soft}).Draw(rt, "style"),
				Bold: rapid.Bool().Draw(rt, "bold"), Italic: rapid.Bool().Draw(rt, "italic"), Underline: rapid.Bool().Draw(rt, "underline"), Code: rapid.Bool().Draw(rt, "code"),
				URL:   rapid.OneOf(rapid.Just(""), text, rapid.Map(text, func(s string) string { return "https://x.example/" + s })).Draw(rt, "url"),
				Break: rapid.Bool().Draw(rt, "break"), Tab: rapid.Bool().Draw(rt, "tab"), Dir: Direction(rapid.IntRange(0, 2).Draw(rt, "dir")),
			}
		})
		paragraph := rapid.Custom(func(rt *rapid.T) Paragraph {
			return Paragraph{
				Style: rapid.SampledFrom(order).Draw(rt, "paragraph"), RTL: rapid.Bool().Draw(rt, "rtl"), KeepNext: rapid.Bool().Draw(rt, "keep"),
				Level: rapid.IntRange(-1, 12).Draw(rt, "level"), Number: rapid.IntRange(-1, 4).Draw(rt, "number"), First: rapid.Bool().Draw(rt, "first"), Runs: rapid.SliceOfN(run, 0, 5).Draw(rt, "runs"),
			}
		})
		d := Document{
			Template: text.Draw(rt, "template"), Paper: rapid.SampledFrom(export.Papers()).Draw(rt, "paper"),
			Lang: rapid.SampledFrom([]string{"", "en", "ar", "ja", "hi", "x-y"}).Draw(rt, "lang"), RTL: rapid.Bool().Draw(rt, "page"),
			Title: text.Draw(rt, "title"), Author: text.Draw(rt, "author"), Running: text.Draw(rt, "running"),
			Date: time.Unix(rapid.Int64().Draw(rt, "date"), 0), Body: rapid.SliceOfN(paragraph, 0, 6).Draw(rt, "body"),
		}
		f := encoded(t, d)
		var want strings.Builder
		for _, p := range d.Body {
			for _, r := range p.Runs {
				if r.Break {
					want.WriteByte(' ')
				}
				if r.Tab {
					want.WriteByte(' ')
				}
				want.WriteString(shown(r.Text))
			}
			want.WriteByte('\n')
		}
		if len(d.Body) == 0 {
			want.WriteByte('\n')
		}
		strip := strings.NewReplacer(leftToRight, "", rightToLeft, "")
		if got := f.text; strip.Replace(got) != strip.Replace(want.String()) {
			rt.Errorf("the text is %q, want %q", got, want.String())
		}
		if t.Failed() {
			rt.FailNow()
		}
	})
}
