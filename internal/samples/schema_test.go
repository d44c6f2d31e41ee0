package samples

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// The JSON Resume 1.0.0 schema and this project's additions, as nested values: a rule for a string, an object
// for known properties, a list for an array of one kind. It is stricter than the published schema, which
// lets unknown properties pass: a misspelt one would silently vanish from the page.
type (
	rule   func(string) error
	object map[string]any
	list   struct{ of any }
)

// number is the schema's number; the additions use it for salaries.
type number struct{}

var texts = list{rule(text)}

var resumeSchema = object{
	"basics": object{
		"name": rule(text), "label": rule(text), "image": rule(image), "email": rule(email), "phone": rule(phone),
		"url": rule(address), "summary": rule(text),
		"location": object{
			"address": rule(text), "postalCode": rule(text), "city": rule(text), "region": rule(text),
			"countryCode": countryCode,
		},
		"profiles": list{object{"network": rule(text), "username": rule(text), "url": rule(address)}},
	},
	"work": list{object{
		"name": rule(text), "location": rule(text), "description": rule(text), "position": rule(text),
		"url": rule(address), "startDate": rule(date), "endDate": rule(date), "summary": rule(text), "highlights": texts,
	}},
	"volunteer": list{object{
		"organization": rule(text), "position": rule(text), "url": rule(address), "startDate": rule(date),
		"endDate": rule(date), "summary": rule(text), "highlights": texts,
	}},
	"education": list{object{
		"institution": rule(text), "url": rule(address), "area": rule(text), "studyType": rule(text),
		"startDate": rule(date), "endDate": rule(date), "score": rule(text), "courses": texts,
	}},
	"awards": list{object{"title": rule(text), "date": rule(date), "awarder": rule(text), "summary": rule(text)}},
	"certificates": list{object{
		"name": rule(text), "date": rule(date), "url": rule(address), "issuer": rule(text),
	}},
	"publications": list{object{
		"name": rule(text), "publisher": rule(text), "releaseDate": rule(date), "url": rule(address),
		"summary": rule(text),
	}},
	"skills":     list{object{"name": rule(text), "level": rule(text), "keywords": texts}},
	"languages":  list{object{"language": rule(text), "fluency": rule(text)}},
	"interests":  list{object{"name": rule(text), "keywords": texts}},
	"references": list{object{"name": rule(text), "reference": rule(text)}},
	"projects": list{object{
		"name": rule(text), "description": rule(text), "highlights": texts, "keywords": texts,
		"startDate": rule(date), "endDate": rule(date), "url": rule(address), "roles": texts,
		"entity": rule(text), "type": rule(text),
	}},
	"meta": object{
		"canonical": rule(address), "version": version, "lastModified": timestamp,
		"language": languageTag, "letraz": letrazSchema,
	},
}

var letrazSchema = object{
	"job": object{
		"title": rule(text), "company_name": rule(text), "location": rule(text), "employment_type": rule(text),
		"description": rule(text), "requirements": texts, "responsibilities": texts, "benefits": texts,
		"salary":  object{"currency": rule(text), "min": number{}, "max": number{}},
		"job_url": rule(address),
	},
	"strengths": list{object{"name": rule(text), "description": rule(text)}},
	"sections":  list{object{"type": sectionType, "title": rule(text)}},
}

// problems returns what in v does not fit spec, one line each.
func problems(at string, v, spec any) []string {
	var found []string
	bad := func(format string, args ...any) { found = append(found, at+": "+fmt.Sprintf(format, args...)) }
	switch spec := spec.(type) {
	case rule:
		s, ok := v.(string)
		if !ok {
			bad("want a string, have %T", v)
		} else if err := spec(s); err != nil {
			bad("%v", err)
		}
	case number:
		if _, ok := v.(float64); !ok {
			bad("want a number, have %T", v)
		}
	case list:
		items, ok := v.([]any)
		if !ok || len(items) == 0 {
			bad("want a list that is not empty, have %T", v)
		}
		for i, item := range items {
			found = append(found, problems(fmt.Sprintf("%s[%d]", at, i), item, spec.of)...)
		}
	case object:
		props, ok := v.(map[string]any)
		if !ok {
			bad("want an object, have %T", v)
		}
		for name, value := range props {
			if spec[name] == nil {
				bad("unknown property %q", name)
				continue
			}
			found = append(found, problems(at+"."+name, value, spec[name])...)
		}
		found = append(found, orderProblems(at, props)...)
	}
	return found
}

