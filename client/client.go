// Package client exports resumes through the HTTP API of letraz-export.
//
// [Client.Export] does the whole of it: it requests an export, waits until the file is ready,
// downloads and verifies it. It repeats what failed for reasons that pass (no connection, 429,
// 502, 503, 504), with an idempotency key, so that a repeat never makes a second export.
//
// The other routes are in [Client.API], generated from the OpenAPI document; [Decode] reads
// their answers. Calls of API are not repeated.
package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/letrazapp/letraz-export/client/openapi"
)

// Request says what to export: either Resume, a JSON document, or ResumeID, and the options of
// POST /v1/exports. Empty members get the API's defaults.
type Request = openapi.CreateInputBody

// Export is an export as the API returns it.
type Export = openapi.Export

// Config says which API a client calls, and as whom.
type Config struct {
	// URL is the address of the API, such as https://exports.example.com. Required.
	URL string
	// Token is a bearer token (JWT) or an API key. Either Token or TokenSource is required.
	Token string
	// TokenSource returns the token of each request, for tokens that end. It is called
	// concurrently.
	TokenSource func(context.Context) (string, error)
	// OnBehalfOf is the user that an API key acts for; see also [Client.For].
	OnBehalfOf string
	// HTTPClient sends the requests. It should have no Timeout: a request that waits for an
	// export takes as long as Wait, and a download as long as it needs. Default: a client with
	// Go's default transport.
	HTTPClient *http.Client
	// Wait is how long one request waits at the API for an export to be finished, between 1 s
	// and 60 s. It must be shorter than the idle timeout of proxies. Default: 30 s.
	Wait time.Duration
	// Patience is how long a request is repeated while it fails. Default: 1 minute.
	Patience time.Duration
}

// Client calls one API. It is safe for concurrent use.
type Client struct {
	// API has every route, with the credentials of the client and without repetition.
	API *openapi.Client

	config Config
}

const (
	defaultWait     = 30 * time.Second
	longestWait     = 60 * time.Second // the API waits no longer
	defaultPatience = time.Minute
	// answerTime is how long an answer may take beside what the API waits.
	answerTime = 20 * time.Second
	// stallTime is how long a download may stand still.
	stallTime = 30 * time.Second
)

// New returns a client of the API that the configuration names. It does not connect.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("URL %q is no address of an API, such as https://exports.example.com", c.URL)
	}
	if (c.Token == "") == (c.TokenSource == nil) {
		return nil, errors.New("either Token or TokenSource is required")
	}
	if c.HTTPClient == nil {
		c.HTTPClient = &http.Client{}
	}
	if c.Wait == 0 {
		c.Wait = defaultWait
	}
	if c.Wait < time.Second || c.Wait > longestWait {
		return nil, fmt.Errorf("a Wait of %s is not between 1s and %s", c.Wait, longestWait)
	}
	if t := c.HTTPClient.Timeout; t != 0 && t <= c.Wait {
		return nil, fmt.Errorf("the HTTPClient ends a request after %s, before the API has waited %s; remove its Timeout or reduce Wait", t, c.Wait)
	}
	if c.Patience == 0 {
		c.Patience = defaultPatience
	}
	if c.Patience < 0 {
		return nil, fmt.Errorf("a Patience of %s is not positive", c.Patience)
	}
	client := &Client{config: c}
	client.API, err = openapi.NewClient(c.URL, openapi.WithHTTPClient(c.HTTPClient), openapi.WithRequestEditorFn(client.authorize))
	if err != nil {
		return nil, fmt.Errorf("making a client of %s: %w", c.URL, err)
	}
	return client, nil
}

// For returns a client that acts for the user, as an API key can.
func (c *Client) For(user string) *Client {
	other := &Client{config: c.config}
	other.config.OnBehalfOf = user
	api := *c.API
	api.RequestEditors = []openapi.RequestEditorFn{other.authorize}
	other.API = &api
	return other
}

// authorize adds the caller's credentials to a request.
func (c *Client) authorize(ctx context.Context, req *http.Request) error {
	token := c.config.Token
	if c.config.TokenSource != nil {
		var err error
		if token, err = c.config.TokenSource(ctx); err != nil {
			return fmt.Errorf("getting a token: %w", err)
		}
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("User-Agent", "letraz-export-client (Go)")
	if c.config.OnBehalfOf != "" && req.Header.Get("On-Behalf-Of") == "" {
		req.Header.Set("On-Behalf-Of", c.config.OnBehalfOf)
	}
	return nil
}
