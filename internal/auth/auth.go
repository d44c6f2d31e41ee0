// Package auth says who is calling: it checks bearer tokens (JSON Web Tokens
// whose subject is the user id) against a shared secret or the published keys
// of an identity provider, and signs tokens for development.
package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

// ErrInvalidToken means that the token is malformed, forged, expired, made by or
// for somebody else, or names nobody.
var ErrInvalidToken = errors.New("invalid token")

// MinSecret is the least length of a shared secret, in bytes: shorter ones can
// be guessed (RFC 7518 section 3.2 asks for the hash's size).
const MinSecret = 32

// Leeway is how long a token is accepted after it expired (exp), and before it
// is valid (nbf) or was issued (iat): clocks differ.
const Leeway = 30 * time.Second

// Parties are who makes tokens and whom they are made for.
type Parties struct {
	// Issuer is what iss has to be; empty: anything, also nothing.
	Issuer string
	// Audience is what aud has to be or to contain; empty: anything, also nothing.
	Audience string
}

// Verifier checks tokens. It is safe for concurrent use.
type Verifier struct {
	parser *jwt.Parser
	key    jwt.Keyfunc
}

// NewSecret returns a verifier for tokens of the parties that are signed with
// HS256 and the secret.
func NewSecret(secret []byte, p Parties) (*Verifier, error) {
	if len(secret) < MinSecret {
		return nil, fmt.Errorf("the JWT secret has %d bytes and needs at least %d", len(secret), MinSecret)
	}
	return newVerifier(func(*jwt.Token) (any, error) { return secret, nil }, p, "HS256"), nil
}

// keysTimeout bounds one fetch of published keys, and with it how long a token
// with an unknown key can keep its caller waiting.
const keysTimeout = 5 * time.Second

// NewJWKS returns a verifier for tokens of the parties that are signed with one
// of the keys published at url. They are fetched now (an error says that they
// could not be), every hour until ctx ends, and, at most every five minutes,
// when a token names a key that is not among them.
func NewJWKS(ctx context.Context, url string, p Parties) (*Verifier, error) {
	late := false // a start without keys would refuse everybody
	keys, err := keyfunc.NewDefaultOverrideCtx(ctx, []string{url}, keyfunc.Override{
		HTTPTimeout: keysTimeout, RateLimitWaitMax: keysTimeout, NoErrorReturnFirstHTTPReq: &late,
	})
	if err != nil {
		return nil, fmt.Errorf("fetching the token keys from %s: %w", url, err)
	}
	return newVerifier(keys.Keyfunc, p, "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"), nil
}

// newVerifier accepts the given algorithms only: a token must not choose its own check.
func newVerifier(key jwt.Keyfunc, p Parties, algorithms ...string) *Verifier {
	options := []jwt.ParserOption{
		jwt.WithValidMethods(algorithms), jwt.WithStrictDecoding(), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(Leeway),
	}
	if p.Issuer != "" {
		options = append(options, jwt.WithIssuer(p.Issuer))
	}
	if p.Audience != "" {
		options = append(options, jwt.WithAudience(p.Audience))
	}
	return &Verifier{
		parser: jwt.NewParser(options...),
		key: func(t *jwt.Token) (any, error) {
			if err := checkHeader(t.Raw); err != nil {
				return nil, err
			}
			return key(t)
		},
	}
}

// UserID returns whom the token speaks for, or ErrInvalidToken.
func (v *Verifier) UserID(token string) (string, error) {
	var c claims
	if _, err := v.parser.ParseWithClaims(token, &c, v.key); err != nil {
		return "", fmt.Errorf("%w: %w", ErrInvalidToken, err)
	}
	if c.subject == "" {
		return "", fmt.Errorf("%w: it has no subject", ErrInvalidToken)
	}
	if strings.ContainsRune(c.subject, 0) { // Postgres has no such text
		return "", fmt.Errorf("%w: its subject contains a NUL character", ErrInvalidToken)
	}
	return c.subject, nil
}

// Sign makes a token of the parties that speaks for the user until it ends after
// ttl.
func Sign(secret []byte, userID string, ttl time.Duration, p Parties) (string, error) {
	if len(secret) < MinSecret {
		return "", fmt.Errorf("the JWT secret has %d bytes and needs at least %d", len(secret), MinSecret)
	}
	now := time.Now()
	c := jwt.RegisteredClaims{
		Subject:   userID,
		Issuer:    p.Issuer,
		IssuedAt:  jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(now.Add(ttl)),
	}
	if p.Audience != "" {
		c.Audience = jwt.ClaimStrings{p.Audience}
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(secret)
	if err != nil {
		return "", fmt.Errorf("signing a token: %w", err)
	}
	return token, nil
}
