// Package auth says who is calling: it checks bearer tokens (JSON Web Tokens
// whose subject is the user id) against a shared secret or the published keys
// of an identity provider, and signs tokens for development.
package auth

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

// ErrInvalidToken means that the token is malformed, forged, expired, or names nobody.
var ErrInvalidToken = errors.New("invalid token")

// MinSecret is the least length of a shared secret, in bytes: shorter ones can
// be guessed (RFC 7518 section 3.2 asks for the hash's size).
const MinSecret = 32

// leeway covers clocks that differ between the issuer and here.
const leeway = 30 * time.Second

// Verifier checks tokens. It is safe for concurrent use.
type Verifier struct {
	parser *jwt.Parser
	key    jwt.Keyfunc
}

// NewSecret returns a verifier for tokens signed with HS256 and the secret.
func NewSecret(secret []byte) (*Verifier, error) {
	if len(secret) < MinSecret {
		return nil, fmt.Errorf("the JWT secret has %d bytes and needs at least %d", len(secret), MinSecret)
	}
	return &Verifier{
		parser: newParser("HS256"),
		key:    func(*jwt.Token) (any, error) { return secret, nil },
	}, nil
}

// keysTimeout bounds one fetch of published keys, and with it how long a token
// with an unknown key can keep its caller waiting.
const keysTimeout = 5 * time.Second

// NewJWKS returns a verifier for tokens signed with one of the keys published
// at url. They are fetched now (an error says that they could not be), every
// hour until ctx ends, and, at most every five minutes, when a token names a key
// that is not among them.
func NewJWKS(ctx context.Context, url string) (*Verifier, error) {
	late := false // a start without keys would refuse everybody
	keys, err := keyfunc.NewDefaultOverrideCtx(ctx, []string{url}, keyfunc.Override{
		HTTPTimeout: keysTimeout, RateLimitWaitMax: keysTimeout, NoErrorReturnFirstHTTPReq: &late,
	})
	if err != nil {
		return nil, fmt.Errorf("fetching the token keys from %s: %w", url, err)
	}
	return &Verifier{parser: newParser("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"), key: keys.Keyfunc}, nil
}

// newParser accepts the given algorithms only: a token must not choose its own check.
func newParser(algorithms ...string) *jwt.Parser {
	return jwt.NewParser(jwt.WithValidMethods(algorithms), jwt.WithExpirationRequired(), jwt.WithLeeway(leeway))
}

// UserID returns whom the token speaks for, or ErrInvalidToken.
func (v *Verifier) UserID(token string) (string, error) {
	var claims jwt.RegisteredClaims
	if _, err := v.parser.ParseWithClaims(token, &claims, v.key); err != nil {
		return "", fmt.Errorf("%w: %w", ErrInvalidToken, err)
	}
	if claims.Subject == "" {
		return "", fmt.Errorf("%w: it has no subject", ErrInvalidToken)
	}
	if strings.ContainsRune(claims.Subject, 0) { // Postgres has no such text
		return "", fmt.Errorf("%w: its subject contains a NUL character", ErrInvalidToken)
	}
	return claims.Subject, nil
}

// Sign makes a token that speaks for the user until it ends after ttl.
func Sign(secret []byte, userID string, ttl time.Duration) (string, error) {
	if len(secret) < MinSecret {
		return "", fmt.Errorf("the JWT secret has %d bytes and needs at least %d", len(secret), MinSecret)
	}
	now := time.Now()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Subject:   userID,
		IssuedAt:  jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(now.Add(ttl)),
	}).SignedString(secret)
	if err != nil {
		return "", fmt.Errorf("signing a token: %w", err)
	}
	return token, nil
}

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
