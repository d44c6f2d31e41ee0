// Package auth verifies bearer tokens: JSON Web Tokens whose subject is the user id,
// signed with a shared secret or with a published key of an identity provider. It
// also signs tokens for development.
package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"

	"github.com/letrazapp/letraz-export/internal/export"
)

// ErrInvalidToken means that a token is malformed, forged or expired, has another
// issuer, audience or other claim than required, or has no subject.
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
	parser   *jwt.Parser
	key      jwt.Keyfunc
	required []Claim
}

// Options are what is required of tokens besides a valid signature, exp and sub.
type Options struct {
	Parties
	Claims []Claim
	// KeysMaxAge is how long published keys are used that cannot be fetched again. After it,
	// every token is refused with export.ErrUnavailable. Default: DefaultKeysMaxAge.
	KeysMaxAge time.Duration
	// Logger logs failed fetches of published keys. Default: none.
	Logger *slog.Logger
}

// NewSecret returns a verifier of tokens that are signed with HS256 and the secret
// and have the required issuer and audience.
func NewSecret(secret []byte, p Parties) (*Verifier, error) {
	return NewSecrets([][]byte{secret}, Options{Parties: p})
}

// NewSecrets returns a verifier of tokens that are signed with HS256 and one of the secrets,
// of which the first is the current one. The others are tried in turn, whatever kid says, so
// that a secret can be replaced without refusing the tokens that were signed with it.
func NewSecrets(secrets [][]byte, o Options) (*Verifier, error) {
	var keys jwt.VerificationKeySet
	for _, secret := range secrets {
		if len(secret) < MinSecret {
			return nil, fmt.Errorf("a JWT secret has %d bytes and needs at least %d", len(secret), MinSecret)
		}
		keys.Keys = append(keys.Keys, secret)
	}
	if len(keys.Keys) == 0 {
		return nil, errors.New("there is no JWT secret")
	}
	return newVerifier(func(*jwt.Token) (any, error) { return keys, nil }, o, "HS256"), nil
}

const (
	// keysTimeout bounds one fetch of published keys, and with it how long a token
	// with an unknown key can keep its caller waiting.
	keysTimeout = 5 * time.Second
	// keysRefresh is the interval at which published keys are fetched.
	keysRefresh = time.Hour
	// DefaultKeysMaxAge is the default of Options.KeysMaxAge.
	DefaultKeysMaxAge = 24 * time.Hour
)

// NewJWKS returns a verifier of tokens that are signed with one of the keys published
// at url and meet the options. The keys are fetched now, which may fail, then every hour
// until ctx ends, and when a token names an unknown key, at most every five minutes. While
// fetches fail, the keys of the last one are used, for KeysMaxAge.
func NewJWKS(ctx context.Context, url string, o Options) (*Verifier, error) {
	if o.KeysMaxAge == 0 {
		o.KeysMaxAge = DefaultKeysMaxAge
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	fetches := &fetches{next: http.DefaultTransport}
	late := false // fail now if the keys cannot be fetched: every token would be refused
	keys, err := keyfunc.NewDefaultOverrideCtx(ctx, []string{url}, keyfunc.Override{
		Client:      &http.Client{Transport: fetches, Timeout: keysTimeout},
		HTTPTimeout: keysTimeout, RateLimitWaitMax: keysTimeout, NoErrorReturnFirstHTTPReq: &late, RefreshInterval: keysRefresh,
		RefreshErrorHandlerFunc: func(url string) func(context.Context, error) {
			return func(_ context.Context, err error) {
				o.Logger.Warn("the token keys could not be fetched: those known are used until they are too old", "url", url, "age", fetches.age().Round(time.Second).String(), "error", err)
			}
		},
	})
	if err != nil {
		return nil, fmt.Errorf("fetching the token keys from %s: %w", url, err)
	}
	key := func(t *jwt.Token) (any, error) {
		if age := fetches.age(); age > o.KeysMaxAge {
			return nil, fmt.Errorf("%w: the token keys are %s old and cannot be fetched from %s", export.ErrUnavailable, age.Round(time.Second), url)
		}
		return keys.Keyfunc(t)
	}
	return newVerifier(key, o, "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"), nil
}

// fetches remembers when published keys were last fetched.
type fetches struct {
	next http.RoundTripper
	last atomic.Int64 // Unix time in nanoseconds
}

// RoundTrip fetches the keys.
func (f *fetches) RoundTrip(r *http.Request) (*http.Response, error) {
	now := time.Now()
	res, err := f.next.RoundTrip(r)
	if err == nil && res.StatusCode == http.StatusOK {
		f.last.Store(now.UnixNano())
	}
	return res, err
}

func (f *fetches) age() time.Duration { return time.Since(time.Unix(0, f.last.Load())) }

// newVerifier returns a verifier that accepts the given algorithms only, whatever
// the token's header says.
func newVerifier(key jwt.Keyfunc, o Options, algorithms ...string) *Verifier {
	options := []jwt.ParserOption{
		jwt.WithValidMethods(algorithms), jwt.WithStrictDecoding(), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(Leeway),
	}
	if o.Issuer != "" {
		options = append(options, jwt.WithIssuer(o.Issuer))
	}
	if o.Audience != "" {
		options = append(options, jwt.WithAudience(o.Audience))
	}
	return &Verifier{
		required: o.Claims,
		parser:   jwt.NewParser(options...),
		key: func(t *jwt.Token) (any, error) {
			if err := checkHeader(t.Raw); err != nil {
				return nil, err
			}
			return key(t)
		},
	}
}

// UserID returns the subject of a valid token. The error is ErrInvalidToken, or
// export.ErrUnavailable if no token can be verified at the moment.
func (v *Verifier) UserID(token string) (string, error) {
	var c claims
	if _, err := v.parser.ParseWithClaims(token, &c, v.key); err != nil {
		if errors.Is(err, export.ErrUnavailable) {
			return "", err
		}
		return "", fmt.Errorf("%w: %w", ErrInvalidToken, err)
	}
	for _, required := range v.required {
		if !required.metBy(c.all) {
			return "", fmt.Errorf("%w: the claim %s is not as required", ErrInvalidToken, required.Name)
		}
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
