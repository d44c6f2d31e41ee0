package builders

import (
	"strings"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// LinkedIn's data export has a table for each section of a profile. ReadArchive gives
// these as members of the root.

func recognizeLinkedIn(root *tree.Value) string {
	for _, name := range []string{"Profile", "Positions"} {
		list := root.Get(name)
		if list == nil || list.Kind != tree.List || len(list.Items) == 0 {
			continue
		}
		if first := list.Items[0]; first.Get("First Name") != nil || first.Get("Company Name") != nil || first.Get("Headline") != nil {
			return "LinkedIn's data export"
		}
	}
	return ""
}

func convertLinkedIn(c *conversion, root *source) {
	for i, e := range root.list("Profile") {
		if i == 0 {
			linkedInPerson(c, c.entry(e, "Name"))
		} else {
			addTo(c.extra, "Profile", e.value) // there is only one person
		}
	}
	for i, e := range root.list("Profile Summary") {
		s := c.entry(e, "Profile Summary")
		if i > 0 {
			addTo(c.extra, "Profile Summary", e.value)
			continue
		}
		if text := s.text("Profile Summary", "Summary"); !isScalar(c.basics.Get("summary")) || c.basics.Get("summary").Text != text {
			addText(c.basics, "summary", text)
		}
		s.rest(c.basics)
	}
	linkedInAddresses(c, root)
	for _, t := range linkedInTables() {
		list := root.list(t.file)
		if len(list) == 0 {
			continue
		}
		to := c.open(t.name, t.title)
		for _, e := range list {
			to.add(linkedInEntry(c.entry(e, "Name"), t))
		}
	}
	root.rest(c.extra)
}

// linkedInTable says how the rows of a table are converted.
type linkedInTable struct {
	file  string
	name  string // the root member of JSON Resume
	title string
	moves []move
}

// linkedInTables are in the order of a profile.
func linkedInTables() []linkedInTable {
	dates := []move{{"startDate", "Started On"}, {"endDate", "Finished On"}}
	with := func(moves ...move) []move { return append(moves, dates...) }
	return []linkedInTable{
		{"Positions", "work", "", with(move{"name", "Company Name"}, move{"position", "Title"}, move{"location", "Location"},
			move{"summary", "Description"})},
		{"Education", "education", "", []move{{"institution", "School Name"}, {"studyType", "Degree Name"}, {"area", "Field Of Study"},
			{"startDate", "Start Date"}, {"endDate", "End Date"}, {"score", "Grade"}, {"description", "Notes"}}},
		{"Certifications", "certificates", "", []move{{"name", "Name"}, {"issuer", "Authority"}, {"date", "Started On"},
			{"expires", "Finished On"}, {"url", "Url"}, {"identifier", "License Number"}}},
		{"Projects", "projects", "", with(move{"name", "Title"}, move{"description", "Description"}, move{"url", "Url"})},
		{"Volunteering", "volunteer", "", with(move{"organization", "Company Name"}, move{"position", "Role"}, move{"summary", "Description"})},
		{"Skills", "skills", "", []move{{"name", "Name"}}},
		{"Publications", "publications", "", []move{{"name", "Name"}, {"name", "Title"}, {"publisher", "Publisher"}, {"releaseDate", "Published On"},
			{"url", "Url"}, {"summary", "Description"}, {"authors", "Authors"}}},
		{"Patents", custom, "Patents", []move{{"name", "Title"}, {"summary", "Description"}, {"url", "Url"}, {"date", "Issued On"},
			{"date", "Filed On"}, {"identifier", "Patent Number"}, {"subtitle", "Application Number"}}},
		{"Honors", "awards", "", []move{{"title", "Title"}, {"awarder", "Issuer"}, {"date", "Issued On"}, {"summary", "Description"}}},
		{"Test Scores", custom, "Test Scores", []move{{"name", "Name"}, {"level", "Score"}, {"date", "Test Date"}, {"date", "Date"}, {"summary", "Description"}}},
		{"Courses", custom, "Courses", []move{{"name", "Name"}, {"subtitle", "Number"}}},
		{"Organizations", custom, "Organizations", with(move{"name", "Name"}, move{"subtitle", "Position"}, move{"summary", "Description"})},
		{"Languages", "languages", "", []move{{"language", "Name"}, {"fluency", "Proficiency"}}},
		{"Causes You Care About", "interests", "", []move{{"name", "Supported Cause"}}},
		{"Recommendations_Received", "references", "", []move{{"position", "Job Title"}, {"company", "Company"}, {"reference", "Text"}}},
	}
}

func linkedInEntry(s *source, t linkedInTable) *tree.Value {
	out := tree.NewObject()
	if t.name == "references" {
		if status := s.peek("Status"); isScalar(status) && strings.EqualFold(status.Text, "HIDDEN") {
			s.c.note(s.path, note.Dropped, "this recommendation is hidden on LinkedIn and was left out", "")
			return out
		}
		put(out, "name", joinNotEmpty(" ", s.text("First Name"), s.text("Last Name")))
		s.settings("Creation Date", "Status")
	}
	for _, m := range t.moves {
		s.move(out, m.to, m.from)
	}
	switch t.name {
	case "education":
		addText(out, "description", s.text("Activities"))
	case "volunteer":
		if cause := s.text("Cause"); cause != "" {
			out.Set("keywords", tree.NewTexts([]string{cause}))
		}
	}
	s.rest(out)
	return out
}

// linkedInPerson reads the row of the profile.
func linkedInPerson(c *conversion, s *source) {
	put(c.basics, "name", joinNotEmpty(" ", s.text("First Name"), s.text("Last Name")))
	s.move(c.basics, "label", "Headline")
	s.move(c.basics, "summary", "Summary")
	s.move(c.basics, "birthDate", "Birth Date")
	location := tree.NewObject()
	address, postal, area := s.text("Address"), s.text("Zip Code"), s.text("Geo Location")
	if town, _, found := strings.Cut(area, ","); found || town != "" {
		address = strings.TrimSuffix(address, ", "+town) // it would stand twice
	}
	put(location, "address", address)
	if !strings.Contains(address, postal) || address == "" {
		put(location, "postalCode", postal)
	}
	put(location, "city", area)
	if !location.Absent() && c.basics.Get("location").Absent() {
		c.basics.Set("location", location)
	}
	for _, site := range s.bracketed("Websites") {
		linkedInWebsite(c, site)
	}
	for _, user := range s.bracketed("Twitter Handles") {
		addTo(c.basics, "profiles", bioProfile("twitter", user.text))
	}
	for _, user := range s.bracketed("Instant Messengers") {
		addTo(c.basics, "profiles", bioProfile(user.label, user.text))
	}
	s.rest(c.basics)
}

// linkedInWebsite adds a web page of the profile. The first is the person's own.
func linkedInWebsite(c *conversion, site labelled) {
	if c.basics.Get("url").Absent() {
		put(c.basics, "url", site.text)
		return
	}
	out := tree.NewObject()
	if site.label != "OTHER" {
		put(out, "network", properTitle(strings.ToLower(site.label)))
	}
	put(out, "url", site.text)
	addTo(c.basics, "profiles", out)
}

// labelled is an address and its label. The label may be empty.
type labelled struct{ label, text string }

// bracketed splits a cell such as "[PERSONAL:https://a.example,OTHER:https://b.example]".
// The cell is replaced by its addresses, so that package coverage finds each of them in
// the document.
func (s *source) bracketed(name string) []labelled {
	cell := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(s.text(name)), "["), "]")
	if cell == "" {
		return nil
	}
	var values []labelled
	var texts []string
	for value := range strings.SplitSeq(cell, ",") {
		label, text, found := strings.Cut(strings.TrimSpace(value), ":")
		if !found || strings.HasPrefix(text, "//") {
			label, text = "", strings.TrimSpace(value)
		}
		if text != "" {
			values, texts = append(values, labelled{label, text}), append(texts, text)
		}
	}
	s.divide(name, texts...)
	return values
}

// linkedInAddresses reads the primary e-mail address and the first telephone number. Of
// the others it leaves a note: LinkedIn keeps addresses that the person no longer uses.
func linkedInAddresses(c *conversion, root *source) {
	var chosen *source
	emails := root.list("Email Addresses")
	for _, e := range emails {
		s := c.entry(e, "Name")
		if primary := s.peek("Primary"); chosen == nil || isScalar(primary) && strings.EqualFold(primary.Text, "Yes") {
			chosen = s
		}
	}
	for _, e := range emails {
		s := c.entry(e, "Name")
		if chosen != nil && e.path == chosen.path {
			put(c.basics, "email", s.text("Email Address"))
			s.settings("Confirmed", "Primary", "Updated On")
			s.rest(c.basics)
			continue
		}
		c.note(e.path, note.Dropped, "this is not the primary e-mail address and was left out", "")
	}
	for i, e := range root.list("PhoneNumbers") {
		if i > 0 {
			c.note(e.path, note.Dropped, "only the first telephone number was taken", "")
			continue
		}
		s := c.entry(e, "Name")
		put(c.basics, "phone", joinNotEmpty(" ", s.text("Extension"), s.text("Number")))
		s.settings("Type")
		s.rest(c.basics)
	}
}
