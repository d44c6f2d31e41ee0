package resume

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// gen draws documents that have the shape of the JSON Resume schema, written
// in odd ways and filled with odd texts.
type gen struct{ *rapid.T }

func (g gen) chance(percent int) bool { return rapid.IntRange(0, 99).Draw(g.T, "chance") < percent }

func (g gen) pick(of ...string) string { return rapid.SampledFrom(of).Draw(g.T, "pick") }

func (g gen) text() *tree.Value {
	if g.chance(8) {
		return &tree.Value{Kind: tree.Null}
	}
	if g.chance(30) {
		s := rapid.String().Draw(g.T, "text")
		return tree.NewText(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "0"), "?"))
	}
	parts := rapid.SliceOfN(rapid.SampledFrom([]string{
		"", " ", "  ", "\n", "\n\n", "\r\n", "\r", "\t", "\f", "\v", "\u00a0", "\u2028", "a", "Ada", "Lovelace", "word",
		", ", ",", "<b>", "</p>", "<li>", "<br>", "<", ">", "&", "&amp;", "&#13;", "&#32;", "&lt;", "\"", "'", "\\", "/",
		"😀", "👩‍👩‍👧", "日本", "\u0301", "Expert", "expert", "•", "\u007f", "\u0001", "\ufeff",
	}), 0, 6).Draw(g.T, "parts")
	return tree.NewText(strings.Join(parts, ""))
}

func (g gen) texts() *tree.Value {
	list := &tree.Value{Kind: tree.List}
	for range rapid.IntRange(0, 3).Draw(g.T, "n") {
		list.Items = append(list.Items, g.text())
	}
	return list
}

func (g gen) link() *tree.Value {
	if g.chance(20) {
		return g.text()
	}
	return tree.NewText(g.pick("https://github.com/a", "https://example.org", "http://www.GitHub.com/b", "github.com/c", "https://gitlab.com/a"))
}

func (g gen) date(from, to int) *tree.Value {
	if g.chance(10) {
		return tree.NewText("")
	}
	s := fmt.Sprintf("%04d", rapid.IntRange(from, to).Draw(g.T, "year"))
	if g.chance(70) {
		s += fmt.Sprintf("-%02d", rapid.IntRange(1, 12).Draw(g.T, "month"))
		if g.chance(40) {
			s += fmt.Sprintf("-%02d", rapid.IntRange(1, 28).Draw(g.T, "day"))
		}
	}
	return tree.NewText(s)
}

// anything generates the value of an unknown member.
func (g gen) anything(depth int) *tree.Value {
	switch n := rapid.IntRange(0, 9).Draw(g.T, "kind"); {
	case n == 0:
		return &tree.Value{Kind: tree.Bool, Text: g.pick("true", "false")}
	case n == 1:
		return &tree.Value{Kind: tree.Number, Text: g.pick("0", "-1", "1.50", "2E3", "12345678901234567890")}
	case n < 4 && depth < 3:
		list := &tree.Value{Kind: tree.List}
		for range rapid.IntRange(0, 3).Draw(g.T, "n") {
			list.Items = append(list.Items, g.anything(depth+1))
		}
		return list
	case n < 6 && depth < 3:
		return g.object(nil, depth+1)
	default:
		return g.text()
	}
}

type drawn struct {
	name string
	draw func() *tree.Value
}

// object draws an object of known members, any of which may be missing, and of
// unknown ones. Their order is drawn, too.
func (g gen) object(known []drawn, depth int) *tree.Value {
	v := &tree.Value{Kind: tree.Object}
	for _, k := range known {
		if g.chance(60) {
			v.Set(k.name, k.draw())
		}
	}
	for range rapid.IntRange(0, 2).Draw(g.T, "unknown") {
		// None that is read as another name, or with another type.
		name := g.pick("zz", "a b", "", "é", "item", "item_", "team", "meta", "letraz", "verified", "sections", "custom_", "ünits")
		taken := slices.ContainsFunc(known, func(k drawn) bool { return k.name == name })
		if !taken {
			v.Set(name, g.anything(depth))
		}
	}
	return g.shuffled(v)
}

func (g gen) shuffled(v *tree.Value) *tree.Value {
	v.Members = rapid.Permutation(v.Members).Draw(g.T, "order")
	return v
}

func (g gen) list(entry func() *tree.Value) *tree.Value {
	list := &tree.Value{Kind: tree.List}
	for range rapid.IntRange(0, 4).Draw(g.T, "n") {
		list.Items = append(list.Items, entry())
	}
	return list
}

// entries draws the entries of a section with these members.
func (g gen) entries(texts, lists string, more ...drawn) *tree.Value {
	known := slices.Clone(more)
	for _, name := range strings.Fields(texts) {
		known = append(known, drawn{name, g.text})
	}
	for _, name := range strings.Fields(lists) {
		known = append(known, drawn{name, g.texts})
	}
	return g.list(func() *tree.Value { return g.object(known, 0) })
}

func (g gen) document() *tree.Value {
	start := drawn{"startDate", func() *tree.Value { return g.date(1000, 1999) }}
	end := drawn{"endDate", func() *tree.Value { return g.date(2000, 9999) }}
	url := drawn{"url", g.link}
	date := func(name string) drawn {
		return drawn{name, func() *tree.Value { return g.date(1000, 9999) }}
	}
	level := drawn{"level", func() *tree.Value {
		return tree.NewText(g.pick("", "Expert", "expert", "EXPERT", "Beginner", "Master", " expert"))
	}}
	category := drawn{"name", func() *tree.Value { return tree.NewText(g.pick("", "Go", "Web", "Go")) }}

	root := g.shuffled(&tree.Value{Kind: tree.Object, Members: []tree.Member{
		{Name: "work", Value: g.entries("name position location description summary", "highlights", url, start, end,
			drawn{"location", func() *tree.Value { return tree.NewText(g.pick("Paris, France", "a, b, c", ", x", "x, ", "Paris")) }},
			drawn{"employmentType", func() *tree.Value { return tree.NewText(g.pick("full_time", "Full-time", "")) }})},
		{Name: "volunteer", Value: g.entries("organization position summary", "highlights", url, start, end)},
		{Name: "education", Value: g.entries("institution area studyType score", "courses", url, start, end)},
		{Name: "awards", Value: g.entries("title awarder summary", "", date("date"))},
		{Name: "certificates", Value: g.entries("name issuer", "", url, date("date"))},
		{Name: "publications", Value: g.entries("name publisher summary", "", url, date("releaseDate"))},
		{Name: "skills", Value: g.entries("", "keywords", category, level)},
		{Name: "languages", Value: g.entries("language fluency", "")},
		{Name: "interests", Value: g.entries("name", "keywords")},
		{Name: "references", Value: g.entries("name reference", "")},
		{Name: "projects", Value: g.entries("name description entity type", "highlights keywords roles", url, start, end)},
		{Name: "meta", Value: g.meta()},
	}})
	if g.chance(50) {
		root.Set("$schema", g.text())
	}
	profiles := drawn{"profiles", func() *tree.Value { return g.entries("network username url", "") }}
	location := drawn{"location", func() *tree.Value {
		return g.object([]drawn{{"address", g.text}, {"postalCode", g.text}, {"city", g.text}, {"countryCode", g.text}, {"region", g.text}}, 0)
	}}
	basics := g.object([]drawn{{"label", g.text}, {"image", g.text}, {"email", g.text}, {"phone", g.text}, url,
		{"summary", g.text}, location, profiles}, 0)
	name := g.text()
	name.Kind = tree.Text
	name.Text = g.pick("Ada", " Ada", "Ada  B", "Ada B ", "Ada B C") + name.Text
	basics.Set("name", name)
	root.Set("basics", basics)
	return root
}

func (g gen) meta() *tree.Value {
	count := func() *tree.Value {
		return &tree.Value{Kind: tree.Number, Text: g.pick("0", "50000", "6e4", "70000.0")}
	}
	salary := drawn{"salary", func() *tree.Value {
		return g.object([]drawn{{"currency", g.text}, {"min", func() *tree.Value { return tree.NewInt(0) }}, {"max", count}}, 0)
	}}
	kind := func() *tree.Value {
		return tree.NewText(g.pick("work", "education", "skills", "projects", "volunteer", "strengths", "custom", "basics", "", "x"))
	}
	letraz := drawn{"letraz", func() *tree.Value {
		return g.object([]drawn{
			{"person", func() *tree.Value { return g.object([]drawn{{"title", g.text}, {"nationality", g.text}}, 0) }},
			{"job", func() *tree.Value {
				return g.object([]drawn{{"title", g.text}, {"company_name", g.text}, {"location", g.text}, {"description", g.text},
					{"employment_type", func() *tree.Value { return tree.NewText(g.pick("", "full_time")) }}, {"requirements", g.texts},
					{"responsibilities", g.texts}, {"benefits", g.texts}, salary, {"job_url", g.text}}, 0)
			}},
			{"strengths", func() *tree.Value { return g.entries("name description", "highlights") }},
			{"custom", func() *tree.Value {
				items := drawn{"items", func() *tree.Value { return g.entries("", "") }}
				return g.entries("title", "", items)
			}},
			{"sections", func() *tree.Value { return g.entries("title", "", drawn{"type", kind}) }},
		}, 0)
	}}
	return g.object([]drawn{letraz, {"language", g.text}}, 0)
}

// write encodes the document as unusual but valid JSON, with any white space and any escapes.
func (g gen) write(v *tree.Value) []byte {
	plain := v.Append(nil)
	if !g.chance(30) {
		return plain
	}
	var b strings.Builder
	inText := false
	for i := 0; i < len(plain); i++ {
		c := plain[i]
		switch {
		case c == '\\':
			n := 2
			if plain[i+1] == 'u' {
				n = 6
			}
			b.Write(plain[i : i+n])
			i += n - 1
			continue
		case c == '"':
			inText = !inText
		case inText && (c == '<' || c == 'a' || c == '&'):
			fmt.Fprintf(&b, `\u%04X`, c)
			continue
		}
		b.WriteByte(c)
		if !inText && (c == ',' || c == '{' || c == ':' || c == '[') {
			b.WriteString(" \r\n\t")
		}
	}
	return []byte(b.String())
}

// throughDatabase changes what a jsonb column changes: the spelling of JSON.
func throughDatabase(d Details) Details {
	for name, raw := range d {
		var v any
		decoder := json.NewDecoder(strings.NewReader(string(raw)))
		decoder.UseNumber()
		if decoder.Decode(&v) == nil {
			d[name], _ = json.MarshalIndent(v, " ", " ")
		}
	}
	return d
}

func TestRoundTrip_Property(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		g := gen{rt}
		doc := g.write(g.document())
		r, err := ParseJSONResume(doc)
		if err != nil {
			rt.Fatalf("%v\n%s", err, doc)
		}
		out, err := MarshalJSONResume(r)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := dataDiff(doc, out); diff != "" {
			rt.Fatalf("document (-in +out):\n%s\n%s", diff, doc)
		}
		again, err := ParseJSONResume(out)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(r, again, cmpopts.IgnoreFields(Resume{}, "Notes")); diff != "" {
			rt.Fatalf("resume read from what was written (-first +second):\n%s", diff)
		}

		eachDetails(&again, throughDatabase)
		stored, err := MarshalJSONResume(again)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := dataDiff(doc, stored); diff != "" {
			rt.Fatalf("document through the database (-in +out):\n%s", diff)
		}
	})
}

// eachDetails replaces every Details of r.
func eachDetails(r *Resume, f func(Details) Details) {
	r.Details, r.Person.Details = f(r.Details), f(r.Person.Details)
	for i := range r.Person.Profiles {
		r.Person.Profiles[i].Details = f(r.Person.Profiles[i].Details)
	}
	for _, s := range r.Sections {
		for i := range s.Experience {
			s.Experience[i].Details = f(s.Experience[i].Details)
		}
		for i := range s.Education {
			s.Education[i].Details = f(s.Education[i].Details)
		}
		for i := range s.Projects {
			s.Projects[i].Details = f(s.Projects[i].Details)
		}
		for i := range s.Skills {
			s.Skills[i].Details = f(s.Skills[i].Details)
		}
		for i := range s.Strengths {
			s.Strengths[i].Details = f(s.Strengths[i].Details)
		}
		for i := range s.Other.Items {
			s.Other.Items[i].Raw = f(s.Other.Items[i].Raw)
		}
	}
}
