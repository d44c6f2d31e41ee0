package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/apikey"
)

// anyKey is the scope of operations that every key may call. noKey is that of operations of
// which no scope is known: no key may call them.
const (
	anyKey apikey.Scope = ""
	noKey  apikey.Scope = "none"
)

// scopeOf returns the scope that a key needs to call an operation.
func scopeOf(op *huma.Operation) apikey.Scope {
	reads := !changes(op)
	group, _, _ := strings.Cut(strings.TrimPrefix(op.Path, "/v1/"), "/")
	switch {
	case !strings.HasPrefix(op.Path, "/v1/"): // links, which need neither token nor key
		return anyKey
	case group == "exports" && reads, group == "events":
		return apikey.ExportsRead
	case group == "exports":
		return apikey.ExportsWrite
	case group == "resumes" && reads:
		return apikey.ResumesRead
	case group == "resumes":
		return apikey.ResumesWrite
	case group == "batches":
		return apikey.Batches
	case group == "webhooks":
		return apikey.Webhooks
	case group == "templates":
		return anyKey
	}
	return noKey
}
