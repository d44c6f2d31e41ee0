package auth_test

import (
	"crypto"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/letrazapp/letraz-export/internal/auth"
)

// signer signs any header and claims.
type signer struct {
	verifier *auth.Verifier
	method   jwt.SigningMethod
	key      crypto.PrivateKey
}

// signers returns a signer and its verifier for each kind of key.
func signers(t *testing.T, p auth.Parties) map[string]signer {
	t.Helper()
	shared, err := auth.NewSecret(secret, p)
	if err != nil {
		t.Fatal(err)
	}
	k := newEdKey(t, "ed")
	published, err := auth.NewJWKS(t.Context(), serveKeys(t, k).URL, auth.Options{Parties: p})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]signer{
		"HS256": {shared, jwt.SigningMethodHS256, secret},
		"JWKS":  {published, k.method, k.private},
	}
}

// sign returns a token. ALG in the header is replaced by the signer's algorithm.
func (s signer) sign(t *testing.T, header, claims string) string {
	t.Helper()
	header = strings.ReplaceAll(header, "ALG", s.method.Alg())
	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	signature, err := s.method.Sign(text, s.key)
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

const plainHeader = `{"alg":"ALG","typ":"JWT"}`

func TestUserID_StrictHeaderAndClaims(t *testing.T) {
	t.Parallel()
	now := time.Now().Unix()
	past, soon, later := now-3600, now+15, now+3600
	c := func(format string, args ...any) string { return fmt.Sprintf(format, args...) }
	valid := c(`{"sub":"alice","exp":%d}`, later)
	cases := []struct {
		name, header, claims string
		user                 string // empty: refused
	}{
		{"plain", plainHeader, valid, "alice"},
		{"unknown claims", plainHeader, c(`{"sub":"alice","exp":%d,"name":"bob","SCOPE":{"sub":"bob"}}`, later), "alice"},
		{"unknown header", `{"alg":"ALG","x5t":"1","jwk":{"kty":"oct"}}`, valid, "alice"},
		{"fraction of a second", plainHeader, c(`{"sub":"alice","exp":%d.5}`, later), "alice"},
		{"date with an exponent", plainHeader, `{"sub":"alice","exp":9e9}`, "alice"},

		{"second subject in another case", plainHeader, c(`{"sub":"alice","Sub":"bob","exp":%d}`, later), ""},
		{"first subject in another case", plainHeader, c(`{"SUB":"bob","sub":"alice","exp":%d}`, later), ""},
		{"second subject", plainHeader, c(`{"sub":"alice","sub":"bob","exp":%d}`, later), ""},
		{"same subject twice", plainHeader, c(`{"sub":"alice","sub":"alice","exp":%d}`, later), ""},
		{"second subject with an escape", plainHeader, c(`{"sub":"alice","s\u0075b":"bob","exp":%d}`, later), ""},
		{"second subject with a long s", plainHeader, c(`{"sub":"alice","ſub":"bob","exp":%d}`, later), ""},
		{"subject in another case only", plainHeader, c(`{"Sub":"bob","exp":%d}`, later), ""},
		{"late expiry in another case", plainHeader, c(`{"sub":"alice","exp":%d,"EXP":%d}`, past, later), ""},
		{"expiry in another case only", plainHeader, c(`{"sub":"alice","Exp":%d}`, later), ""},
		{"unknown claim twice", plainHeader, c(`{"sub":"alice","exp":%d,"a":1,"A":2}`, later), ""},

		{"second algorithm", `{"alg":"none","alg":"ALG"}`, valid, ""},
		{"second algorithm in another case", `{"alg":"ALG","Alg":"none"}`, valid, ""},
		{"algorithm in another case only", `{"Alg":"ALG"}`, valid, ""},
		{"second key name", `{"alg":"ALG","kid":"ed","KID":"other"}`, valid, ""},
		{"key name with a Kelvin sign", "{\"alg\":\"ALG\",\"kid\":\"ed\",\"\u212aid\":\"other\"}", valid, ""},
		{"unknown crit", `{"alg":"ALG","crit":["exp"],"exp":1}`, valid, ""},
		{"crit of unencoded payloads", `{"alg":"ALG","crit":["b64"],"b64":true}`, valid, ""},
		{"empty crit", `{"alg":"ALG","crit":[]}`, valid, ""},
		{"crit null", `{"alg":"ALG","crit":null}`, valid, ""},
		{"header that is an array", `["alg","ALG"]`, valid, ""},
		{"header not UTF-8", "{\"alg\":\"ALG\",\"x\":\"\xff\"}", valid, ""},
		{"header with something behind it", plainHeader + "{}", valid, ""},

		{"claims null", plainHeader, `null`, ""},
		{"claims an array", plainHeader, `[]`, ""},
		{"claims with something behind them", plainHeader, valid + "{}", ""},
		{"claims not UTF-8", plainHeader, c("{\"sub\":\"al\xffice\",\"exp\":%d}", later), ""},
		{"claims cut", plainHeader, valid[:len(valid)-1], ""},
		{"subject null", plainHeader, c(`{"sub":null,"exp":%d}`, later), ""},
		{"subject empty", plainHeader, c(`{"sub":"","exp":%d}`, later), ""},
		{"subject a number", plainHeader, c(`{"sub":7,"exp":%d}`, later), ""},
		{"expiry text", plainHeader, c(`{"sub":"alice","exp":"%d"}`, later), ""},
		{"expiry null", plainHeader, `{"sub":"alice","exp":null}`, ""},
		{"expiry true", plainHeader, `{"sub":"alice","exp":true}`, ""},
		{"expiry beyond all dates", plainHeader, `{"sub":"alice","exp":1e300}`, ""},
		{"expiry beyond all numbers", plainHeader, `{"sub":"alice","exp":1e999}`, ""},
		{"expiry negative", plainHeader, `{"sub":"alice","exp":-1}`, ""},

		{"expired within the leeway", plainHeader, c(`{"sub":"alice","exp":%d}`, now-15), "alice"},
		{"expired beyond the leeway", plainHeader, c(`{"sub":"alice","exp":%d}`, now-60), ""},
		{"valid within the leeway", plainHeader, c(`{"sub":"alice","exp":%d,"nbf":%d}`, later, soon), "alice"},
		{"valid later", plainHeader, c(`{"sub":"alice","exp":%d,"nbf":%d}`, later+3600, later), ""},
		{"issued within the leeway", plainHeader, c(`{"sub":"alice","exp":%d,"iat":%d}`, later, soon), "alice"},
		{"issued later", plainHeader, c(`{"sub":"alice","exp":%d,"iat":%d}`, later+3600, later), ""},
		{"valid from null", plainHeader, c(`{"sub":"alice","exp":%d,"nbf":null}`, later), ""},
		{"issued text", plainHeader, c(`{"sub":"alice","exp":%d,"iat":"yesterday"}`, later), ""},
		{"issuer a list", plainHeader, c(`{"sub":"alice","exp":%d,"iss":["a"]}`, later), ""},
		{"audience a number", plainHeader, c(`{"sub":"alice","exp":%d,"aud":1}`, later), ""},
		{"any issuer and audience", plainHeader, c(`{"sub":"alice","exp":%d,"iss":"i","aud":["a","b"]}`, later), "alice"},
	}
	for kind, s := range signers(t, auth.Parties{}) {
		for _, c := range cases {
			t.Run(kind+"/"+c.name, func(t *testing.T) {
				if token := s.sign(t, c.header, c.claims); c.user != "" {
					wantUser(t, s.verifier, token, c.user)
				} else {
					wantRefused(t, s.verifier, c.name, token)
				}
			})
		}
	}
}

func TestUserID_RequiredIssuerAndAudience(t *testing.T) {
	t.Parallel()
	const issuer, audience = "https://id.example", "letraz-export"
	both := auth.Parties{Issuer: issuer, Audience: audience}
	cases := []struct {
		name, claims                       string
		whenBoth, whenIssuer, whenAudience bool // whether it is accepted when these are required
	}{
		{"both", `"iss":"https://id.example","aud":"letraz-export"`, true, true, true},
		{"one of several audiences", `"iss":"https://id.example","aud":["account","letraz-export"]`, true, true, true},
		{"neither", `"jti":"1"`, false, false, false},
		{"no issuer", `"aud":"letraz-export"`, false, false, true},
		{"no audience", `"iss":"https://id.example"`, false, true, false},
		{"another issuer", `"iss":"https://id.example.org","aud":"letraz-export"`, false, false, true},
		{"issuer with a slash", `"iss":"https://id.example/","aud":"letraz-export"`, false, false, true},
		{"issuer in another case", `"iss":"https://ID.example","aud":"letraz-export"`, false, false, true},
		{"issuer empty", `"iss":"","aud":"letraz-export"`, false, false, true},
		{"claim in another case", `"Iss":"https://id.example","Aud":"letraz-export"`, false, false, false},
		{"another audience", `"iss":"https://id.example","aud":"letraz"`, false, true, false},
		{"other audiences", `"iss":"https://id.example","aud":["letraz","letraz-export-2"]`, false, true, false},
		{"audiences in one text", `"iss":"https://id.example","aud":"account letraz-export"`, false, true, false},
		{"no audiences", `"iss":"https://id.example","aud":[]`, false, true, false},
		{"audiences with a number", `"iss":"https://id.example","aud":["letraz-export",1]`, false, false, false},
		{"audience null", `"iss":"https://id.example","aud":null`, false, false, false},
	}
	for _, required := range []struct {
		name    string
		parties auth.Parties
	}{{"both", both}, {"issuer", auth.Parties{Issuer: issuer}}, {"audience", auth.Parties{Audience: audience}}} {
		for kind, s := range signers(t, required.parties) {
			for _, c := range cases {
				want := map[string]bool{"both": c.whenBoth, "issuer": c.whenIssuer, "audience": c.whenAudience}[required.name]
				t.Run(required.name+" required/"+kind+"/"+c.name, func(t *testing.T) {
					token := s.sign(t, plainHeader, fmt.Sprintf(`{"sub":"alice","exp":%d,%s}`, time.Now().Unix()+3600, c.claims))
					if want {
						wantUser(t, s.verifier, token, "alice")
					} else {
						wantRefused(t, s.verifier, c.name, token)
					}
				})
			}
		}
	}
}

func TestSign_NamesTheParties(t *testing.T) {
	t.Parallel()
	for _, p := range []auth.Parties{{}, {Issuer: "i"}, {Audience: "a"}, {Issuer: "i", Audience: "a"}} {
		token, err := auth.Sign(secret, "user_1", time.Minute, p)
		if err != nil {
			t.Fatal(err)
		}
		v, err := auth.NewSecret(secret, p)
		if err != nil {
			t.Fatal(err)
		}
		wantUser(t, v, token, "user_1")
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
		if err != nil {
			t.Fatal(err)
		}
		var said map[string]any
		if err := json.Unmarshal(payload, &said); err != nil {
			t.Fatal(err)
		}
		if _, ok := said["iss"]; ok != (p.Issuer != "") {
			t.Errorf("%+v: claims %v", p, said)
		}
		if _, ok := said["aud"]; ok != (p.Audience != "") {
			t.Errorf("%+v: claims %v", p, said)
		}
	}
}

// The last character of a signature has unused bits. Only the spelling in which they
// are zero is accepted.
func TestUserID_SignatureHasOneSpelling(t *testing.T) {
	t.Parallel()
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for kind, s := range signers(t, auth.Parties{}) {
		token := s.sign(t, plainHeader, fmt.Sprintf(`{"sub":"alice","exp":%d}`, time.Now().Unix()+3600))
		accepted := 0
		for _, last := range letters {
			if _, err := s.verifier.UserID(token[:len(token)-1] + string(last)); err == nil {
				accepted++
			}
		}
		if accepted != 1 {
			t.Errorf("%s: %d spellings are accepted", kind, accepted)
		}
	}
}
