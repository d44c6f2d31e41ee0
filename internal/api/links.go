package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/link"
)

// Paths of links. What follows is a token, which must not be logged: see loggedPath.
const (
	downloadLink = "/d/"
	eventsLink   = "/e/"
)

// represent returns the representation of an export, with the links that its status allows.
func (s *server) represent(r export.Request) Export {
	e := toExport(r)
	e.EventsURL = s.eventsURL(r)
	if r.Status != export.Ready {
		return e
	}
	if s.Links != nil {
		e.DownloadURL = downloadLink + s.Links.Sign(link.Claim{Purpose: link.Download, Subject: r.ID, Expires: r.ExpiresAt})
	}
	// Not with the Host header: a caller could make links to another host, which would get the token.
	e.DownloadURL = s.PublicURL + e.DownloadURL
	return e
}

type linkInput struct {
	Token  string `path:"token" maxLength:"2000"`
	Inline bool   `query:"inline" doc:"true asks the browser to show the file instead of saving it"`
}

func (s *server) registerLinks(h huma.API) {
	op := fileOperation(huma.Operation{
		OperationID: "download-by-link", Method: http.MethodGet, Path: downloadLink + "{token}", Summary: "Download the file of an export by its link",
		Description: "The download_url of an export. Whoever has it can download the file until expires_at, or until the export is deleted. " +
			"Supports ranges and conditional requests (RFC 9110) with the ETag of the answer.",
	}, 404, 410, 412, 416)
	for _, status := range []string{"200", "206", "304"} {
		op.Responses[status].Headers["X-Robots-Tag"] = &huma.Param{Description: "Keeps search engines from listing the file", Schema: &huma.Schema{Type: huma.TypeString}, Example: "noindex"}
	}
	huma.Register(h, withoutToken(op), s.follow)
}

// withoutToken changes an operation to one that needs no token.
func withoutToken(op huma.Operation) huma.Operation {
	op.Security = []map[string][]string{}
	op.Errors = slices.DeleteFunc(op.Errors, func(status int) bool { return status == http.StatusUnauthorized || status == http.StatusForbidden })
	return op
}

// follow sends the file that a link is for.
func (s *server) follow(ctx context.Context, in *linkInput) (*huma.StreamResponse, error) {
	c, err := s.checkLink(in.Token, link.Download)
	if err != nil {
		return nil, err
	}
	r, err := s.linked(ctx, c)
	if err != nil {
		return nil, err
	}
	return s.file(ctx, r, sending{linked: true, inline: in.Inline})
}

// linked returns the export that a link is for. Links to exports that have ended, were erased
// or have no file, and those whose owner may not use the service, have the same answer.
func (s *server) linked(ctx context.Context, c link.Claim) (export.Request, error) {
	r, err := s.Store.Export(ctx, c.Subject)
	switch {
	case errors.Is(err, export.ErrNotFound):
		return r, linkEnded()
	case err != nil:
		return r, s.problem(ctx, err)
	}
	return r, s.linksOf(ctx, r.UserID)
}

// linksOf returns nil if the links of a user work, or their answer: the user may have been
// deactivated or deleted since they were made.
func (s *server) linksOf(ctx context.Context, userID string) error {
	switch caller, err := s.Store.Caller(ctx, userID); {
	case errors.Is(err, export.ErrUserNotFound) || err == nil && !caller.Active:
		return linkEnded()
	case err != nil:
		return s.problem(ctx, err)
	}
	return nil
}

// linkLeeway is how long a link is looked up after its end, because this machine's clock may be
// fast. The database decides whether its export has expired.
const linkLeeway = time.Minute

// checkLink returns the claim of a link for one of the purposes, or its answer.
func (s *server) checkLink(token string, purposes ...link.Purpose) (link.Claim, error) {
	if s.Links == nil {
		return link.Claim{}, linkInvalid()
	}
	for _, purpose := range purposes {
		switch c, err := s.Links.Check(purpose, token, time.Now().Add(-linkLeeway)); {
		case err == nil:
			return c, nil
		case errors.Is(err, link.ErrExpired):
			return c, linkEnded()
		}
	}
	return link.Claim{}, linkInvalid()
}

func linkInvalid() error { return huma.Error404NotFound("this link is not valid") }

func linkEnded() error {
	return huma.Error410Gone("this link has ended; whoever gave it to you can make a new one")
}

// loggedPath returns the path of a request as it is logged: bounded, and without the token of a
// link.
func loggedPath(path string) string {
	for _, prefix := range []string{downloadLink, eventsLink} {
		if strings.HasPrefix(path, prefix) {
			return prefix + "…"
		}
	}
	return shortened(path)
}
