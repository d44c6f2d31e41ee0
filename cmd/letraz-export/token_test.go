package main

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/auth"
)

// Tokens made with the flags of the API on the same machine are accepted.
func TestToken_IssuerAndAudience(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("x", auth.MinSecret)
	required := partyFlags{JWTIssuer: "https://id.example", JWTAudience: "letraz-export"}
	v, err := verifier(t.Context(), authFlags{JWTSecret: secret, partyFlags: required}, dataFlags{}, "127.0.0.1:0", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		args     []string
		accepted bool
	}{
		{"both", []string{"--jwt-issuer", required.JWTIssuer, "--jwt-audience", required.JWTAudience}, true},
		{"neither", nil, false},
		{"issuer only", []string{"--jwt-issuer", required.JWTIssuer}, false},
		{"another audience", []string{"--jwt-issuer", required.JWTIssuer, "--jwt-audience", "other"}, false},
	} {
		token := strings.TrimSpace(must(t, append([]string{"token", "user_1", "--jwt-secret", secret}, c.args...)...))
		if _, err := v.UserID(token); (err == nil) != c.accepted {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
