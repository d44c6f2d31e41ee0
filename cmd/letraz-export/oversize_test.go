package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The limit holds for pipes and devices, too, which have no size.
func TestReadResume_Oversized(t *testing.T) {
	t.Parallel()
	large := strings.Repeat(" ", maxResumeFile+1)
	file := filepath.Join(t.TempDir(), "large.json")
	write(t, file, large)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	go func() {
		_, _ = io.WriteString(w, large) // fails once the reader has reached its limit
		_ = w.Close()
	}()
	for name, path := range map[string]string{"file": file, "pipe": fmt.Sprintf("/dev/fd/%d", r.Fd())} {
		if _, err := readSource(&env{}, path, ""); err == nil || !strings.Contains(err.Error(), "more than 16777216 bytes") {
			t.Errorf("%s: error %v, want one that names the limit", name, err)
		}
	}
}
