package api

import (
	"net/http"
	"path"

	"github.com/danielgtaylor/huma/v2"
)

// fault is the answer to a request that is refused before a handler sees it.
type fault struct {
	status int
	detail string
	errs   []*huma.ErrorDetail
	coding bool // the fault is the content coding
}

func (f *fault) add(location, message string) {
	f.errs = append(f.errs, &huma.ErrorDetail{Location: location, Message: message})
}

// answer sends the fault as a problem document.
func (f *fault) answer(h huma.API, ctx huma.Context) {
	errs := make([]error, len(f.errs))
	for i, e := range f.errs {
		errs[i] = e
	}
	_ = huma.WriteErr(h, ctx, f.status, f.detail, errs...) // the caller is gone
}

// Bounds of the URL and of the headers of a request, in bytes. The server's
// MaxHeaderBytes should be larger: net/http does not answer with a problem document.
const (
	maxURL     = 8 << 10
	maxHeaders = 32 << 10
)

// wellFormed refuses requests with a URL or headers that are too large, and with
// paths such as //v1 and /v1/./exports.
func wellFormed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size := 0
		for name, values := range r.Header {
			for _, v := range values {
				size += len(name) + len(v)
			}
		}
		switch p := r.URL.Path; {
		case len(r.RequestURI) > maxURL:
			writeProblem(w, http.StatusRequestURITooLong, "the URL is too long")
		case size > maxHeaders:
			writeProblem(w, http.StatusRequestHeaderFieldsTooLarge, "the headers are too large")
		case p != path.Clean(p) && p != path.Clean(p)+"/" && p != "":
			// ServeMux would redirect to the clean path.
			writeProblem(w, http.StatusNotFound, nothingAt(p))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func nothingAt(path string) string {
	return "there is nothing at " + shortened(path) + "; see /openapi.json"
}