// orderProblems reports a period that ends before it starts, compared to the precision both dates have.
func orderProblems(at string, props map[string]any) []string {
	start, hasStart := props["startDate"].(string)
	end, hasEnd := props["endDate"].(string)
	if n := min(len(start), len(end)); hasStart && hasEnd && end[:n] < start[:n] {
		return []string{fmt.Sprintf("%s: ends %s, before its start %s", at, end, start)}
	}
	return nil
}

func text(s string) error {
	if strings.TrimSpace(s) != s || s == "" {
		return fmt.Errorf("empty text, or space around it: %q", s)
	}
	if strings.Contains(strings.ToLower(s), "lorem ipsum") {
		return errors.New("filler text")
	}
	return nil
}

// lastDate is the latest date a sample may name, so that no resume tells of the future.
const lastDate = "2026-06-30"

// iso8601 is the schema's own pattern.
var iso8601 = regexp.MustCompile(`^([1-2][0-9]{3}-[0-1][0-9]-[0-3][0-9]|[1-2][0-9]{3}-[0-1][0-9]|[1-2][0-9]{3})$`)

func date(s string) error {
	if !iso8601.MatchString(s) {
		return fmt.Errorf("%q is not YYYY, YYYY-MM or YYYY-MM-DD", s)
	}
	if _, err := time.Parse(time.DateOnly[:len(s)], s); err != nil {
		return fmt.Errorf("%q is not in the calendar", s)
	}
	if s > lastDate[:len(s)] {
		return fmt.Errorf("%q lies after %s", s, lastDate)
	}
	return nil
}

func timestamp(s string) error {
	_, err := time.Parse(time.RFC3339, s)
	return err
}

// reservedHost matches the domains that RFC 2606 keeps for examples, and their subdomains.
var reservedHost = regexp.MustCompile(`^([a-z0-9-]+\.)*example\.(com|net|org)$`)

func address(s string) error {
	u, err := url.Parse(s)
	if err != nil {
		return err
	}
	if u.Scheme != "https" || !reservedHost.MatchString(u.Host) {
		return fmt.Errorf("%q is not an https address in a reserved example domain", s)
	}
	return nil
}

func email(s string) error {
	parsed, err := mail.ParseAddress(s)
	if err != nil {
		return fmt.Errorf("%q: %w", s, err)
	}
	_, host, _ := strings.Cut(parsed.Address, "@")
	if parsed.Address != s || !reservedHost.MatchString(host) {
		return fmt.Errorf("%q is not a bare address in a reserved example domain", s)
	}
	return nil
}

// fictionalPhone matches numbers that a national regulator keeps for fiction (North America's 555-01xx, Ofcom's
// drama numbers, and those of the Bundesnetzagentur, Arcep and ACMA), and, for countries without any,
// numbers whose subscriber part is all zeros, which no one is given.
var fictionalPhone = regexp.MustCompile(`^(` + strings.Join([]string{
	`\+1 [2-9]\d{2}-555-01\d{2}`,
	`\+44 20 7946 0\d{3}`,
	`\+44 1(13|14|15|16|17|18|21|31|41|51|61) 496 0\d{3}`,
	`\+44 7700 900\d{3}`,
	`\+49 30 23125 \d{3}`,
	`\+33 6 39 98 \d{2} \d{2}`,
	`\+61 [2378] (5550|7010) \d{4}`,
	`\+(962|972) \d 000 0000`,
	`0\d{1,2}-0{3,4}-0000`,
}, "|") + `)$`)

func phone(s string) error {
	if !fictionalPhone.MatchString(s) {
		return fmt.Errorf("%q is in no range kept for fiction", s)
	}
	return nil
}

func pattern(re, what string) rule {
	compiled := regexp.MustCompile(re)
	return func(s string) error {
		if !compiled.MatchString(s) {
			return fmt.Errorf("%q is not %s", s, what)
		}
		return nil
	}
}

var (
	countryCode = pattern(`^[A-Z]{2}$`, "an ISO 3166-1 code")
	languageTag = pattern(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$`, "a BCP 47 tag of language, script, region")
	version     = pattern(`^v1\.0\.0$`, "the schema version v1.0.0")
	sectionType = pattern(`^(work|volunteer|education|awards|certificates|publications|skills|languages|interests|`+
		`references|projects|strengths)$`, "a section")
)

// maxImage keeps pictures from swelling the binary; bytes of the data URI.
const maxImage = 3 << 10

func image(s string) error {
	data, ok := strings.CutPrefix(s, "data:image/png;base64,")
	if !ok || len(s) > maxImage {
		return fmt.Errorf("want a PNG data URI of at most %d bytes, have %d", maxImage, len(s))
	}
	_, err := base64.StdEncoding.DecodeString(data)
	return err
}
