package auth_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/letrazapp/letraz-export/internal/auth"
	"github.com/letrazapp/letraz-export/internal/export"
)

func TestUserID_RequiredClaims(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		required, claims string
		want             bool
	}{
		"any value":               {"azp", `"azp":"web"`, true},
		"any value, an object":    {"azp", `"azp":{}`, true},
		"missing":                 {"azp", `"x":1`, false},
		"null":                    {"azp", `"azp":null`, false},
		"in another case":         {"azp", `"AZP":"web"`, false},
		"text":                    {"azp=web", `"azp":"web"`, true},
		"another text":            {"azp=web", `"azp":"web2"`, false},
		"text in another case":    {"azp=web", `"azp":"Web"`, false},
		"escaped text":            {"azp=web", `"azp":"\u0077eb"`, true},
		"list with it":            {"roles=author", `"roles":["reader","author"]`, true},
		"list without it":         {"roles=author", `"roles":["reader","authors"]`, false},
		"empty list":              {"roles=author", `"roles":[]`, false},
		"list with a number":      {"roles=author", `"roles":["author",1]`, false},
		"true":                    {"email_verified=true", `"email_verified":true`, true},
		"text for true":           {"email_verified=true", `"email_verified":"true"`, true},
		"false":                   {"email_verified=true", `"email_verified":false`, false},
		"number":                  {"level=2", `"level":2`, true},
		"another number":          {"level=2", `"level":20`, false},
		"value with an equals":    {"t=a=b", `"t":"a=b"`, true},
		"object where text is":    {"azp=web", `"azp":{"web":1}`, false},
		"nested in another claim": {"azp=web", `"x":{"azp":"web"}`, false},
	} {
		required, err := auth.ParseClaim(c.required)
		if err != nil {
			t.Fatal(err)
		}
		v, err := auth.NewSecrets([][]byte{secret}, auth.Options{Claims: []auth.Claim{required}})
		if err != nil {
			t.Fatal(err)
		}
		s := signer{v, jwt.SigningMethodHS256, secret}
		token := s.sign(t, plainHeader, fmt.Sprintf(`{"sub":"alice","exp":%d,%s}`, time.Now().Unix()+3600, c.claims))
		if c.want {
			wantUser(t, v, token, "alice")
		} else {
			wantRefused(t, v, name, token)
		}
	}
	for _, text := range []string{"", "=x", " azp", "azp=", "sub=x", "exp", "iss=x", "aud"} {
		if c, err := auth.ParseClaim(text); err == nil {
			t.Errorf("%q is read as %+v", text, c)
		}
	}
}

func TestNewSecrets_Rotation(t *testing.T) {
	t.Parallel()
	before, after := []byte("the secret before, long enough as well"), secret
	claims := jwt.RegisteredClaims{Subject: "user_1", ExpiresAt: in(time.Hour)}
	old, current := sign(t, jwt.SigningMethodHS256, before, claims), sign(t, jwt.SigningMethodHS256, after, claims)
	both, err := auth.NewSecrets([][]byte{after, before}, auth.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantUser(t, both, old, "user_1")
	wantUser(t, both, current, "user_1")
	wantUser(t, both, sign(t, jwt.SigningMethodHS256, before, claims, "whatever"), "user_1")
	wantRefused(t, both, "a third secret", sign(t, jwt.SigningMethodHS256, []byte("a third secret, which is long enough"), claims))
	wantRefused(t, both, "expired", sign(t, jwt.SigningMethodHS256, before, jwt.RegisteredClaims{Subject: "user_1", ExpiresAt: in(-time.Hour)}))
	wantRefused(t, verifier(t), "the old secret after the rotation", old)
	for _, secrets := range [][][]byte{nil, {after, []byte("short")}, {[]byte("short"), after}} {
		if _, err := auth.NewSecrets(secrets, auth.Options{}); err == nil {
			t.Errorf("%d secrets are accepted", len(secrets))
		}
	}
}

// Published keys that cannot be fetched for too long are not trusted any more.
func TestNewJWKS_TooOld(t *testing.T) {
	t.Parallel()
	k := newEdKey(t, "ed")
	p := serveKeys(t, k)
	v, err := auth.NewJWKS(t.Context(), p.URL, auth.Options{KeysMaxAge: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	token := sign(t, k.method, k.private, jwt.RegisteredClaims{Subject: "user_1", ExpiresAt: in(time.Hour)}, k.id)
	if user, err := v.UserID(token); !errors.Is(err, export.ErrUnavailable) || errors.Is(err, auth.ErrInvalidToken) || user != "" {
		t.Errorf("%q, %v", user, err)
	}
	p.Close()
	young, err := auth.NewJWKS(t.Context(), serveKeys(t, k).URL, auth.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantUser(t, young, token, "user_1")
}
