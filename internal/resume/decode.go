package resume

import (
	"slices"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// decodeResume reads the root object of a document that has been repaired.
func decodeResume(f *fields) Resume {
	var r Resume
	schema := f.typed("$schema", tree.Text, "a text")
	r.Person = decodePerson(f.object("basics"))
	meta := f.object("meta")
	for _, m := range slices.Clone(f.members) {
		if sectionKind(m.Name) == "" {
			continue
		}
		if s := decodeSection(m.Name, f.objects(m.Name), f.reading); !s.Empty() {
			r.Sections = append(r.Sections, s)
		}
	}
	if schema != nil {
		f.keep("$schema", schema)
	}
	decodeMeta(&r, meta, f)
	r.Details = f.rest()
	return r
}

func decodePerson(f *fields) Person {
	var p Person
	p.FirstName, p.LastName = splitName(f.text("name"))
	p.Headline = f.text("label")
	p.Image = f.text("image")
	p.Email = f.text("email")
	p.Phone = f.text("phone")
	p.Website = f.text("url")
	p.ProfileText = f.rich("summary", f.text("summary"), "", nil)
	location := f.object("location")
	p.Address = location.text("address")
	p.Postal = location.text("postalCode")
	p.City = location.text("city")
	p.Country = location.text("countryCode")
	p.Region = location.text("region")
	if rest := location.remaining(); !rest.Absent() {
		f.keep("location", rest)
	}
	for _, e := range f.objects("profiles") {
		profile := objectFields(e.value, e.path, f.reading)
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
