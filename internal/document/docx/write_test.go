package docx

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/document/corpus"
	"github.com/letrazapp/letraz-export/internal/document/documenttest"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

func TestWrite_WordsOfPage(t *testing.T) {
	t.Parallel()
	all, err := samples.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		r, err := resume.ParseJSONResume(s.JSON)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(s.Slug, func(t *testing.T) { sameWords(t, r) })
	}
	for name, r := range map[string]resume.Resume{"jane": corpus.Jane(), "layla": corpus.Layla(), "joerg": corpus.Joerg(), "nobody": {}} {
		t.Run(name, func(t *testing.T) { sameWords(t, r) })
	}
}

// Every field of every kind of section, with each text that tries to get out.
func TestWrite_HostileWords(t *testing.T) {
	t.Parallel()
	for _, attack := range append(corpus.Attacks(), "harmless") {
		var r resume.Resume
		corpus.Fill(reflect.ValueOf(&r.Person).Elem(), attack)
		for _, st := range []resume.SectionType{resume.SectionExperience, resume.SectionEducation, resume.SectionProject, resume.SectionSkill, resume.SectionStrength} {
			var s resume.Section
			corpus.Fill(reflect.ValueOf(&s).Elem(), attack)
			s.Type = st
			r.Sections = append(r.Sections, s)
		}
		for _, kind := range []string{"volunteer", "awards", "certificates", "publications", "languages", "interests", "references", "custom"} {
			var s resume.Section
			corpus.Fill(reflect.ValueOf(&s).Elem(), attack)
			s.Type, s.Other.Kind = resume.SectionOther, kind
			r.Sections = append(r.Sections, s)
		}
		sameWords(t, r)
	}
}

func TestWrite_Styles(t *testing.T) {
	t.Parallel()
	r := corpus.Jane()
	r.Person.ProfileText = "<p>One <b>two</b> <i>three</i></p><ol><li>a<ul><li>b</li></ul></li><li>c</li></ol><p>d</p><ol><li>e</li></ol>"
	body := string(wordPart(t, r, export.A4, "word/document.xml"))
	for _, want := range []string{
		`<w:pStyle w:val="Title"/></w:pPr><w:r><w:t xml:space="preserve">Jane Doe</w:t>`,
		`<w:pStyle w:val="Subtitle"/></w:pPr><w:r><w:t xml:space="preserve">Software Engineer`,
		`<w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t xml:space="preserve">Experience`,
		`<w:pStyle w:val="Heading2"/></w:pPr><w:r><w:t xml:space="preserve">Senior Engineer</w:t></w:r>` +
			`<w:r><w:rPr><w:rStyle w:val="EntryDate"/><w:b w:val="0"/><w:bCs w:val="0"/></w:rPr><w:tab/></w:r>`,
		`<w:rStyle w:val="Strong"/></w:rPr><w:t xml:space="preserve">two`, `<w:rStyle w:val="Emphasis"/></w:rPr><w:t xml:space="preserve">three`,
		`<w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t xml:space="preserve">a<`,
		`<w:pStyle w:val="ListBullet"/><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t xml:space="preserve">b<`,
		`<w:ilvl w:val="0"/><w:numId w:val="4"/></w:numPr></w:pPr><w:r><w:t xml:space="preserve">e<`,
		`<w:pStyle w:val="Values"/>`, `<w:pStyle w:val="EntryBrief"/>`, `<w:rStyle w:val="EntryEmployer"/>`,
	} {
		body = strings.ReplaceAll(body, "<w:keepNext/>", "")
		if !strings.Contains(body, want) {
			t.Errorf("the document lacks %s", want)
		}
	}
}

