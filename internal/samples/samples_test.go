package samples

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func all(t *testing.T) []Sample {
	t.Helper()
	samples, err := All()
	if err != nil {
		t.Fatal(err)
	}
	return samples
}

func decode(t *testing.T, s Sample) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(s.JSON, &doc); err != nil {
		t.Fatalf("%s: %v", s.Slug, err)
	}
	return doc
}

func TestAll(t *testing.T) {
	t.Parallel()
	samples := all(t)
	if len(samples) < 16 {
		t.Errorf("only %d samples", len(samples))
	}
	slug := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	for i, s := range samples {
		if !slug.MatchString(s.Slug) {
			t.Errorf("slug %q is not lower-case words joined by hyphens", s.Slug)
		}
		if i > 0 && samples[i-1].Slug >= s.Slug {
			t.Errorf("%q comes after %q", s.Slug, samples[i-1].Slug)
		}
	}
}

func TestGet(t *testing.T) {
	t.Parallel()
	for _, want := range all(t) {
		got, err := Get(want.Slug)
		if err != nil || got.Slug != want.Slug || !bytes.Equal(got.JSON, want.JSON) {
			t.Errorf("Get(%q) is not what All returned (error %v)", want.Slug, err)
		}
	}
	for _, unknown := range []string{"", "nobody", "../samples", "german.json"} {
		_, err := Get(unknown)
		if err == nil {
			t.Errorf("Get(%q) found something", unknown)
			continue
		}
		for _, s := range all(t) {
			if !strings.Contains(err.Error(), s.Slug) {
				t.Errorf("the error for %q does not list %q: %v", unknown, s.Slug, err)
			}
		}
	}
}

// TestGet_ReturnsCopy: changing a returned document does not affect later calls.
func TestGet_ReturnsCopy(t *testing.T) {
	t.Parallel()
	first, err := Get("german")
	if err != nil {
		t.Fatal(err)
	}
	clear(first.JSON)
	second, err := Get("german")
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(second.JSON) {
		t.Error("a change to one copy reached the next")
	}
}

func TestSamples_MatchSchema(t *testing.T) {
	t.Parallel()
	for _, s := range all(t) {
		t.Run(s.Slug, func(t *testing.T) {
			t.Parallel()
			if !utf8.Valid(s.JSON) {
				t.Error("not UTF-8")
			}
			for _, key := range duplicateKeys(t, s.JSON) {
				t.Errorf("property %q twice in one object", key)
			}
			doc := decode(t, s)
			for _, p := range problems("resume", doc, resumeSchema) {
				t.Error(p)
			}
			basics, _ := doc["basics"].(map[string]any)
			meta, _ := doc["meta"].(map[string]any)
			for name, v := range map[string]any{
				"basics.name": basics["name"], "meta.version": meta["version"], "meta.language": meta["language"],
			} {
				if v == nil {
					t.Errorf("%s is missing", name)
				}
			}
		})
	}
}

// TestSamples_ReservedDomains also checks URLs inside of texts, which the schema does not
// cover.
func TestSamples_ReservedDomains(t *testing.T) {
	t.Parallel()
	host := regexp.MustCompile(`(?i)(?:\w@|https?://|www\.)([\p{L}\p{N}.-]+)`)
	for _, s := range all(t) {
		for _, m := range host.FindAllSubmatch(s.JSON, -1) {
			if h := strings.TrimRight(string(m[1]), "."); !reservedHost.MatchString(h) {
				t.Errorf("%s: %q is not in a reserved domain", s.Slug, m[0])
			}
		}
	}
}

// TestSamples_CoverSchema: the samples together use every member of the schema.
func TestSamples_CoverSchema(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	datesOfLength := map[int]bool{}
	for _, s := range all(t) {
		collect("", decode(t, s), func(path string, v string) {
			seen[path] = true
			if strings.HasSuffix(strings.ToLower(path), "date") {
				datesOfLength[len(v)] = true
			}
		})
	}
	var want []string
	leaves("", resumeSchema, &want)
	slices.Sort(want)
	for _, path := range want {
		if !seen[path] {
			t.Errorf("no sample has %s", path)
		}
	}
	for _, n := range []int{len("2026"), len("2026-06"), len("2026-06-30")} {
		if !datesOfLength[n] {
			t.Errorf("no sample has a date of %d characters", n)
		}
	}
}

// collect calls visit for each scalar in v; array indexes are left out of the path.
func collect(path string, v any, visit func(path, v string)) {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			collect(path+"."+name, value, visit)
		}
	case []any:
		for _, item := range v {
			collect(path, item, visit)
		}
	case string:
		visit(path, v)
	default:
		visit(path, "")
	}
}

// leaves appends the paths that collect would visit in a document with every property of spec.
func leaves(path string, spec any, into *[]string) {
	switch spec := spec.(type) {
	case object:
		for name, value := range spec {
			leaves(path+"."+name, value, into)
		}
	case list:
		leaves(path, spec.of, into)
	default:
		*into = append(*into, path)
	}
}

// duplicateKeys returns the names that stand twice in one object, which decoding into a map would hide.
func duplicateKeys(t *testing.T, doc []byte) []string {
	t.Helper()
	type level struct {
		keys  map[string]bool // nil in an array
		value bool            // the next token of an object is a value
	}
	var stack []*level
	var twice []string
	dec := json.NewDecoder(bytes.NewReader(doc))
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			return twice
		}
		if err != nil {
			t.Fatal(err)
		}
		if tok == json.Delim('}') || tok == json.Delim(']') {
			stack = stack[:len(stack)-1]
			continue
		}
		if n := len(stack); n > 0 && stack[n-1].keys != nil {
			top := stack[n-1]
			if !top.value {
				key, _ := tok.(string)
				if top.keys[key] {
					twice = append(twice, key)
				}
				top.keys[key], top.value = true, true
				continue
			}
			top.value = false
		}
		switch tok {
		case json.Delim('{'):
			stack = append(stack, &level{keys: map[string]bool{}})
		case json.Delim('['):
			stack = append(stack, &level{})
		}
	}
}
