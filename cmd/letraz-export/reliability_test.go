package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each test that RELIABILITY.md names must exist.
func TestReliability_NamedTestsExist(t *testing.T) {
	text, err := os.ReadFile("../../RELIABILITY.md")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(string(text), -1)
	if len(names) < 20 {
		t.Errorf("it names %d tests only", len(names))
	}
	tests := testSources(t)
	for _, name := range names {
		if !strings.Contains(tests, "func "+name[1]+"(") {
			t.Errorf("there is no %s", name[1])
		}
	}
}

// testSources returns the source of all tests of the project.
func testSources(t *testing.T) string {
	t.Helper()
	var tests strings.Builder
	for _, dir := range []string{"../../internal", "../../cmd", "../../deploy"} {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			tests.Write(source)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return tests.String()
}
