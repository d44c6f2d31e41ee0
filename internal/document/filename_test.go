package document

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/resume"
)

func TestFileName(t *testing.T) {
	named := func(name string) resume.Resume {
		return resume.Resume{Language: "en", Person: resume.Person{FirstName: name}}
	}
	tailored := func(name, company string) resume.Resume {
		r := named(name)
		r.Job = &resume.Job{CompanyName: company}
		return r
	}
	german := named("Jörg Strößner")
	german.Language = "de"
	cases := []struct {
		name string
		in   resume.Resume
		want string
	}{
		{"plain", resume.Resume{Language: "en", Person: resume.Person{Title: "Dr.", FirstName: "Jane", LastName: "Doe"}}, "Jane Doe Resume"},
		{"no name", resume.Resume{Language: "en"}, "Resume"},
		{"tailored", tailored("Jane", "Acme"), "Jane Resume - Acme"},
		{"tailored to nobody", tailored("Jane", " "), "Jane Resume"},
		{"language", german, "Jörg Strößner Lebenslauf"},
		{"separators", tailored("../../etc/passwd", `C:\Windows\x`), "etc passwd Resume - C Windows x"},
		{"full width separators", tailored("．．／．．／etc／cron．d／x", "Ｃ：＼Windows"), "etc cron.d x Resume - Ｃ Windows"},
		{"newlines", named("Jane\r\nDoe\x00\x07"), "Jane Doe Resume"},
		{"quotes and wildcards", named(`Ja"ne* ?<Doe>|`), "Ja ne Doe Resume"},
		{"hidden", named(".bashrc"), "bashrc Resume"},
		{"trailing dots", tailored("Jane", "Acme Inc..."), "Jane Resume - Acme Inc"},
		{"device", named("CON"), "CON Resume"},
		{"device with an extension", named("con.tact"), "_con.tact Resume"},
		{"numbered device", named("LPT1. x"), "_LPT1. x Resume"},
		{"direction override", named("Jane\u202egpj.exe"), "Janegpj.exe Resume"},
		{"right to left", named("ליאת כהן"), "ליאת כהן Resume"},
		{"emoji", named("Zoë 👩‍💻"), "Zoë 👩‍💻 Resume"},
		{"decomposed", named("Zoe\u0308"), "Zoë Resume"},
		{"broken UTF-8", named("Ja\xffne"), "Jane Resume"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := nameOf(t, c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestFileName_Length(t *testing.T) {
	for _, unit := range []string{"x", "é", "漢", "👩‍💻", "e\u0323\u0301", "\u0301"} {
		r := resume.Resume{Language: "en", Person: resume.Person{FirstName: strings.Repeat(unit, 300)}, Job: &resume.Job{CompanyName: strings.Repeat(unit, 300)}}
		got := nameOf(t, r)
		if len(got) > 200 || !utf8.ValidString(got) {
			t.Errorf("%q: %d bytes, valid %v", unit, len(got), utf8.ValidString(got))
		}
		if !strings.Contains(got, "Resume") {
			t.Errorf("%q: %q does not say what it is", unit, got)
		}
	}
}

func nameOf(t *testing.T, r resume.Resume) string {
	t.Helper()
	d, err := New(r)
	if err != nil {
		t.Fatal(err)
	}
	return d.FileName
}