func TestWrite_RareElements(t *testing.T) {
	t.Parallel()
	r := corpus.Jane()
	r.Person.ProfileText = `<p>Uses <code>make all</code>, <b><code>go</code></b> and <a href="https://x.example/"><code>jq</code></a>.</p><hr><ol start=5><li>a<hr>b</li><li>c</li></ol>`
	sameWords(t, r)
	body := string(wordPart(t, r, export.A4, "word/document.xml"))
	for _, want := range []string{
		`<w:r><w:rPr><w:rStyle w:val="HTMLCode"/></w:rPr><w:t xml:space="preserve">make all<`,
		`<w:r><w:rPr><w:rStyle w:val="HTMLCode"/><w:b/><w:bCs/></w:rPr><w:t xml:space="preserve">go<`,
		`<w:rStyle w:val="Hyperlink"/><w:rFonts w:ascii="Courier New" w:hAnsi="Courier New"/></w:rPr><w:t xml:space="preserve">jq<`,
		`<w:p><w:pPr><w:pStyle w:val="Rule"/></w:pPr></w:p>`,
		`<w:pStyle w:val="Rule"/><w:ind w:left="284" w:hanging="0"/></w:pPr></w:p>`,
		`<w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t xml:space="preserve">c<`,
	} {
		if !strings.Contains(strings.ReplaceAll(body, "<w:keepNext/>", ""), want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	if numbers := wordPart(t, r, export.A4, "word/numbering.xml"); !bytes.Contains(numbers, []byte(`<w:startOverride w:val="5"/>`)) {
		t.Error("the list does not start at 5")
	}
}

// What leads to something stays with it; the last of an entry lets go.
func TestWrite_KeepNext(t *testing.T) {
	t.Parallel()
	r := resume.Resume{Person: resume.Person{FirstName: "A"}, Sections: []resume.Section{{Type: resume.SectionExperience, Experience: []resume.Experience{
		{JobTitle: "bare", CompanyName: "last"},
		{JobTitle: "short", CompanyName: "firm", Description: "<p>lead</p><ul><li>i</li><li>j</li></ul>"},
		{JobTitle: "long", Description: resume.RichText("<p>intro</p><ul><li>first</li><li>middle</li>" + strings.Repeat("<li>more</li>", 20) + "<li>end</li></ul>")},
	}}}}
	body := string(wordPart(t, r, export.A4, "word/document.xml"))
	keeps := map[string]bool{}
	for p := range strings.SplitSeq(body, "</w:p>") {
		_, text, _ := strings.Cut(p, `preserve">`)
		text, _, _ = strings.Cut(text, "<")
		styled := strings.Contains(p, `"Heading`) || strings.Contains(p, `"EntryMeta`)
		keeps[text] = strings.Contains(p, "<w:keepNext/>") || styled && !strings.Contains(p, `<w:keepNext w:val="0"/>`)
	}
	for text, want := range map[string]bool{
		"Experience": true, "bare": true, "last": false, "short": true, "firm": true, "lead": true, "i": true, "j": false,
		"long": true, "intro": true, "first": true, "middle": false, "end": false,
	} {
		if got, ok := keeps[text]; got != want || !ok {
			t.Errorf("%s stays with what follows: %t, want %t", text, got, want)
		}
	}
}

func TestWrite_ParagraphDirection(t *testing.T) {
	t.Parallel()
	body := string(wordPart(t, corpus.Layla(), export.A4, "word/document.xml"))
	for text, turned := range map[string]bool{"Led the Kafka team": true, "نقلت 42 تيرابايت إلى ": false} {
		before, _, ok := strings.Cut(body, ">"+text+"<")
		p := before[max(strings.LastIndex(before, "<w:p>"), 0):]
		if strings.Contains(p, `<w:bidi w:val="0"/>`) != turned || !ok {
			t.Errorf("%s: %s", text, p)
		}
	}
}

func TestWrite_LongTitle(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]bool{"Short": false, strings.Repeat("long ", 16): true, strings.Repeat("長い", 19): true, strings.Repeat("BIG ", 15): true} {
		r := resume.Resume{Sections: []resume.Section{{Type: resume.SectionExperience, Experience: []resume.Experience{{
			JobTitle: title, Duration: resume.Duration{Start: resume.Date{Year: 2019, Month: 1}, Current: true},
		}}}}}
		if got := bytes.Contains(wordPart(t, r, export.A4, "word/document.xml"), []byte("<w:br/><w:tab/>")); got != want {
			t.Errorf("%q: %t", title, got)
		}
	}
}

// A list of publications has its dates in the line, even where one is short.
func TestWrite_BriefEntryDates(t *testing.T) {
	t.Parallel()
	for long, want := range map[string]int{"Paper": 2, strings.Repeat("A long paper ", 7): 0} {
		r := resume.Resume{Sections: []resume.Section{{Type: resume.SectionOther, Other: resume.Other{Kind: "publications", Items: []resume.Item{
			{Name: "Short", Date: resume.Date{Year: 2019}}, {Name: long, Date: resume.Date{Year: 2020}},
		}}}}}
		sameWords(t, r)
		if got := bytes.Count(wordPart(t, r, export.A4, "word/document.xml"), []byte("<w:tab/>")); got != want {
			t.Errorf("%q: %d dates at the end of the line", long, got)
		}
	}
}

func TestWrite_PortraitKinds(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 23, 29))); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		uri  string
		want bool
	}{
		"png":     {"data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()), true},
		"label":   {"data:image/webp;base64," + base64.StdEncoding.EncodeToString(b.Bytes()), true},
		"remote":  {"https://example.com/a.png", false},
		"damaged": {"data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()[:20]), false},
		"nothing": {"", false},
	} {
		r := corpus.Jane()
		r.Person.Image = tc.uri
		if got := wordPart(t, r, export.A4, "word/media/portrait.png"); bytes.Equal(got, b.Bytes()) != tc.want || got != nil != tc.want {
			t.Errorf("%s: %d bytes", name, len(got))
		}
		if got := bytes.Contains(wordPart(t, r, export.A4, "word/document.xml"), []byte(`descr="Jane Doe"`)); got != tc.want {
			t.Errorf("%s: shown is %t", name, got)
		}
	}
}

// A transparent WebP, which becomes a PNG.
func TestWrite_PortraitWebP(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("..", "..", "portrait", "testdata", "lossy-alpha.webp"))
	if err != nil {
		t.Fatal(err)
	}
	r := corpus.Jane()
	r.Person.Image = "data:image/webp;base64," + base64.StdEncoding.EncodeToString(data)
	picture, err := png.Decode(bytes.NewReader(wordPart(t, r, export.A4, "word/media/portrait.png")))
	if err != nil || picture.Bounds().Dx() != 60 || picture.Bounds().Dy() != 80 {
		t.Errorf("the picture is not there: %v", err)
	}
	if !bytes.Contains(wordPart(t, r, export.A4, "word/document.xml"), []byte(`descr="Jane Doe"`)) {
		t.Error("the picture is not shown")
	}
}

