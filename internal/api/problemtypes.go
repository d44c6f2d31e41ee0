package api

import (
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// problemKind identifies a kind of problem (type of RFC 9457), for programs that have to tell
// two problems with the same status apart. It is a tag (RFC 4151): a name, not an address.
type problemKind string

const problemTag = "tag:letraz.app,2026:"

// The types. Problems without one are told apart by their status.
const (
	typeUnauthenticated problemKind = problemTag + "unauthenticated"
	typeUnknownUser     problemKind = problemTag + "unknown-user"
	typeInactiveUser    problemKind = problemTag + "inactive-user"
	typeScope           problemKind = problemTag + "scope-missing"
	typeNoUser          problemKind = problemTag + "on-behalf-of-missing"
	typeOtherUser       problemKind = problemTag + "on-behalf-of-refused"
	typeRateLimited     problemKind = problemTag + "rate-limited"
	typeTooManyWaiting  problemKind = problemTag + "too-many-waiting"
	typeUnavailable     problemKind = problemTag + "unavailable"
)

// problemTypes says when each type is sent, for the OpenAPI document.
var problemTypes = [...]struct {
	kind   problemKind
	status int
	when   string
}{
	{typeUnauthenticated, 401, "the token or API key is missing or not valid"},
	{typeUnknownUser, 403, "the user is unknown"},
	{typeInactiveUser, 403, "the user's account is not active"},
	{typeScope, 403, "the API key lacks the scope of the operation"},
	{typeNoUser, 400, "the API key may act for several users, and On-Behalf-Of names none"},
	{typeOtherUser, 403, "the caller may not act for the user in On-Behalf-Of"},
	{typeRateLimited, 429, "too many requests; Retry-After says when to come again"},
	{typeTooManyWaiting, 429, "too many exports are waiting; create new ones when some are finished"},
	{typeUnavailable, 503, "a part of the service is busy or restarting; come again after Retry-After"},
}

// typed returns a problem of a type.
func typed(kind problemKind, status int, detail string, errs ...error) huma.StatusError {
	err := huma.NewError(status, detail, errs...)
	if p, ok := err.(*huma.ErrorModel); ok {
		p.Type = string(kind)
	}
	return err
}

// describeProblems lists the types in the schema of problems.
func describeProblems(schema *huma.Schema) {
	var b strings.Builder
	b.WriteString("Identifies the kind of problem. Problems without a type (about:blank) are told apart by their status. The types are:")
	for _, t := range problemTypes {
		fmt.Fprintf(&b, " %s (%d: %s);", t.kind, t.status, t.when)
	}
	kind := schema.Properties["type"]
	kind.Description = strings.TrimSuffix(b.String(), ";") + "."
	kind.Examples = []any{"about:blank"}
}

// problemKindKey is the key of the kind of the problem that a middleware answers with.
type problemKindKey struct{}
