package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/letrazapp/letraz-export/internal/auth"
)

type tokenCmd struct {
	UserID    string        `arg:"" help:"User of the token."`
	TTL       time.Duration `name:"ttl" help:"Time that the token is valid." default:"1h"`
	JWTSecret string        `name:"jwt-secret" help:"The secret the API checks tokens with. Default: the one kept in the data directory." env:"JWT_SECRET" group:"auth"`

	partyFlags `embed:""`
	dataFlags  `embed:""`
}

// Validate is called by kong.
func (t *tokenCmd) Validate() error {
	switch {
	case t.UserID == "":
		return errors.New("name the user the token speaks for")
	case t.TTL <= 0:
		return errors.New("--ttl must be positive")
	}
	return nil
}

// Run prints a token for the user.
func (t *tokenCmd) Run(e *env) error {
	token, err := signToken(t.JWTSecret, t.partyFlags, t.dataFlags, t.UserID, t.TTL)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(e.stdout, token)
	return err
}

// signToken signs a token with the configured secret or the one in the data directory.
func signToken(secret string, parties partyFlags, data dataFlags, userID string, ttl time.Duration) (string, error) {
	key := []byte(secret)
	if secret == "" {
		var err error
		if key, err = auth.ReadLocalSecret(data.secretFile()); err != nil {
			return "", fmt.Errorf("there is no secret to sign with: set JWT_SECRET, or start letraz-export serve once (%w)", err)
		}
	}
	return auth.Sign(key, userID, ttl, parties.parties())
}
