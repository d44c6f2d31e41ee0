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
	for _, name := range memberNames(body) {
		switch {
		case seen[name]:
			refuse(name, "is given more than once")
		case strings.ContainsFunc(name, func(c rune) bool { return (c < 'a' || c > 'z') && c != '_' }):
			refuse(name, "is not the name of a field: names are in lower case")
		}
		seen[name] = true
	}
	for field, text := range texts {
		if !storable(text) {
			refuse(field, "contains a NUL character")
		}
	}
	return errs
}

// memberNames lists the names of a JSON object's members, repeats included. Of
// what is no object or breaks off it lists what there is: it is refused elsewhere.
func memberNames(object []byte) []string {
	d := json.NewDecoder(bytes.NewReader(object))
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return nil
	}
	var names []string
	for d.More() {
		token, err := d.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			break
		}
		names = append(names, name)
		var value json.RawMessage
		if d.Decode(&value) != nil {
			break
		}
	}
	return names
}

// storable reports whether Postgres can hold the text.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }
