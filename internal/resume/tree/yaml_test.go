package tree

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/note"
)

func TestParseYAML(t *testing.T) {
	for _, test := range []struct{ name, yaml, want string }{
		{"scalars stay as written", "a: 2020-09\nb: 3.10\nc: no\nd: NO\ne: 2020-09-28T10:00:00Z\nf: 0x1F\ng: 1_000\nh: +5\ni: 007\nj: .5\nk: 12:30\n",
			`{"a":"2020-09","b":3.10,"c":"no","d":"NO","e":"2020-09-28T10:00:00Z","f":"0x1F","g":"1_000","h":"+5","i":"007","j":".5","k":"12:30"}`},
		{"kinds", "a: true\nb: False\nc: null\nd: ~\ne:\nf: -1.5e3\ng: .inf\nh: on\ni: yes\n",
			`{"a":true,"b":false,"c":null,"d":null,"e":null,"f":-1.5e3,"g":".inf","h":"on","i":"yes"}`},
		{"quotes make texts", "a: \"1\"\nb: 'true'\nc: \"null\"\nd: ''\ne: !!str 5\n", `{"a":"1","b":"true","c":"null","d":"","e":"5"}`},
		{"order of members", "z: 1\na: 2\nm: 3\n", `{"z":1,"a":2,"m":3}`},
		{"blocks", "a: |\n  one\n  two\nb: >\n  one\n  two\nc: one\n  two\n", `{"a":"one\ntwo\n","b":"one two\n","c":"one two"}`},
		{"JSON is YAML", `{"a": [1, "x", {"b": null}]}`, `{"a":[1,"x",{"b":null}]}`},
		{"aliases", "a: &x [1, two]\nb: *x\nc: &y {k: v}\nd: *y\n", `{"a":[1,"two"],"b":[1,"two"],"c":{"k":"v"},"d":{"k":"v"}}`},
		{"merged members", "a: &x {k: v, n: 1}\nb:\n  <<: *x\n  n: 2\nc:\n  <<: [*x, {m: 3}]\n", `{"a":{"k":"v","n":1},"b":{"n":2,"k":"v"},"c":{"k":"v","n":1,"m":3}}`},
		{"byte order mark", "\ufeffa: b\n", `{"a":"b"}`},
		{"names of other kinds", "1: a\ntrue: b\n2020-01: c\nno: d\n", `{"1":"a","true":"b","2020-01":"c","no":"d"}`},
		{"own tags", "a: !custom text\nb: !!binary aGk=\n", `{"a":"text","b":"aGk="}`},
		{"comments", "# resume\na: b # name\nc: d#e\n", `{"a":"b","c":"d#e"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var notes note.List
			v, err := ParseYAML([]byte(test.yaml), &notes)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(v.Append(nil)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if notes.Len() > 0 {
				t.Errorf("notes %v", notes.Notes())
			}
		})
	}
}

func TestParseYAML_AliasesAreCopies(t *testing.T) {
	var notes note.List
	v, err := ParseYAML([]byte("a: &x {k: v}\nb: *x\n"), &notes)
	if err != nil {
		t.Fatal(err)
	}
	v.Get("a").Set("k", NewText("changed"))
	if got := v.Get("b").Get("k").Text; got != "v" {
		t.Errorf("the copy changed to %q", got)
	}
}

func TestParseYAML_Notes(t *testing.T) {
	for _, test := range []struct {
		name, yaml, want string
		note             note.Note
	}{
		{"repeated member", "a: 1\nb: {c: 1, c: 2}\n", `{"a":1,"b":{"c":2,"c_2":1}}`, note.Note{Path: "b.c", Code: note.Repaired}},
		{"second document", "a: 1\n---\na: 2\n", `{"a":1}`, note.Note{Code: note.Dropped}},
		{"list as a name", "a: 1\n? [x]\n: 2\n", `{"a":1}`, note.Note{Code: note.Dropped}},
		{"U+0000", `a: "x\0y"`, `{"a":"xy"}`, note.Note{Path: "a", Code: note.Repaired}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var notes note.List
			v, err := ParseYAML([]byte(test.yaml), &notes)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(v.Append(nil)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if n := notes.Notes(); len(n) != 1 || n[0].Path != test.note.Path || n[0].Code != test.note.Code {
				t.Errorf("notes %v, want one at %q with code %s", n, test.note.Path, test.note.Code)
			}
		})
	}
}

func TestParseYAML_Limits(t *testing.T) {
	// Each level has ten times the values of the one before.
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 9 {
		alias := "*a" + string(rune('0'+i))
		bomb += "a" + string(rune('1'+i)) + ": &a" + string(rune('1'+i)) + " [" + strings.Repeat(alias+", ", 9) + alias + "]\n"
	}
	for _, test := range []struct{ name, yaml, want string }{
		{"aliases of aliases", bomb, "more than 100000 values"},
		{"alias in itself", "a: &a [*a]\n", "deeper than 64 levels"},
		{"alias of a long text", "a: &a " + strings.Repeat("x", 100_000) + "\nb: [" + strings.Repeat("*a, ", 50) + "*a]\n", "aliases repeat more than"},
		{"deep lists", strings.Repeat("[", 70) + strings.Repeat("]", 70), "deeper than 64 levels"},
		{"deep blocks", func() string {
			var b strings.Builder
			for i := range 70 {
				b.WriteString(strings.Repeat(" ", i) + "a:\n")
			}
			return b.String()
		}(), "deeper than 64 levels"},
		{"many values", "- x\n" + strings.Repeat("- x\n", 100_001), "more than 100000 values"},
		{"very many values", strings.Repeat("- [,\n", 300_000), "more than 100000 values"},
		{"empty", "", "the document is empty"},
		{"comment", "# nothing\n", "the document is empty"},
		{"syntax", "a: [1\nb: 2\n", "line "},
		{"tab", "a:\n\tb: c\n", "line 2"},
		{"unknown alias", "a: *b\n", "unknown anchor"},
		{"invalid UTF-8", "a: \xff\n", "UTF-8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var notes note.List
			_, err := ParseYAML([]byte(test.yaml), &notes)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func FuzzParseYAML(f *testing.F) {
	f.Add("a: &x [1, {b: *x}]\n<<: {c: d}\n? [k]\n: v\n---\n!!str 5\n")
	f.Fuzz(func(t *testing.T, data string) {
		var notes note.List
		v, err := ParseYAML([]byte(data), &notes)
		if err != nil {
			return
		}
		// What was read is JSON, and the same again.
		out := v.Append(nil)
		w, err := Parse(out, &notes)
		if err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		if again := w.Append(nil); string(again) != string(out) {
			t.Fatalf("%s\n%s", out, again)
		}
	})
}
