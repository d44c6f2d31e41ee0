package pdf

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// files are PDFs made by this program, small enough for a fuzzer.
func files(t testing.TB) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.pdf")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files to read: %v", err)
	}
	all := map[string][]byte{}
	for _, p := range paths {
		if all[filepath.Base(p)], err = os.ReadFile(p); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func file(t testing.TB, name string) *File {
	t.Helper()
	f, err := Open(files(t)[name])
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// readAll calls all methods of File.
func readAll(data []byte) error {
	f, err := Open(data)
	if err != nil {
		return err
	}
	text, err := f.Text()
	if err != nil {
		return err
	}
	s, err := f.Structure()
	if err != nil {
		return err
	}
	Lines(s.Logical(text, nil))
	_, links := f.Links()
	_, outline := f.Outline()
	_, info := f.Info()
	_, attachment := f.Attachment("resume.json")
	if errors.Is(attachment, ErrNoAttachment) {
		attachment = nil
	}
	return errors.Join(links, outline, info, attachment)
}

func TestText_ReadingOrder(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"packed.pdf": {"Ada Example", "Engineer & pilot", "Flew difficult offices."}, // by qpdf: objects in streams
		"latin.pdf":  {"Ada Example", "Engineer & pilot", "ada@example.com", "Experience", "Test pilot", "2019 – Present", "Flew difficult offices."},
		"mixed.pdf":  {"נועה דוגמה", "השקת TorKal 2.0 ב־14 מרפאות, 17% פחות (תוך שנה)", "مُهندسة برمجيات", "श्री अनन्या का कार्यक्रम", "二十人的上海团队"},
	} {
		f := file(t, name)
		text, err := f.Text()
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.Structure()
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, l := range Lines(s.Logical(text, nil)) {
			all.WriteString(l.Text + "\n")
		}
		rest := all.String()
		for _, w := range want {
			_, after, ok := strings.Cut(rest, w)
			if !ok {
				t.Errorf("%s: no %q, or not there, in\n%s", name, w, all.String())
				continue
			}
			rest = after
		}
	}
}

func TestText_Positions(t *testing.T) {
	t.Parallel()
	f := file(t, "latin.pdf")
	text, err := f.Text()
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range text {
		if c.Page != 0 || c.X0 < 40 || c.X1 > 560 || c.X1 < c.X0 || c.Y < 30 || c.Y > 820 || c.Size < 5 || c.Size > 30 || c.Order != i {
			t.Fatalf("%+v", c)
		}
	}
}

func TestOpen_Information(t *testing.T) {
	t.Parallel()
	f := file(t, "latin.pdf")
	s, err := f.Structure()
	if err != nil {
		t.Fatal(err)
	}
	if !s.Tagged() || s.Language != "en" || !s.Titled || !s.HeadingsInOrder() || len(s.Headings) != 4 || s.Elements["LI"] == 0 {
		t.Errorf("%+v", s)
	}
	outline, err := f.Outline()
	if err != nil || len(outline) != 4 || outline[0] != (Bookmark{"Ada Example", 0}) || outline[2] != (Bookmark{"Test pilot", 2}) {
		t.Errorf("%v, %v", outline, err)
	}
	links, err := f.Links()
	if err != nil || len(links) != 1 || links[0].URI != "mailto:ada@example.com" {
		t.Errorf("%v, %v", links, err)
	}
	info, err := f.Info()
	if err != nil || info["Author"] != "Ada Example" || info["Creator"] != "letraz-export" {
		t.Errorf("%v, %v", info, err)
	}
}

func TestHeadings(t *testing.T) {
	t.Parallel()
	for want, lists := range map[bool][][]int{
		true:  {{1}, {1, 2, 3, 3, 2, 3}, {1, 2, 1}},
		false: {{}, {2}, {1, 3}, {1, 2, 4}},
	} {
		for _, levels := range lists {
			if got := (&Structure{Headings: levels}).HeadingsInOrder(); got != want {
				t.Errorf("%v: %t", levels, got)
			}
		}
	}
}

func TestOpen_Truncated(t *testing.T) {
	t.Parallel()
	for name, whole := range files(t) {
		end := bytes.LastIndex(whole, []byte("%%EOF")) + len("%%EOF")
		for n := 0; n < end; n += 1497 {
			if err := readAll(whole[:n]); !errors.Is(err, ErrForm) {
				// The file before it was finished is whole.
				if !bytes.HasSuffix(bytes.TrimSpace(whole[:n]), []byte("%%EOF")) && !bytes.Contains(whole[max(0, n-1024):n], []byte("%%EOF")) {
					t.Fatalf("the first %d bytes of %s: %v", n, name, err)
				}
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(written("<</Pages 2 0 R /StructTreeRoot 5 0 R /Outlines 6 0 R /Names <</EmbeddedFiles 7 0 R>>>>", onePage, page3,
		streamOf("/Filter /FlateDecode", []byte("x\x9c\x03\x00\x00\x00\x00\x01")), "<</K <</S /H1 /Pg 3 0 R /K [0 1]>>>>",
		"<</First <</Title (a)>>>>", "<</Names [(x) <</F (resume.json) /EF <</F 4 0 R>>>>]>>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = readAll(data)
	})
}

// FuzzText mutates content streams, because a fuzzer cannot mutate compressed ones
// usefully.
func FuzzText(f *testing.F) {
	f.Add([]byte("q 1 0 0 -1 0 800 cm /P <</MCID 0>> BDC BT /F1 12 Tf 1 0 0 -1 50 50 Tm <0001> Tj [(a) -200 <00020003>] TJ ET EMC /F0 Do Q"),
		[]byte("1 beginbfchar <0001> <0041> endbfchar 1 beginbfrange <0002> <0003> <0042> endbfrange"))
	f.Add([]byte("/Span <</ActualText <FEFF05D0>>> BDC /ReversedChars BMC BT /F1 9 Tf 5 3 Td <0001000200030004> Tj ET EMC EMC"), []byte("beginbfrange <0000> <FFFF> <D800>"))
	f.Fuzz(func(t *testing.T, content, cmap []byte) {
		_ = readAll(written(
			"<</Type /Catalog /Pages 2 0 R /StructTreeRoot 6 0 R>>",
			"<</Type /Pages /Kids [3 0 R] /Count 1>>",
			"<</Type /Page /Contents 4 0 R /Resources <</Font <</F1 5 0 R>> /XObject <</F0 4 0 R>>>>>>",
			streamOf("/Subtype /Form", content),
			"<</Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<</DW 500 /W [1 [600] 2 4 700]>>] /ToUnicode 7 0 R>>",
			"<</K [<</S /P /Pg 3 0 R /K 0>>]>>",
			streamOf("", cmap),
		))
	})
}
