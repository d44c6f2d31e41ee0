package api

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Query strings are parsed as strictly as bodies. Lenient parsers ignore what they
// do not understand, so that a misspelled parameter would count as absent.

// checkQuery refuses requests whose query string or headers are malformed or have
// parameters that the operation does not have. huma checks the values.
func checkQuery(h huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		known := map[string]*huma.Schema{}
		for _, p := range ctx.Operation().Parameters {
			if p.In == "query" {
				known[p.Name] = p.Schema
			}
		}
		req, _ := humago.Unwrap(ctx)
		if f := queryFault(req.URL.RawQuery, known); f != nil {
			f.answer(h, ctx)
			return
		}
		if f := headerFault(req.Header, ctx.Operation()); f != nil {
			f.answer(h, ctx)
			return
		}
		next(ctx)
	}
}

// withoutQuery refuses every parameter; for routes that are not huma operations.
func withoutQuery(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if f := queryFault(r.URL.RawQuery, nil); f != nil {
			writeProblem(w, f.status, f.detail, f.errs...)
			return
		}
		next(w, r)
	}
}

// queryFault returns what is wrong with a query string, or nil.
func queryFault(query string, known map[string]*huma.Schema) *fault {
	if query == "" {
		return nil
	}
	malformed := &fault{status: http.StatusBadRequest, detail: "the query string is malformed"}
	invalid := &fault{status: http.StatusUnprocessableEntity, detail: "validation failed"}
	seen := map[string]bool{}
	for piece := range strings.SplitSeq(query, "&") {
		rawName, rawValue, hasValue := strings.Cut(piece, "=")
		name, err := url.QueryUnescape(rawName)
		location := "query." + name
		if err != nil || name == "" || strings.Contains(name, ";") {
			location = "query"
		}
		value, valueErr := url.QueryUnescape(rawValue)
		switch {
		case strings.Contains(piece, ";"):
			malformed.add(location, "has a semicolon, which separates nothing; write it as %3B")
		case err != nil || valueErr != nil:
			malformed.add(location, "has a % without two hexadecimal digits; write it as %25")
		case name == "":
			malformed.add(location, "has a parameter without a name")
		case known[name] == nil:
			invalid.add(location, "unknown parameter; "+suggestion(name, known))
		case seen[name]:
			invalid.add(location, "is given more than once")
		case !hasValue || value == "":
			invalid.add(location, "is empty; give a value, or leave the parameter out")
		case !validText(value):
			invalid.add(location, "contains a NUL character or is not UTF-8")
		case !plain(value, known[name].Type):
			invalid.add(location, "expected "+known[name].Type)
		}
		seen[name] = true
	}
	switch {
	case len(malformed.errs) > 0:
		return malformed
	case len(invalid.errs) > 0:
		return invalid
	}
	return nil
}

// suggestion names the known names, or the one that was probably meant.
func suggestion(name string, known map[string]*huma.Schema) string {
	names := make([]string, 0, len(known))
	for k := range known {
		if strings.EqualFold(k, name) {
			return "it is written " + k
		}
		names = append(names, k)
	}
	if len(names) == 0 {
		return "there are none here"
	}
	slices.Sort(names)
	return "there are: " + strings.Join(names, ", ")
}

// integer matches the only accepted spelling of integers.
var integer = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// plain reports whether a value has the only accepted spelling of its type. strconv
// would also accept "+5", "007" and "T".
func plain(value, kind string) bool {
	switch kind {
	case huma.TypeInteger:
		return integer.MatchString(value)
	case huma.TypeBoolean:
		return value == "true" || value == "false"
	}
	return true
}

// headerFault returns what is wrong with the headers that the operation names, or nil. Each
// may occur once and must not be empty.
func headerFault(header http.Header, op *huma.Operation) *fault {
	f := &fault{status: http.StatusUnprocessableEntity, detail: "validation failed"}
	for _, p := range op.Parameters {
		if p.In != "header" {
			continue
		}
		values := header.Values(p.Name)
		switch {
		case len(values) > 1:
			f.add("header."+p.Name, "is given more than once")
		case len(values) == 1 && values[0] == "":
			f.add("header."+p.Name, "is empty; give a value, or leave the header out")
		}
	}
	if len(f.errs) == 0 {
		return nil
	}
	return f
}

// validText reports whether Postgres can store the text.
func validText(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }
