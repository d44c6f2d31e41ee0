package auth_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/auth"
)

func TestLocalSecret_MadeOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "directory")
	file := filepath.Join(dir, "secret")
	secrets := make([][]byte, 20)
	var all sync.WaitGroup
	for i := range secrets {
		all.Go(func() {
			var err error
			if secrets[i], err = auth.LocalSecret(file); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, s := range secrets {
		if len(s) < auth.MinSecret || string(s) != string(secrets[0]) {
			t.Fatalf("starters at once got different secrets, of %d and %d bytes", len(s), len(secrets[0]))
		}
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("files left behind: %v, %v", left, err)
	}
	again, err := auth.ReadLocalSecret(file)
	if err != nil || string(again) != string(secrets[0]) {
		t.Errorf("read again: %v", err)
	}
	other, err := auth.LocalSecret(filepath.Join(dir, "another"))
	if err != nil || string(other) == string(secrets[0]) {
		t.Errorf("two installations share a secret, %v", err)
	}
	token, err := auth.Sign(secrets[0], "user_1", time.Minute, auth.Parties{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := auth.NewSecret(again, auth.Parties{})
	if err != nil {
		t.Fatal(err)
	}
	wantUser(t, v, token, "user_1")
}

func TestLocalSecret_UnusableFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{"empty": "", "blank": " \n\t\n", "short": "0123456789abcdef\n"} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, read := range []func(string) ([]byte, error){auth.LocalSecret, auth.ReadLocalSecret} {
			s, err := read(file)
			if err == nil || s != nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "at least 32") {
				t.Errorf("%s: %q, %v", name, s, err)
			}
		}
		if now, err := os.ReadFile(file); err != nil || string(now) != content {
			t.Errorf("%s: the file was changed to %q, %v", name, now, err)
		}
	}
}

// Tests may run as root, whom permissions do not stop, so the parents are not directories.
func TestLocalSecret_UnusableDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for what, path := range map[string]string{
		"below a file": filepath.Join(file, "secret"), "deep below a file": filepath.Join(file, "a", "secret"), "a directory": dir,
		"no files possible": "/proc/self/none/secret",
	} {
		if _, err := auth.LocalSecret(path); err == nil || !strings.Contains(err.Error(), "token secret") || !strings.Contains(err.Error(), filepath.Dir(path)) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := auth.ReadLocalSecret(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}
