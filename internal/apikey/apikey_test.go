package apikey_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/apikey"
)

func TestGenerate(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^letraz_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$`)
	seen := map[string]bool{}
	for range 1000 {
		text, id := apikey.Generate()
		got, err := apikey.Parse(text)
		if !form.MatchString(text) || err != nil || got != id || seen[id] || seen[text] {
			t.Fatalf("%s: id %q, want %q; %v", text, got, id, err)
		}
		seen[id], seen[text] = true, true
	}
}

func TestParse_Malformed(t *testing.T) {
	t.Parallel()
	text, _ := apikey.Generate()
	other, _ := apikey.Generate()
	for name, malformed := range map[string]string{
		"empty":               "",
		"prefix only":         "letraz_",
		"cut":                 text[:len(text)-1],
		"longer":              text + "0",
		"other prefix":        "Letraz" + text[6:],
		"no prefix":           strings.TrimPrefix(text, "letraz_"),
		"id of another":       other[:20] + text[20:],
		"secret of another":   text[:20] + other[20:63] + text[63:],
		"checksum of another": text[:63] + other[63:],
		"with a blank":        text[:30] + " " + text[31:],
		"not ASCII":           text[:30] + "é" + text[32:],
		"two separators":      text[:30] + "_" + text[31:],
		"a token":             strings.Repeat("a", 20) + "." + strings.Repeat("b", 40) + "." + strings.Repeat("c", 8),
	} {
		if id, err := apikey.Parse(malformed); !errors.Is(err, apikey.ErrMalformed) || id != "" {
			t.Errorf("%s: %q, %v", name, id, err)
		}
	}
	// Each single changed character is found.
	for i := range text {
		changed := text[:i] + string(text[i]^1) + text[i+1:]
		if _, err := apikey.Parse(changed); err == nil {
			t.Errorf("%s is accepted for %s", changed, text)
		}
	}
}

func TestKey_MayActFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		key  apikey.Key
		want bool
	}{
		"all":         {apikey.Key{AllUsers: true}, true},
		"listed":      {apikey.Key{Users: []string{"b", "a"}}, true},
		"not listed":  {apikey.Key{Users: []string{"b", "A", "a "}}, false},
		"nobody":      {apikey.Key{}, false},
		"empty users": {apikey.Key{Users: []string{}}, false},
	} {
		if c.key.MayActFor("a") != c.want {
			t.Errorf("%s: %t", name, !c.want)
		}
	}
}
