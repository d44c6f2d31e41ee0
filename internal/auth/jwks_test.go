package auth_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/letrazapp/letraz-export/internal/auth"
)

// key is a key pair of an identity provider; public is its public part in the form that the
// provider serves (RFC 7517).
type key struct {
	id      string
	method  jwt.SigningMethod
	private crypto.PrivateKey
	public  map[string]string
}

func newRSAKey(t *testing.T, id string) key {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key{id, jwt.SigningMethodRS256, k, map[string]string{"kty": "RSA", "kid": id, "alg": "RS256", "use": "sig",
		"n": base64.RawURLEncoding.EncodeToString(k.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(k.E)).Bytes())}}
}

func newEdKey(t *testing.T, id string) key {
	t.Helper()
	public, k, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key{id, jwt.SigningMethodEdDSA, k, map[string]string{"kty": "OKP", "kid": id, "alg": "EdDSA", "use": "sig", "crv": "Ed25519",
		"x": base64.RawURLEncoding.EncodeToString(public)}}
}

// provider publishes keys.
type provider struct {
	*httptest.Server
	mu      sync.Mutex
	keys    []key
	fetches int
}

func serveKeys(t *testing.T, keys ...key) *provider {
	t.Helper()
	p := &provider{keys: keys}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.fetches++
		var set struct {
			Keys []map[string]string `json:"keys"`
		}
		for _, k := range p.keys {
			set.Keys = append(set.Keys, k.public)
		}
		if err := json.NewEncoder(w).Encode(set); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(p.Close)
	return p
}

// publish replaces the keys.
func (p *provider) publish(keys ...key) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = keys
}

func (p *provider) fetched() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fetches
}

func jwks(t *testing.T, p *provider) *auth.Verifier {
	t.Helper()
	v, err := auth.NewJWKS(t.Context(), p.URL, auth.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNewJWKS_PublishedKeys(t *testing.T) {
	t.Parallel()
	keys := []key{newRSAKey(t, "rsa"), newEdKey(t, "ed")}
	v := jwks(t, serveKeys(t, keys...))
	valid := jwt.RegisteredClaims{Subject: "user_1", ExpiresAt: in(time.Hour)}
	for _, k := range keys {
		wantUser(t, v, sign(t, k.method, k.private, valid, k.id), "user_1")
		wantUser(t, v, sign(t, k.method, k.private, valid), "user_1") // names no key: any of them
		wantRefused(t, v, "expired", sign(t, k.method, k.private, jwt.RegisteredClaims{Subject: "user_1", ExpiresAt: in(-time.Hour)}, k.id))
		wantRefused(t, v, "no expiry", sign(t, k.method, k.private, jwt.RegisteredClaims{Subject: "user_1"}, k.id))
		wantRefused(t, v, "no subject", sign(t, k.method, k.private, jwt.RegisteredClaims{ExpiresAt: in(time.Hour)}, k.id))
	}
	wantRefused(t, v, "the wrong key's name", sign(t, keys[0].method, keys[0].private, valid, "ed"))
	wantRefused(t, v, "another algorithm of the key", sign(t, jwt.SigningMethodRS512, keys[0].private, valid, "rsa"))
	wantRefused(t, v, "somebody's own key under a known name", sign(t, jwt.SigningMethodRS256, newRSAKey(t, "rsa").private, valid, "rsa"))
	wantRefused(t, v, "somebody's own key without a name", sign(t, jwt.SigningMethodEdDSA, newEdKey(t, "ed").private, valid))
	wantRefused(t, v, "HS256", sign(t, jwt.SigningMethodHS256, secret, valid, "rsa"))
	wantRefused(t, v, "alg none", sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, valid, "rsa"))
}

// A symmetric key in a published key set is not used.
func TestNewJWKS_PublishedSecret(t *testing.T) {
	t.Parallel()
	oct := key{id: "oct", public: map[string]string{"kty": "oct", "kid": "oct", "alg": "HS256", "k": base64.RawURLEncoding.EncodeToString(secret)}}
	v := jwks(t, serveKeys(t, newEdKey(t, "ed"), oct))
	wantRefused(t, v, "HS256", sign(t, jwt.SigningMethodHS256, secret, jwt.RegisteredClaims{Subject: "user_1", ExpiresAt: in(time.Hour)}, "oct"))
}

func TestNewJWKS_RotatedKeys(t *testing.T) {
	t.Parallel()
	before, after := newEdKey(t, "2025"), newEdKey(t, "2026")
	p := serveKeys(t, before)
	v := jwks(t, p)
	valid := jwt.RegisteredClaims{Subject: "user_1", ExpiresAt: in(time.Hour)}
	wantUser(t, v, sign(t, before.method, before.private, valid, before.id), "user_1")
	p.publish(after)
	wantUser(t, v, sign(t, after.method, after.private, valid, after.id), "user_1")
	wantRefused(t, v, "the withdrawn key", sign(t, before.method, before.private, valid, before.id))
	// Unknown key names cause no further fetches.
	for range 100 {
		wantRefused(t, v, "an invented key", sign(t, after.method, after.private, valid, "invented"))
	}
	if n := p.fetched(); n != 2 {
		t.Errorf("the keys were fetched %d times", n)
	}
}

func TestNewJWKS_NoKeys(t *testing.T) {
	t.Parallel()
	gone := serveKeys(t)
	gone.Close()
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }))
	defer broken.Close()
	missing := httptest.NewServer(http.NotFoundHandler())
	defer missing.Close()
	for _, url := range []string{gone.URL, broken.URL, missing.URL, "", "no url"} {
		if _, err := auth.NewJWKS(t.Context(), url, auth.Options{}); err == nil || !strings.Contains(err.Error(), "fetching the token keys from "+url) {
			t.Errorf("%q: %v", url, err)
		}
	}
}
