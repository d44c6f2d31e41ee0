package auth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/letrazapp/letraz-export/internal/auth"
)

var secret = []byte("a secret of the tests, long enough")

func in(d time.Duration) *jwt.NumericDate { return jwt.NewNumericDate(time.Now().Add(d)) }

func sign(t *testing.T, method jwt.SigningMethod, key any, claims jwt.Claims, kid ...string) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	if len(kid) > 0 {
		token.Header["kid"] = kid[0]
	}
	s, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func verifier(t *testing.T) *auth.Verifier {
	t.Helper()
	v, err := auth.NewSecret(secret, auth.Parties{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func wantUser(t *testing.T, v *auth.Verifier, token, want string) {
	t.Helper()
	if got, err := v.UserID(token); err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func wantRefused(t *testing.T, v *auth.Verifier, what, token string) {
	t.Helper()
	got, err := v.UserID(token)
	if !errors.Is(err, auth.ErrInvalidToken) || got != "" {
		t.Errorf("%s: got %q, %v", what, got, err)
	}
	if err != nil && len(token) > 20 && strings.Contains(err.Error(), token[len(token)-20:]) {
		t.Errorf("%s: the error repeats the token: %v", what, err)
	}
}

func TestNewSecret_ValidTokens(t *testing.T) {
	t.Parallel()
	v := verifier(t)
	token, err := auth.Sign(secret, "user_1", time.Minute, auth.Parties{})
	if err != nil {
		t.Fatal(err)
	}
	wantUser(t, v, token, "user_1")
	valid := jwt.RegisteredClaims{Subject: "user_2", ExpiresAt: in(time.Hour), NotBefore: in(-time.Hour), IssuedAt: in(-time.Hour), Issuer: "anyone"}
	wantUser(t, v, sign(t, jwt.SigningMethodHS256, secret, valid), "user_2")
	// Within the leeway.
	late := jwt.RegisteredClaims{Subject: "user_3", ExpiresAt: in(-10 * time.Second), NotBefore: in(10 * time.Second)}
	wantUser(t, v, sign(t, jwt.SigningMethodHS256, secret, late), "user_3")
}

func TestNewSecret_InvalidTokens(t *testing.T) {
	t.Parallel()
	v := verifier(t)
	valid := jwt.RegisteredClaims{Subject: "user_1", ExpiresAt: in(time.Hour)}
	good := sign(t, jwt.SigningMethodHS256, secret, valid)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(good, ".")
	swap := func(header string) string {
		return base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + parts[1] + "." + parts[2]
	}
	for what, token := range map[string]string{
		"empty":           "",
		"garbage":         "garbage",
		"dots":            "..",
		"four parts":      good + ".x",
		"no signature":    parts[0] + "." + parts[1] + ".",
		"cut signature":   good[:len(good)-4],
		"other payload":   parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"user_2","exp":9999999999}`)) + "." + parts[2],
		"alg none":        sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, valid),
		"alg None":        swap(`{"alg":"None"}`),
		"alg missing":     swap(`{"typ":"JWT"}`),
		"alg a number":    swap(`{"alg":256}`),
		"RS256":           sign(t, jwt.SigningMethodRS256, key, valid),
		"RS256 relabeled": swap(`{"alg":"RS256"}`),
		"HS384":           sign(t, jwt.SigningMethodHS384, secret, valid),
		"HS512":           sign(t, jwt.SigningMethodHS512, secret, valid),
		"other secret":    sign(t, jwt.SigningMethodHS256, []byte(strings.Repeat("x", 32)), valid),
		"expired":         sign(t, jwt.SigningMethodHS256, secret, jwt.RegisteredClaims{Subject: "user_1", ExpiresAt: in(-time.Minute)}),
		"not yet":         sign(t, jwt.SigningMethodHS256, secret, jwt.RegisteredClaims{Subject: "user_1", ExpiresAt: in(time.Hour), NotBefore: in(time.Minute)}),
		"no expiry":       sign(t, jwt.SigningMethodHS256, secret, jwt.RegisteredClaims{Subject: "user_1"}),
		"expiry text":     sign(t, jwt.SigningMethodHS256, secret, jwt.MapClaims{"sub": "user_1", "exp": "never"}),
		"expiry 0":        sign(t, jwt.SigningMethodHS256, secret, jwt.MapClaims{"sub": "user_1", "exp": 0}),
		"no subject":      sign(t, jwt.SigningMethodHS256, secret, jwt.RegisteredClaims{ExpiresAt: in(time.Hour)}),
		"subject a list":  sign(t, jwt.SigningMethodHS256, secret, jwt.MapClaims{"sub": []string{"user_1"}, "exp": in(time.Hour)}),
		"subject NUL":     sign(t, jwt.SigningMethodHS256, secret, jwt.RegisteredClaims{Subject: "user\x00", ExpiresAt: in(time.Hour)}),
		"a megabyte":      strings.Repeat("A", 1<<20),
		"a million dots":  strings.Repeat(".", 1<<20),
	} {
		wantRefused(t, v, what, token)
	}
	wantUser(t, v, good, "user_1")
}

// A public key is not accepted as an HMAC secret.
func TestNewJWKS_PublicKeyAsSecret(t *testing.T) {
	t.Parallel()
	k := newRSAKey(t, "key-1")
	v := jwks(t, serveKeys(t, k))
	valid := jwt.RegisteredClaims{Subject: "user_1", ExpiresAt: in(time.Hour)}
	der, err := x509.MarshalPKIXPublicKey(k.private.(*rsa.PrivateKey).Public())
	if err != nil {
		t.Fatal(err)
	}
	for what, key := range map[string][]byte{
		"DER": der, "PEM": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), "modulus": k.private.(*rsa.PrivateKey).N.Bytes(),
	} {
		wantRefused(t, v, what, sign(t, jwt.SigningMethodHS256, key, valid, "key-1"))
		wantRefused(t, v, what, sign(t, jwt.SigningMethodHS256, key, valid))
	}
}

func TestNewSecret_ShortSecret(t *testing.T) {
	t.Parallel()
	for _, short := range []string{"", "x", strings.Repeat("x", auth.MinSecret-1)} {
		if _, err := auth.NewSecret([]byte(short), auth.Parties{}); err == nil || !strings.Contains(err.Error(), "at least 32") {
			t.Errorf("NewSecret with %d bytes: %v", len(short), err)
		}
		if _, err := auth.Sign([]byte(short), "user_1", time.Hour, auth.Parties{}); err == nil || !strings.Contains(err.Error(), "at least 32") {
			t.Errorf("Sign with %d bytes: %v", len(short), err)
		}
	}
	if _, err := auth.NewSecret([]byte(strings.Repeat("x", auth.MinSecret)), auth.Parties{}); err != nil {
		t.Error(err)
	}
}
