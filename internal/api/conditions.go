package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// versionTag returns the strong ETag of a version.
func versionTag(version string) string {
	if version == "" {
		return ""
	}
	return `"` + version + `"`
}

// etagHeader documents the header.
func etagHeader() map[string]*huma.Param {
	return map[string]*huma.Param{"ETag": {Description: "Changes with any of the content", Schema: &huma.Schema{Type: huma.TypeString}}}
}

// conditionOf returns the condition that an If-Match header sets (RFC 9110 section 13.1.1);
// none if it is empty.
func conditionOf(ifMatch string) (resume.Condition, error) {
	if ifMatch == "*" {
		return resume.Condition{Exists: true}, nil
	}
	tags, ok := entityTags(ifMatch)
	if !ok {
		return resume.Condition{}, invalid("header.If-Match", ifMatch, `expected * or ETags in quotes, such as "0b5e…"`)
	}
	c := resume.Condition{}
	for _, tag := range tags {
		if tag.weak {
			tag.text = "" // a weak one matches nothing here, and no version is empty
		}
		c.Versions = append(c.Versions, tag.text)
	}
	return c, nil
}

// entityTag is an ETag of a list, without its quotes.
type entityTag struct {
	text string
	weak bool
}

// entityTags parses a list of ETags.
func entityTags(list string) (tags []entityTag, ok bool) {
	for rest := strings.TrimSpace(list); rest != ""; {
		after, weak := strings.CutPrefix(rest, "W/")
		text, more, closed := strings.Cut(strings.TrimPrefix(after, `"`), `"`)
		if !strings.HasPrefix(after, `"`) || !closed {
			return nil, false
		}
		tags = append(tags, entityTag{text, weak})
		if rest = strings.TrimSpace(more); rest == "" {
			break
		}
		if rest, ok = strings.CutPrefix(rest, ","); !ok {
			return nil, false
		}
		rest = strings.TrimSpace(rest)
	}
	return tags, true
}

// Values of Cache-Control for answers with an ETag: only the caller's own cache may keep them,
// and asks each time; or any cache may, for an hour.
const (
	privately = "private, no-cache"
	publicly  = "public, max-age=3600"
)

// cached answers with data, or 304 if the caller has this version. Headers are alternating
// names and values.
func cached(kind, control, version, ifNoneMatch string, data []byte, header ...string) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		_, w := humago.Unwrap(ctx)
		head := w.Header()
		head.Set("ETag", versionTag(version))
		head.Set("Cache-Control", control)
		tags, _ := entityTags(ifNoneMatch) // a malformed one matches nothing
		if ifNoneMatch == "*" || slices.ContainsFunc(tags, func(t entityTag) bool { return t.text == version }) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		for i := 0; i < len(header); i += 2 {
			head.Set(header[i], header[i+1])
		}
		head.Set("Content-Type", kind)
		head.Set("Content-Length", strconv.Itoa(len(data)))
		_, _ = w.Write(data) // the caller is gone
	}}
}
