package crashpoint_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/crashpoint"
)

// build builds the service with the Makefile's flags and these.
func build(t *testing.T, flags ...string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "letraz-export")
	cmd := exec.CommandContext(t.Context(), "go", append(append([]string{"build", "-o", file}, flags...), "../../cmd/letraz-export")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	program, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func TestBuild_WithoutCrashPoints(t *testing.T) {
	traces := append([]string{crashpoint.Env, crashpoint.Reached, "internal/crashpoint.Here"}, crashpoint.Points()...)
	program := build(t)
	for _, trace := range traces {
		if bytes.Contains(program, []byte(trace)) {
			t.Errorf("the program contains %q", trace)
		}
	}
	if testing.Short() {
		return
	}
	// Every point is found in this build, so the search works and each is used.
	armed := build(t, "-tags", "crashpoints")
	for _, trace := range traces {
		if !bytes.Contains(armed, []byte(trace)) {
			t.Errorf("the program with crash points lacks %q", trace)
		}
	}
}

func TestPoints(t *testing.T) {
	seen := map[string]bool{}
	for _, point := range crashpoint.Points() {
		role, step, ok := strings.Cut(point, ".")
		if !ok || step == "" || !strings.Contains(" api dispatch worker sweep ", " "+role+" ") || seen[point] {
			t.Errorf("%q is no name of a point, or there twice", point)
		}
		seen[point] = true
	}
}
