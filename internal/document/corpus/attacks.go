package corpus

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// Attacks are texts that try to leave the place they are put into.
func Attacks() []string {
	return []string{
		`<script>alert(1)</script>`,
		`"><img src=x onerror=alert(1)>`,
		`'><svg/onload=alert(1)>`,
		`</style><script>alert(1)</script><style>`,
		`"; } body { background: url(https://evil.example/x) } @import "https://evil.example/y"; a { content: "`,
		`\22; } @import url(//evil.example/z); .x { y: "`,
		`</title><meta http-equiv="refresh" content="0; url=https://evil.example">`,
		`--><iframe src="https://evil.example"></iframe><!--`,
		`<p style="background:url(https://evil.example/a)" onclick="x()">text</p>`,
		`<a href="javascript:alert(1)">a</a><a href="data:text/html,x">b</a><a href=" java&#10;script:x">c</a>`,
		`</li></ul></div></article></section></main></body></html><h1>out</h1>`,
		`<img src="https://evil.example/pixel"><link rel=stylesheet href=//evil.example><base href="https://evil.example/">`,
		`<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
		`<b><i><u><b><i><u><b><i><u><b><i><u>deep`,
		strings.Repeat("<ul><li>", 3000) + "deep",
		"{{.Style}} {{template \"link\"}} ${x} %s",
		"javascript:alert(1)",
		"https://user:pass@evil.example/",
		"//evil.example/x",
		"data:image/svg+xml,<svg onload=alert(1)>",
		"\x00\x01\u202e\ufeff\xff broken",
	}
}

// TeXAttacks are texts that try to become commands of TeX.
func TeXAttacks() []string {
	return []string{
		`\input{/etc/passwd} \write18{touch /tmp/x} \immediate\write18{id}`,
		`^^5cinput{/etc/passwd} ^^5c^^77rite18{id} ^^^^005cinput ^^M^^M`,
		`} \end{document} \catcode92=12 {`,
		`% the rest of the line is gone`,
		`$x^2$ $$\sum$$ & # ~ _ { } [ ] * | " ' ` + "`" + ` -- --- ,, << >> ?` + "`" + ` !` + "`",
		"＼input{x} ﹨input ∖input \\\u200binput \\\u00a0input \u2028\\input",
		`\\ \\[1cm] \\* [optional] [`,
		`\directlua{os.execute("id")} \openin \read \csname input\endcsname`,
		`#1 ##2 \#1 \def\x{} \expandafter\input`,
		`\begin{verbatim} \verb|x| \url{x}`,
		`"a "= "| ;!?: << "` + "'" + ` shorthands of babel`,
		`https://evil.example/?a=^^5cinput{x}&b=%0A\input#$~_{}`,
		"אבג (abc) 123 [x] {y} \\input{z} דה % ו",
		"عربي ^^5c (a) 中文 \\input กขค 😀👩‍🚒\u20e3",
	}
}

// Fill sets every text of a value.
func Fill(v reflect.Value, s string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Slice:
		if v.Type() != reflect.TypeFor[json.RawMessage]() {
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			for i := range v.Len() {
				Fill(v.Index(i), s)
			}
		}
	case reflect.Map:
		d := resume.Details{}
		text, _ := json.Marshal(s)
		list, _ := json.Marshal([]string{s})
		for _, k := range []string{"url", "description", "score", "entity", "level"} {
			d[k] = text
		}
		d["courses"], d["roles"] = list, list
		v.Set(reflect.ValueOf(d))
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() && v.Type().Field(i).Name != "UpdatedAt" {
				Fill(f, s)
			}
		}
	}
}

// Many are the samples, by slug, and resumes that are hard to write.
func Many(t testing.TB) map[string]resume.Resume {
	t.Helper()
	all, err := samples.All()
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]resume.Resume{"jane": Jane(), "joerg": Joerg(), "layla": Layla(), "nothing": {}}
	for _, s := range all {
		r, err := resume.ParseJSONResume(s.JSON)
		if err != nil {
			t.Fatal(err)
		}
		list[s.Slug] = r
	}
	for i, attack := range append(Attacks(), TeXAttacks()...) {
		list["attack "+string(rune('A'+i))] = Attacked(attack)
	}
	return list
}

// Attacked is a resume with one text in every place.
func Attacked(attack string) resume.Resume {
	var r resume.Resume
	Fill(reflect.ValueOf(&r.Person).Elem(), attack)
	for _, st := range []resume.SectionType{resume.SectionExperience, resume.SectionEducation, resume.SectionProject, resume.SectionSkill, resume.SectionStrength} {
		var s resume.Section
		Fill(reflect.ValueOf(&s).Elem(), attack)
		s.Type = st
		r.Sections = append(r.Sections, s)
	}
	for _, kind := range []string{"awards", "volunteer", "languages", "custom"} {
		var s resume.Section
		Fill(reflect.ValueOf(&s).Elem(), attack)
		s.Type, s.Other.Kind = resume.SectionOther, kind
		r.Sections = append(r.Sections, s)
	}
	return r
}
