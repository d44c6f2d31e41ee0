package auth

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// LocalSecret returns the secret in the file, for an installation that has none
// configured. It creates the file if it does not exist.
func LocalSecret(file string) ([]byte, error) {
	secret, err := ReadLocalSecret(file)
	if !errors.Is(err, os.ErrNotExist) {
		return secret, err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return nil, fmt.Errorf("storing a token secret: %w", err)
	}
	random := make([]byte, MinSecret)
	if _, err := rand.Read(random); err != nil {
		return nil, fmt.Errorf("generating a token secret: %w", err)
	}
	// Link fails if the file exists: of two processes that start at once, one creates
	// it and both read it.
	tmp, err := os.CreateTemp(filepath.Dir(file), ".secret-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("storing a token secret: %w", err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	_, err = tmp.WriteString(hex.EncodeToString(random) + "\n")
	if err := errors.Join(err, tmp.Close()); err != nil {
		return nil, fmt.Errorf("storing a token secret: %w", err)
	}
	if err := os.Link(tmp.Name(), file); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("storing a token secret: %w", err)
	}
	return ReadLocalSecret(file)
}

// ReadLocalSecret returns the secret that LocalSecret has stored in the file.
func ReadLocalSecret(file string) ([]byte, error) {
	secret, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the token secret: %w", err)
	}
	text := strings.TrimSpace(string(secret))
	if len(text) < MinSecret {
		return nil, fmt.Errorf("the token secret in %s has %d bytes and needs at least %d: delete the file to create a new one", file, len(text), MinSecret)
	}
	return []byte(text), nil
}
