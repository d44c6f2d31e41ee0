package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"pgregory.net/rapid"
)

// letters are the characters of generated texts: of many scripts, and those with a meaning to
// a part of the service.
var letters = []*unicode.RangeTable{
	{R16: []unicode.Range16{{Lo: 0x20, Hi: 0x7e, Stride: 1}, {Lo: 0xa0, Hi: 0x17f, Stride: 1}, {Lo: 0x590, Hi: 0x6ff, Stride: 1}, {Lo: 0x2000, Hi: 0x2064, Stride: 1}, {Lo: 0x4e00, Hi: 0x4e40, Stride: 1}},
		R32: []unicode.Range32{{Lo: 0x1f600, Hi: 0x1f640, Stride: 1}}},
	{R16: []unicode.Range16{{Lo: 1, Hi: 0x1f, Stride: 1}, {Lo: 0xfffd, Hi: 0xfffd, Stride: 1}}},
}

// odd has values of other types than the expected one.
var odd = []string{
	"null", "true", "-1", "0", "1e3", "1e999", "-0", "1.5", "12345678901234567890", `""`, `"x"`, `"\u0000"`, `"\ud800"`, "[]", "[[]]", "{}", `{"a":{"a":1}}`,
	`"../../x"`, `"' OR 1=1--"`, `"%00"`, `"%s%n{{.}}${x}"`, "[null]", `"` + strings.Repeat("x", 300) + `"`, "01", "+1", "NaN", "'x'", "",
}

// spoil puts one fault in.
func (g requestGen) spoil(t *rapid.T, r *request) {
	r.valid = false
	kinds := []func(*rapid.T, *request){g.spoilQuery, g.spoilHeader, g.spoilPath}
	if r.op.RequestBody != nil {
		kinds = append(kinds, g.spoilField, g.spoilField, g.spoilField, g.spoilBody)
	}
	rapid.SampledFrom(kinds).Draw(t, "kind of fault")(t, r)
}

// spoilField changes one member of the body, or adds one.
func (g requestGen) spoilField(t *rapid.T, r *request) {
	properties := g.resolve(r.op.RequestBody.Content["application/json"].Schema).Properties
	name := rapid.SampledFrom(append(slices.Collect(sortedKeys(properties)), "fit", "unknown", "", "__proto__", "Resume_ID", "re\u017fume_id", "PAPER")).Draw(t, "field")
	value := rapid.SampledFrom(odd).Draw(t, "odd")
	if inner := g.resolve(properties[name]).Properties; len(inner) > 0 && rapid.Bool().Draw(t, "below") {
		value = fmt.Sprintf(`{%q:%s}`, rapid.SampledFrom(append(slices.Collect(sortedKeys(inner)), "unknown")).Draw(t, "inner field"), value)
	}
	open := strings.IndexByte(r.body, '{')
	if open < 0 {
		return
	}
	// The member may be there already: then it is there twice.
	rest := strings.TrimSpace(r.body[open+1:])
	if rest != "}" {
		rest = "," + rest
	}
	r.body = fmt.Sprintf("{%q:%s%s", name, value, rest)
}

// spoilBody replaces the whole body.
func (g requestGen) spoilBody(t *rapid.T, r *request) {
	switch rapid.IntRange(0, 6).Draw(t, "body") {
	case 0:
		r.body = rapid.SampledFrom(odd).Draw(t, "odd")
	case 1:
		r.body = r.body[:rapid.IntRange(0, len(r.body)).Draw(t, "cut")]
	case 2:
		r.body += rapid.SampledFrom([]string{"{}", "x", ",", "\x00", "//"}).Draw(t, "behind")
	case 3:
		r.body = string(rapid.SliceOfN(rapid.Byte(), 1, 200).Draw(t, "bytes"))
	case 4:
		r.body = strings.Repeat("[", rapid.IntRange(1, 20_000).Draw(t, "depth"))
	case 5:
		r.body += strings.Repeat(" ", 70_000)
	case 6:
		at := rapid.IntRange(0, len(r.body)).Draw(t, "at")
		r.body = r.body[:at] + string(rapid.SliceOfN(rapid.Byte(), 1, 3).Draw(t, "bytes")) + r.body[at:]
	}
}

// spoilQuery changes the query string.
func (g requestGen) spoilQuery(t *rapid.T, r *request) {
	names := []string{"unknown", "user_id", "User_ID", "all", "limit", "access_token", ""}
	for _, p := range r.op.Parameters {
		if p.In == "query" {
			names = append(names, p.Name, p.Name, strings.ToUpper(p.Name))
		}
	}
	name := rapid.SampledFrom(names).Draw(t, "parameter")
	value := rapid.SampledFrom([]string{"", "x", "%", "%zz", "%00", "%ff", "0", "-1", "1e3", "+5", "%2B5", "99999999999999999999", "true", "TRUE", "x;y",
		"%3Cimg%20src=x%3E", strings.Repeat("x", 300), "..%2F", "a%0d%0ab"}).Draw(t, "value")
	piece := rapid.SampledFrom([]string{name + "=" + value, name, name + "==", "&", ";", "%", name + "[]=" + value, url.QueryEscape(name+" ") + "=" + value}).Draw(t, "piece")
	if r.query != "" {
		piece = r.query + "&" + piece
	}
	r.query = piece
}

// spoilHeader changes a header.
func (g requestGen) spoilHeader(t *rapid.T, r *request) {
	name := rapid.SampledFrom([]string{"Authorization", "Authorization", "On-Behalf-Of", "Content-Type", "Content-Encoding", "Accept", "Accept-Encoding", "Idempotency-Key", "Range", "If-Match",
		"If-None-Match", "If-Range", "If-Modified-Since", "Expect", "X-Request-Id", "X-HTTP-Method-Override", "Cookie", "Traceparent", "X-Long"}).Draw(t, "header")
	value := rapid.SampledFrom([]string{"", "x", "*", "bytes=0-", "bytes=0-0,2-3", "bytes=99999999999-", "bytes=-0", "bytes=x", `"x"`, `W/"x"`, "gzip", "100-continue", "text/html", "application/json; charset=latin1",
		"APPLICATION/JSON", "application/json;q=0", "Bearer", "Bearer x.y.z", "Basic YTpi", "Bearer " + g.tokens["user_ben"] + "x", "DELETE", "Thu, 01 Jan 1970 00:00:00 GMT",
		"a b", "schlüssel", strings.Repeat("x", 300), strings.Repeat("x", 9000), strings.Repeat("x", 40_000)}).Draw(t, "value")
	switch rapid.IntRange(0, 3).Draw(t, "how") {
	case 0:
		r.header.Del(name)
	case 1:
		r.header.Add(name, value)
	default:
		r.header.Set(name, value)
	}
}

// spoilPath changes the path or the method.
func (g requestGen) spoilPath(t *rapid.T, r *request) {
	if rapid.Bool().Draw(t, "method") {
		r.method = rapid.SampledFrom([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "X"}).Draw(t, "other method")
		return
	}
	more := rapid.SampledFrom([]string{"/", "//", "/..", "/.", "%2f", "%00", "%ff", "%0a", "x", "/download", "/retry", "%20", "%252e", strings.Repeat("x", 120), strings.Repeat("/x", 5000)}).Draw(t, "more")
	at := rapid.IntRange(1, len(r.path)).Draw(t, "at")
	for at < len(r.path) && r.path[at-1] == '%' || at >= 2 && at < len(r.path) && r.path[at-2] == '%' {
		at++ // an escape stays one: the client sends no other
	}
	r.path = r.path[:at] + more + r.path[at:]
}
