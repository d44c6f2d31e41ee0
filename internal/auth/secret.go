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

// LocalSecret reads the secret kept in file, for an installation that has none
// configured, and makes one when there is none yet.
func LocalSecret(file string) ([]byte, error) {
	secret, err := ReadLocalSecret(file)
	if !errors.Is(err, os.ErrNotExist) {
		return secret, err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return nil, fmt.Errorf("keeping a token secret: %w", err)
	}
	random := make([]byte, MinSecret)
	if _, err := rand.Read(random); err != nil {
		return nil, fmt.Errorf("making a token secret: %w", err)
	}
	// Written beside and linked into place: of two processes that start at once
	// one wins, and both read the winner's.
	tmp, err := os.CreateTemp(filepath.Dir(file), ".secret-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("keeping a token secret: %w", err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	_, err = tmp.WriteString(hex.EncodeToString(random) + "\n")
	if err := errors.Join(err, tmp.Close()); err != nil {
		return nil, fmt.Errorf("keeping a token secret: %w", err)
	}
	if err := os.Link(tmp.Name(), file); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("keeping a token secret: %w", err)
	}
	return ReadLocalSecret(file)
}

// ReadLocalSecret reads the secret that LocalSecret keeps in file.
func ReadLocalSecret(file string) ([]byte, error) {
	secret, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the token secret: %w", err)
	}
	text := strings.TrimSpace(string(secret))
	if len(text) < MinSecret {
		return nil, fmt.Errorf("the token secret in %s has %d bytes and needs at least %d: delete the file to have a new one made", file, len(text), MinSecret)
	}
	return []byte(text), nil
}
