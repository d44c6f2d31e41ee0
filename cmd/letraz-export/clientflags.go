package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/client"
)

// clientFlags are the flags of commands that call a running API.
type clientFlags struct {
	Server     string `placeholder:"URL" help:"Address of the API, as http://127.0.0.1:8080. Default: the serve running on the data directory." env:"LETRAZ_URL"`
	Token      string `placeholder:"TOKEN" help:"Bearer token, or API key." env:"LETRAZ_TOKEN" xor:"who"`
	OnBehalfOf string `placeholder:"USER" help:"With an API key: the user to act as." env:"LETRAZ_ON_BEHALF_OF"`
	As         string `placeholder:"USER" help:"User to act as, instead of --token: a token is signed with --jwt-secret or the secret in the data directory." xor:"who"`
	JWTSecret  string `name:"jwt-secret" placeholder:"SECRET" help:"The secret the API checks tokens with, for --as." env:"JWT_SECRET" group:"auth"`

	partyFlags `embed:""`
	dataFlags  `embed:""`
}

// check validates the flags.
func (x clientFlags) check() error {
	if u, err := url.Parse(x.Server); x.Server != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("--server %s is no address: give it as http://127.0.0.1:8080", x.Server)
	}
	return nil
}

// connect returns a client of the API for the user that the flags name.
func (x clientFlags) connect() (*client.Client, error) {
	server, token := x.Server, x.Token
	if server == "" {
		r, err := readRunning(x.DataDir)
		if err != nil {
			return nil, fmt.Errorf("where is the API? Give --server, or start letraz-export serve (%w)", err)
		}
		server = r.URL
	}
	switch {
	case x.As != "":
		var err error
		if token, err = signToken(x.JWTSecret, x.partyFlags, x.dataFlags, x.As, time.Hour); err != nil {
			return nil, err
		}
	case token == "":
		return nil, errors.New("who is asking? Give --token (see letraz-export token), or --as USER on the machine that serve runs on")
	}
	c := client.New(strings.TrimSuffix(server, "/"), token)
	c.OnBehalfOf = x.OnBehalfOf
	return c, nil
}
