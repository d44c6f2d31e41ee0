package resume

import (
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// ParseJSONResume parses a JSON Resume 1.0.0 document. It also accepts member names of
// earlier versions, such as work[].company and basics.website.
//
// All problems of the document are reported together, as an *InputError. Members
// without a field in this package are kept in Details, so that
// MarshalJSONResume(ParseJSONResume(data)) is equivalent to data, where null, "", [] and
// {} count as absent.
func ParseJSONResume(data []byte) (Resume, error) {
	r, err := Read(data, ReadOptions{})
	if err != nil {
		return Resume{}, err
	}
	return r, nil
}

// decodeResume reads the root object of a document.
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
		kind := sectionKind(m.Name)
		if kind == "" {
			f.problems.addf(tree.MemberPath("", m.Name), "not a member of a JSON Resume%s", suggestion(m.Name))
			continue
		}
		if s := decodeSection(kind, listEntries(m.Value, m.Name, f.problems), f.problems); !s.Empty() {
			r.Sections = append(r.Sections, s)
		}
	}
	f.members = nil
	if !schema.Absent() {
		f.keep("$schema", schema)
	}
	decodeMeta(&r, objectFields(meta, "meta", f.problems), f)
	r.Details = f.rest()
	return r
}

// lacksName reports whether the name is missing. A name of the wrong type is not: that
// problem has been reported already.
func lacksName(basics *tree.Value) bool {
	if basics == nil {
		return true
	}
	name := basics.Get("name")
	return basics.Kind == tree.Object && (name.Absent() || name.Kind == tree.Text)
}

// rootMembers are the names that a JSON Resume may have at its root, in the
// order of the schema.
func rootMembers() []string {
	return []string{"$schema", "basics", "work", "volunteer", "education", "awards", "certificates", "publications",
		"skills", "languages", "interests", "references", "projects", "meta"}
}

// suggestion returns a hint with the root member that an unknown one is most similar to.
func suggestion(name string) string {
	lower := strings.ToLower(name)
	best, least := "", 3 // a larger edit distance is not a typo
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

// editDistance returns the Levenshtein distance of a and b in bytes.
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
	if rest := location.remaining(); !rest.Absent() {
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

// splitName splits a name at the last single space, so that FullName restores it. A name
// without a single space is all first name.
func splitName(name string) (first, last string) {
	for i := len(name) - 2; i > 0; i-- {
		if name[i] == ' ' && name[i-1] != ' ' && name[i+1] != ' ' {
			return name[:i], name[i+1:]
		}
	}
	return name, ""
}
