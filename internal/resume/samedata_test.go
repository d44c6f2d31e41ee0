package resume

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// plainData decodes a document for comparing: numbers by value, and without
// what counts as absent, which is members that are null, "", [] or {} and list
// entries that are null.
func plainData(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("%w in %s", err, data)
	}
	return withoutAbsent(v), nil
}

func withoutAbsent(v any) any {
	switch v := v.(type) {
	case json.Number:
		if r, ok := new(big.Rat).SetString(string(v)); ok {
			return "number " + r.RatString()
		}
		return v
	case []any:
		kept := []any{}
		for _, item := range v {
			if item != nil {
				kept = append(kept, withoutAbsent(item))
			}
		}
		return kept
	case map[string]any:
		kept := map[string]any{}
		for name, item := range v {
			switch item = withoutAbsent(item); x := item.(type) {
			case nil:
				continue
			case string:
				if x == "" {
					continue
				}
			case []any:
				if len(x) == 0 {
					continue
				}
			case map[string]any:
				if len(x) == 0 {
					continue
				}
			}
			kept[name] = item
		}
		return kept
	}
	return v
}

// dataDiff describes how two documents differ as data, "" if they do not.
func dataDiff(want, got []byte) string {
	w, err := plainData(want)
	if err != nil {
		return err.Error()
	}
	g, err := plainData(got)
	if err != nil {
		return err.Error()
	}
	return cmp.Diff(w, g)
}

func mustParse(t *testing.T, doc string) Resume {
	t.Helper()
	r, err := ParseJSONResume([]byte(doc))
	if err != nil {
		t.Fatalf("%v\n%s", err, doc)
	}
	return r
}

func mustMarshal(t *testing.T, r Resume) string {
	t.Helper()
	out, err := MarshalJSONResume(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// wantData fails the test unless r is written as the document want.
func wantData(t *testing.T, r Resume, want string) {
	t.Helper()
	if diff := dataDiff([]byte(want), []byte(mustMarshal(t, r))); diff != "" {
		t.Errorf("written document (-want +got):\n%s", diff)
	}
}