func TestWrite_PaperAndProperties(t *testing.T) {
	t.Parallel()
	if !bytes.Contains(wordPart(t, corpus.Jane(), export.Letter, "word/document.xml"), []byte(`w:w="12240"`)) {
		t.Error("letter paper is not in the document")
	}
	r := corpus.Jane()
	r.UpdatedAt = time.Date(2026, 3, 1, 2, 30, 15, 5, time.FixedZone("IST", 19800))
	core := string(wordPart(t, r, export.A4, "docProps/core.xml"))
	for _, want := range []string{"Jane Doe – Resume<", ">Jane Doe<", ">Software Engineer<", ">Go, SQL, Patience<", ">en<", ">2026-02-28T21:00:15Z<"} {
		if !strings.Contains(core, want) {
			t.Errorf("the properties lack %s", want)
		}
	}
	d := documenttest.New(t, r)
	first, _ := Write(d, html.Default, export.A4)
	for range 5 {
		if again, _ := Write(d, html.Default, export.A4); !bytes.Equal(first, again) {
			t.Fatal("the same resume gave other bytes")
		}
	}
}

// BenchmarkWriteDOCX writes every sample once per operation.
func BenchmarkWriteDOCX(b *testing.B) {
	all, err := samples.All()
	if err != nil {
		b.Fatal(err)
	}
	var resumes []resume.Resume
	for _, s := range all {
		r, err := resume.ParseJSONResume(s.JSON)
		if err != nil {
			b.Fatal(err)
		}
		resumes = append(resumes, r)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, r := range resumes {
			if _, err := Write(documenttest.New(b, r), html.Default, export.A4); err != nil {
				b.Fatal(err)
			}
		}
	}
}
