package export

import (
	"strings"
	"testing"
)

const (
	anID    = "0192f0a1-7c3e-7d20-8a41-5b6c7d8e9fab"
	anLease = "3f2b8c1d-9e47-4a55-b0c6-1d2e3f4a5b6c"
)

func TestParseBlobKey(t *testing.T) {
	t.Parallel()
	for _, format := range Formats() {
		key := BlobKey(Request{ID: anID, Format: format, Lease: Lease{Token: anLease}})
		if want := "exports/ab/" + anID + "." + anLease + "." + string(format); key != want {
			t.Errorf("%s, want %s", key, want)
		}
		for _, key := range []string{key, "exports/" + anID + "/" + anLease + "." + string(format)} {
			if id, token, ok := ParseBlobKey(key); id != anID || token != anLease || !ok {
				t.Errorf("%s reads as %q, %q, %t", key, id, token, ok)
			}
		}
	}
}

// Whatever is not certainly an export's may be somebody else's.
func TestParseBlobKey_OtherKeys(t *testing.T) {
	t.Parallel()
	good := "exports/ab/" + anID + "." + anLease + ".pdf"
	old := "exports/" + anID + "/" + anLease + ".pdf"
	for _, key := range []string{
		"", "exports", "exports/", "/" + good, "x/" + good, "Exports" + good[7:], "exports/ac" + good[10:], "exports/b" + good[10:],
		strings.Replace(good, "/ab/", "//", 1), strings.Replace(good, "/ab/", "/", 1), strings.Replace(good, "/ab/", "/ab/ab/", 1),
		good + ".tmp", good + "x", strings.TrimSuffix(good, "f"), strings.TrimSuffix(good, ".pdf"), strings.ToUpper(good),
		strings.Replace(good, "-", "_", 1), strings.Replace(good, "-", "", 1), strings.Replace(good, anID, anID+"0", 1),
		"exports/ab/" + anID + ".pdf", old + "/x", old + ".1", "exports/" + anID + "/f.pdf", "exports/" + anID[2:] + "/" + anLease + ".pdf",
		"exports/photos/cat.pdf", "exports/ab/cat.pdf",
	} {
		if id, token, ok := ParseBlobKey(key); ok || id != "" || token != "" {
			t.Errorf("%s reads as %q, %q, %t", key, id, token, ok)
		}
	}
}
