package api

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// Resolve refuses what encoding/json lets pass and other readers of the same
// bytes would understand differently: a field given twice, a field's name in
// other letter case, bytes that are not UTF-8. And it refuses NUL characters.
func (in *createInput) Resolve(ctx huma.Context) []error {
	errs := strictBody(in.RawBody, map[string]string{"resume_id": in.Body.ResumeID, "job_id": in.Body.JobID})
	// A key that is empty protects nothing, and of two keys one.
	keys := 0
	ctx.EachHeader(func(name, _ string) {
		if strings.EqualFold(name, "Idempotency-Key") {
			keys++
		}
	})
	if keys > 1 || keys == 1 && in.Key == "" {
		errs = append(errs, &huma.ErrorDetail{Location: "header.Idempotency-Key", Message: "is empty, or given more than once"})
	}
	return errs
}

// strictBody checks a body and those of its texts that Postgres may have to hold.
func strictBody(body []byte, texts map[string]string) []error {
	if !utf8.Valid(body) {
		return []error{&huma.ErrorDetail{Location: "body", Message: "is not valid UTF-8"}}
	}
	var errs []error
	refuse := func(field, message string) {
		errs = append(errs, &huma.ErrorDetail{Location: "body." + field, Message: message})
	}
	seen := map[string]bool{}
	check := func(path, name string) {
		switch {
		case seen[path]:
			refuse(path, "is given more than once")
		case strings.ContainsFunc(name, func(c rune) bool { return (c < 'a' || c > 'z') && c != '_' }):
			refuse(path, "is not the name of a field: names are in lower case")
		}
		seen[path] = true
	}
	for _, outer := range members(body) {
		check(outer.name, outer.name)
		for _, inner := range members(outer.value) { // no deeper: a request has no more levels
			check(outer.name+"."+inner.name, inner.name)
		}
	}
	for field, text := range texts {
		if !storable(text) {
			refuse(field, "contains a NUL character")
		}
	}
	return errs
}

type member struct {
	name  string
	value json.RawMessage
}

// members lists a JSON object's members, repeats included. Of what is no object
// or breaks off it lists what there is: it is refused elsewhere.
func members(object []byte) []member {
	d := json.NewDecoder(bytes.NewReader(object))
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return nil
	}
	var list []member
	for d.More() {
		token, err := d.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			break
		}
		m := member{name: name}
		err = d.Decode(&m.value)
		list = append(list, m)
		if err != nil {
			break
		}
	}
	return list
}

// storable reports whether Postgres can hold the text.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }
