package api

import "github.com/danielgtaylor/huma/v2"

// describeCallers adds to the document what concerns callers: the headers of limits and
// challenges, and the types of problems.
func describeCallers(doc *huma.OpenAPI) *huma.OpenAPI {
	text := &huma.Schema{Type: huma.TypeString}
	doc.Components.Headers["RateLimitPolicy"] = &huma.Header{Schema: text, Example: `"user";q=6000;w=60`,
		Description: "The rates that apply to the caller (draft-ietf-httpapi-ratelimit-headers): q requests in w seconds, also all at once. Absent if there are none"}
	doc.Components.Headers["RateLimit"] = &huma.Header{Schema: text, Example: `"user";r=5999;t=1`,
		Description: "What is left of each rate: r requests now, and all of them in t seconds"}
	doc.Components.Headers["Challenge"] = &huma.Header{Schema: text, Example: `Bearer realm="letraz-export"`, Description: "How to authenticate"}
	for _, op := range operations(doc) {
		if len(op.Security) == 0 {
			continue
		}
		for status, r := range op.Responses {
			r.Headers["RateLimit-Policy"] = &huma.Param{Ref: "#/components/headers/RateLimitPolicy"}
			r.Headers["RateLimit"] = &huma.Param{Ref: "#/components/headers/RateLimit"}
			if status == "401" {
				r.Headers["WWW-Authenticate"] = &huma.Param{Ref: "#/components/headers/Challenge"}
			}
		}
	}
	if problem := doc.Components.Schemas.Map()["ErrorModel"]; problem != nil {
		describeProblems(problem)
	}
	return doc
}
