// Package client speaks to a running API over HTTP. It knows the names on the wire
// and shares no code with the server, like any other client.
package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Client calls one API in the name of one token's user, or with an API key. It is safe for concurrent use.
type Client struct {
	HTTP *http.Client // may be replaced before the first call
	// OnBehalfOf is the user that an API key acts for; set before the first call.
	OnBehalfOf string

	base  string
	token string
}

// New returns a client of the API at base, an address without a slash at its end.
// Each call ends after a minute.
func New(base, token string) *Client {
	return &Client{HTTP: &http.Client{Timeout: time.Minute}, base: base, token: token}
}

// Create requests an export. With a key it repeats the request for about ten
// seconds, the time a restart takes, while no answer comes or the API is
// unavailable: the key makes the repeats one export.
func (c *Client) Create(ctx context.Context, ask CreateRequest) (Export, error) {
	body, err := json.Marshal(ask)
	if err != nil {
		return Export{}, fmt.Errorf("asking for an export: %w", err)
	}
	header := preferWait(ask.Wait)
	if ask.Key == "" {
		return c.export(ctx, http.MethodPost, "/v1/exports", body, header...)
	}
	header = append(header, "Idempotency-Key", ask.Key)
	const longest = 5 * time.Second
	for pause := 100 * time.Millisecond; ; pause *= 2 {
		a, err := c.export(ctx, http.MethodPost, "/v1/exports", body, header...)
		if err == nil || !errors.Is(err, errTemporary) || pause > longest {
			return a, err
		}
		select {
		case <-ctx.Done():
			return a, err
		case <-time.After(pause/2 + rand.N(pause/2)):
		}
	}
}

// Get returns an export.
func (c *Client) Get(ctx context.Context, id string) (Export, error) {
	return c.export(ctx, http.MethodGet, exportPath(id), nil)
}

// Exports returns the newest exports that the filter selects, page by page.
func (c *Client) Exports(ctx context.Context, f ListFilter) ([]Export, error) {
	query := url.Values{}
	for name, value := range map[string]string{"status": f.Status, "resume_id": f.ResumeID, "failure_code": f.FailureCode} {
		if value != "" {
			query.Set(name, value)
		}
	}
	var all []Export
	for {
		query.Set("limit", strconv.Itoa(min(f.Limit-len(all), maxPage)))
		page, err := decodeInto[struct {
			Exports    []Export `json:"exports"`
			NextCursor string   `json:"next_cursor"`
		}](c.call(ctx, http.MethodGet, "/v1/exports?"+query.Encode(), nil))
		if err != nil {
			return nil, err
		}
		all = append(all, page.Exports...)
		if page.NextCursor == "" || len(page.Exports) == 0 || len(all) >= f.Limit {
			return all, nil
		}
		query.Set("cursor", page.NextCursor)
	}
}

// maxPage is the maximum number of exports in one answer of the API.
const maxPage = 100

// Delete cancels an unfinished export, or deletes the file of a finished one.
func (c *Client) Delete(ctx context.Context, id string) error {
	_, err := c.call(ctx, http.MethodDelete, exportPath(id), nil)
	return err
}

// Templates returns the templates of the API.
func (c *Client) Templates(ctx context.Context) ([]Template, error) {
	list, err := decodeInto[struct {
		Templates []Template `json:"templates"`
	}](c.call(ctx, http.MethodGet, "/v1/templates", nil))
	return list.Templates, err
}

func exportPath(id string) string { return "/v1/exports/" + url.PathEscape(id) }

// URL returns the whole URL of a link, which may be a path of the API.
func (c *Client) URL(link string) (string, error) {
	base, err := url.Parse(c.base + "/")
	if err != nil {
		return "", fmt.Errorf("the address of the API: %w", err)
	}
	u, err := url.Parse(strings.TrimPrefix(link, "/"))
	if err != nil {
		return "", fmt.Errorf("the API answers with a malformed link: %w", err)
	}
	return base.ResolveReference(u).String(), nil
}

