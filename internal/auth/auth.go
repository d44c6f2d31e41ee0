// Package auth verifies bearer tokens: JSON Web Tokens whose subject is the user id,
// signed with a shared secret or with a published key of an identity provider. It
// also signs tokens for development.
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

// ErrInvalidToken means that a token is malformed, forged or expired, has another
// issuer or audience than required, or has no subject.
var ErrInvalidToken = errors.New("invalid token")

// MinSecret is the minimum length of a shared secret in bytes: the size of the hash,
// as RFC 7518 section 3.2 requires.
const MinSecret = 32

// Leeway is how long a token is accepted after its exp and before its nbf and iat,
// because clocks differ.
const Leeway = 30 * time.Second

// Parties are the issuer and the audience of tokens.
type Parties struct {
	// Issuer is the required iss. If it is empty, iss is not checked.
	Issuer string
	// Audience is what aud is required to be or to contain. If it is empty, aud is
	// not checked.
	Audience string
}

// Verifier checks tokens. It is safe for concurrent use.
type Verifier struct {
	parser *jwt.Parser
	key    jwt.Keyfunc
}

// NewSecret returns a verifier of tokens that are signed with HS256 and the secret
// and have the required issuer and audience.
func NewSecret(secret []byte, p Parties) (*Verifier, error) {
	if len(secret) < MinSecret {
		return nil, fmt.Errorf("the JWT secret has %d bytes and needs at least %d", len(secret), MinSecret)
	}
	return newVerifier(func(*jwt.Token) (any, error) { return secret, nil }, p, "HS256"), nil
}

// keysTimeout bounds one fetch of published keys, and with it how long a token
// with an unknown key can keep its caller waiting.
const keysTimeout = 5 * time.Second

// NewJWKS returns a verifier of tokens that are signed with one of the keys published
// at url and have the required issuer and audience. The keys are fetched now, which
// may fail, then every hour until ctx ends, and when a token names an unknown key, at
// most every five minutes.
func NewJWKS(ctx context.Context, url string, p Parties) (*Verifier, error) {
	late := false // fail now if the keys cannot be fetched: every token would be refused
	keys, err := keyfunc.NewDefaultOverrideCtx(ctx, []string{url}, keyfunc.Override{
		HTTPTimeout: keysTimeout, RateLimitWaitMax: keysTimeout, NoErrorReturnFirstHTTPReq: &late,
	})
	if err != nil {
		return nil, fmt.Errorf("fetching the token keys from %s: %w", url, err)
	}
	return newVerifier(keys.Keyfunc, p, "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"), nil
}

// newVerifier returns a verifier that accepts the given algorithms only, whatever
// the token's header says.
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

// UserID returns the subject of a valid token, or an error that is ErrInvalidToken.
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

// Sign returns a token for the user that expires after ttl, signed with HS256 and the
// secret.
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
