package resume

import (
	"errors"
	"fmt"
	"strings"
)

// ParseJSONResume reads a JSON Resume 1.0.0 document. Names of earlier
// versions (work[].company, basics.website, …) are understood, too.
//
// Everything that is wrong with the document is reported at once, as an
// *InputError. What the domain has no field for is kept in Details, so that
// MarshalJSONResume(ParseJSONResume(data)) is the same data as data, where
// null, "", [] and {} count as absent.
func ParseJSONResume(data []byte) (Resume, error) {
	ps := &problems{}
	root, err := parseValue(data, ps)
	if syntax, ok := errors.AsType[*syntaxError](err); ok {
		// What was noted on the way is worth less than the broken syntax.
		return Resume{}, &InputError{Problems: []Problem{{Problem: syntax.Error()}}}
	}
	if err != nil {
		return Resume{}, fmt.Errorf("reading a JSON Resume: %w", err)
	}
	if root.kind != kindObject {
		ps.addf("", "%s where an object is expected: a JSON Resume is one object", root.kind)
		return Resume{}, ps.err()
	}
	r := decodeResume(objectFields(root, "", ps))
	if err := ps.err(); err != nil {
		return Resume{}, err
	}
	if err := r.CheckSize(); err != nil {
		ps.addf("", "%v", err)
		return Resume{}, ps.err()
	}
	return r, nil
}

func decodeResume(f *fields) Resume {
	var r Resume
	f.checkText("$schema")
	schema := f.take("$schema")
	basics := f.take("basics")
	meta := f.take("meta")
	r.Person = decodePerson(objectFields(basics, "basics", f.problems))
	if name := r.Person.FullName(); strings.TrimSpace(name) == "" && lacksName(basics) {
		f.problems.addf("basics.name", "a resume needs a name")
	}
	for _, m := range f.members {
		kind := sectionKind(m.name)
		if kind == "" {
			f.problems.addf(memberPath("", m.name), "not a member of a JSON Resume%s", suggestion(m.name))
			continue
		}
		if s := decodeSection(kind, listEntries(m.value, m.name, f.problems), f.problems); !s.Empty() {
			r.Sections = append(r.Sections, s)
		}
	}
	f.members = nil
	if !schema.absent() {
		f.keep("$schema", schema)
	}
	decodeMeta(&r, objectFields(meta, "meta", f.problems), f)
	r.Details = f.rest()
	return r
}

// lacksName tells a name that is missing from one of the wrong type, which has
// been reported as that.
func lacksName(basics *value) bool {
	if basics == nil {
		return true
	}
	name := basics.get("name")
	return basics.kind == kindObject && (name.absent() || name.kind == kindText)
}

// rootMembers are the names that a JSON Resume may have at its root, in the
// order of the schema.
func rootMembers() []string {
	return []string{"$schema", "basics", "work", "volunteer", "education", "awards", "certificates", "publications",
		"skills", "languages", "interests", "references", "projects", "meta"}
}

// suggestion names the root member that an unknown one is likely meant to be.
func suggestion(name string) string {
	lower := strings.ToLower(name)
	best, least := "", 3 // differing in more letters is no typo
	switch lower {
	case "experience", "jobs", "employment":
		best = "work"
	case "hobbies":
		best = "interests"
	case "certifications":
		best = "certificates"
	case "person", "profile":
		best = "basics"
	}
	if best == "" && len(name) <= 32 {
		for _, known := range rootMembers() {
			if d := editDistance(lower, known); d < least {
				best, least = known, d
			}
		}
	}
	if best == "" {
		return ""
	}
	return `; did you mean "` + best + `"?`
}

// editDistance is the number of bytes to insert, delete or replace to make b
// of a.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func decodePerson(f *fields) Person {
	f.rename("website", "url")
	f.rename("picture", "image")
	var p Person
	p.FirstName, p.LastName = splitName(f.text("name"))
	p.Headline = f.text("label")
	p.Image = f.text("image")
	p.Email = f.text("email")
	p.Phone = f.text("phone")
	p.Website = f.text("url")
	p.ProfileText = RichTextFromPlain(f.text("summary"), nil)
	location := objectFields(f.take("location"), f.at("location"), f.problems)
	p.Address = location.text("address")
	p.Postal = location.text("postalCode")
	p.City = location.text("city")
	p.Country = location.text("countryCode")
	p.Region = location.text("region")
	if rest := location.remaining(); !rest.absent() {
		f.keep("location", rest)
	}
	for _, e := range f.list("profiles") {
		profile := objectFields(e.value, e.path, f.problems)
		p.Profiles = append(p.Profiles, Profile{
			Network:  profile.text("network"),
			Username: profile.text("username"),
			URL:      profile.text("url"),
			Details:  profile.rest(),
		})
	}
	p.Details = f.rest()
	return p
}

// splitName parts a name at the last single space, so that FullName is the
// name again. Where that cannot be, all of it is the first name.
func splitName(name string) (first, last string) {
	for i := len(name) - 2; i > 0; i-- {
		if name[i] == ' ' && name[i-1] != ' ' && name[i+1] != ' ' {
			return name[:i], name[i+1:]
		}
	}
	return name, ""
}