// Retry queues a failed export again.
func (c *Client) Retry(ctx context.Context, id string) (Export, error) {
	return c.export(ctx, http.MethodPost, exportPath(id)+"/retry", nil)
}

// RetryFailed queues the failed exports that the filter selects and returns their ids.
func (c *Client) RetryFailed(ctx context.Context, ask RetryFilter) ([]string, error) {
	body, err := json.Marshal(ask)
	if err != nil {
		return nil, fmt.Errorf("asking for another try: %w", err)
	}
	data, err := c.call(ctx, http.MethodPost, "/v1/exports/retry", body)
	if err != nil {
		return nil, err
	}
	var answer struct {
		IDs []string `json:"ids"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, fmt.Errorf("reading which exports are tried again: %w", err)
	}
	return answer.IDs, nil
}

// waitStep is how long one request waits at most: half of what a call may take.
const waitStep = 30 * time.Second

// maxFaults is the number of consecutive temporary errors after which Wait gives up: about ten
// seconds, the time a restart takes.
const maxFaults = 15

// Wait waits until the status of the export is final or ctx ends. Each request waits at the API
// (Prefer: wait). If the API does not wait, Wait polls at intervals from 10 milliseconds, about
// what a render takes, to one second.
func (c *Client) Wait(ctx context.Context, a Export) (Export, error) {
	pause, faults := 10*time.Millisecond, 0
	for !a.Final() {
		began := time.Now()
		now, waited, err := c.ask(ctx, http.MethodGet, exportPath(a.ID), nil, preferWait(waitStep)...)
		switch {
		case ctx.Err() != nil:
			return a, stillWaiting(ctx, a)
		case errors.Is(err, errTemporary) && faults < maxFaults:
			faults++
		case err != nil:
			return a, err
		default:
			a, faults = now, 0
			if a.Final() || waited && time.Since(began) > time.Second {
				continue
			}
		}
		select {
		case <-ctx.Done():
			return a, stillWaiting(ctx, a)
		case <-time.After(pause):
		}
		pause = min(pause*3/2, time.Second)
	}
	return a, nil
}

// UnfinishedError means that waiting has ended before the status of the export was final. The
// export goes on.
type UnfinishedError struct {
	Export Export
	Cause  error // of the context
}

// Error returns the error as a sentence.
func (e *UnfinishedError) Error() string {
	return fmt.Sprintf("export %s is still %s: %v", e.Export.ID, e.Export.Status, e.Cause)
}

// Unwrap returns the cause.
func (e *UnfinishedError) Unwrap() error { return e.Cause }

func stillWaiting(ctx context.Context, a Export) error {
	return &UnfinishedError{Export: a, Cause: context.Cause(ctx)}
}

// preferWait returns the header that asks the API to wait, or nothing.
func preferWait(d time.Duration) []string {
	if d < time.Second {
		return nil
	}
	return []string{"Prefer", fmt.Sprintf("wait=%d", int(min(d, waitStep).Seconds()))}
}

// Download returns the file, by the bearer token: a link may be for another network. It fails when the checksum is not the export's.
func (c *Client) Download(ctx context.Context, a Export) ([]byte, error) {
	data, err := c.call(ctx, http.MethodGet, exportPath(a.ID)+"/download", nil)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != a.SHA256 {
		return nil, fmt.Errorf("the download of export %s is damaged: its checksum differs; try again", a.ID)
	}
	return data, nil
}

func (c *Client) export(ctx context.Context, method, path string, body []byte, header ...string) (Export, error) {
	a, _, err := c.ask(ctx, method, path, body, header...)
	return a, err
}

// ask makes a call that returns an export, and reports whether the API has waited for it.
func (c *Client) ask(ctx context.Context, method, path string, body []byte, header ...string) (a Export, waited bool, err error) {
	data, answered, err := c.exchange(ctx, method, path, body, header...)
	if err != nil {
		return a, false, err
	}
	if err := json.Unmarshal(data, &a); err != nil {
		return a, false, fmt.Errorf("%s %s: reading the answer: %w", method, path, err)
	}
	return a, answered.Get("Preference-Applied") != "", nil
}
