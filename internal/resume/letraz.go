package resume

import (
	"math"
	"slices"
	"strconv"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// The member meta.letraz holds the data of a Letraz resume that JSON Resume has no member
// for:
//
//	person      {title, nationality}
//	job         the posting the resume is tailored to: {title, company_name,
//	            location, employment_type, salary {currency, min, max},
//	            description, requirements [], responsibilities [], benefits [],
//	            job_url}
//	strengths   [{name, description, highlights []}]
//	custom      sections without a JSON Resume name: [{title, items []}]
//	sections    the titles of sections, and the positions of strengths and
//	            custom sections: [{type, title}], where type is a root member,
//	            "strengths" or "custom"; a custom section's title is in custom

// maxSections bounds the custom sections and the entries of sections.
const maxSections = 200

// decodeMeta reads the root member meta into r. Members it does not read are kept in the
// details of root.
func decodeMeta(r *Resume, f, root *fields) {
	r.Language = f.extensionText("language")
	left := decodeLetraz(r, f.object("letraz"))
	rest := f.remaining()
	if !left.Absent() {
		rest.Set("letraz", left)
	}
	if !rest.Absent() && root.peek("meta") == nil {
		root.keep("meta", rest)
	}
}

// decodeLetraz reads meta.letraz into r, which has the sections of the root members
// already. It returns the members it did not read.
func decodeLetraz(r *Resume, f *fields) *tree.Value {
	person := f.object("person")
	r.Person.Title, r.Person.Nationality = person.text("title"), person.text("nationality")

	var jobLeft *tree.Value
	if posting, left := decodeJob(f.object("job")); !posting.empty() || !left.Absent() {
		r.Job, jobLeft = &posting, left
	}
	var extras []Section
	if strengths := decodeStrengths(f); len(strengths) > 0 {
		extras = append(extras, Section{Type: SectionStrength, Strengths: strengths})
	}
	custom, customLeft := decodeCustom(f)
	extras = append(extras, custom...)
	plan, written := decodePlan(f)

	r.Sections = placeSections(r.Sections, extras, plan)
	// The plan is generated from the sections when the document is written. It is kept
	// only if it is equivalent but written differently.
	var planLeft *tree.Value
	if !written.Absent() && !written.Equal(planValue(planOf(slotsOf(r.Sections)))) {
		planLeft = written
	}

	left := f.remaining()
	for _, m := range []tree.Member{
		{Name: "person", Value: person.remaining()}, {Name: "job", Value: jobLeft}, {Name: "custom", Value: customLeft}, {Name: "sections", Value: planLeft},
	} {
		if !m.Value.Absent() {
			left.Set(m.Name, m.Value)
		}
	}
	return left
}

// decodeJob reads a job posting and returns the members it did not read.
func decodeJob(f *fields) (Job, *tree.Value) {
	word := f.text("employment_type")
	salary := f.object("salary")
	job := Job{
		Title:            f.text("title"),
		CompanyName:      f.text("company_name"),
		Location:         f.text("location"),
		EmploymentType:   employmentTypeOf(word),
		Description:      f.text("description"),
		Requirements:     f.texts("requirements"),
		Responsibilities: f.texts("responsibilities"),
		Benefits:         f.texts("benefits"),
		JobURL:           f.text("job_url"),
		Salary:           Salary{Currency: salary.text("currency"), Min: salary.amount("min"), Max: salary.amount("max")},
	}
	if s := job.Salary; s.Max != 0 && s.Max < s.Min {
		f.reading.notes.Add(f.at("salary"), note.AsWritten, "max is less than min", "correct one of them")
	}
	left := f.remaining()
	if word != string(job.EmploymentType) {
		left.Set("employment_type", tree.NewText(word))
	}
	if rest := salary.remaining(); !rest.Absent() {
		left.Set("salary", rest)
	}
	return job, left
}

// empty reports whether all fields of the posting are empty.
func (j Job) empty() bool {
	lists := len(j.Requirements) + len(j.Responsibilities) + len(j.Benefits)
	texts := j.Title + j.CompanyName + j.Location + string(j.EmploymentType) + j.Description + j.JobURL
	return lists == 0 && texts == "" && j.Salary == Salary{}
}

// amount takes a non-negative integer. It does not take a 0, which the domain uses for an
// amount that is not stated.
func (f *fields) amount(name string) int64 {
	v := f.peek(name)
	if v == nil {
		return 0
	}
	const whole = "a whole number"
	if v.Kind != tree.Number {
		f.reading.wrongType(f.at(name), v, whole)
		return 0
	}
	n, err := strconv.ParseInt(v.Text, 10, 64)
	if err != nil {
		// 5e4 and 50000.0 are integers too.
		x, err := strconv.ParseFloat(v.Text, 64)
		if err != nil || x != math.Trunc(x) || math.Abs(x) >= 1<<53 {
			f.reading.wrongType(f.at(name), v, whole)
			return 0
		}
		n = int64(x)
	}
	if n < 0 {
		f.reading.wrongType(f.at(name), v, "a number of at least 0")
		return 0
	}
	if n != 0 {
		f.take(name)
	}
	return n
}

func decodeStrengths(f *fields) []Strength {
	var strengths []Strength
	for _, e := range f.objects("strengths") {
		s := objectFields(e.value, e.path, f.reading)
		strengths = append(strengths, Strength{
			Name:        s.text("name"),
			Description: s.description("description", "highlights"),
			Details:     s.rest(),
		})
	}
	return strengths
}

// decodeCustom reads the custom sections. The members it does not read are returned as a
// list with one object per section, or nil if there are none.
func decodeCustom(f *fields) (sections []Section, left *tree.Value) {
	left = &tree.Value{Kind: tree.List}
	anything := false
	for _, e := range f.objects("custom") {
		if len(sections) == maxSections {
			f.reading.exceeded(f.at("custom"), maxSections, "sections")
			break
		}
		c := objectFields(e.value, e.path, f.reading)
		s := Section{Type: SectionOther, Title: c.text("title"), Other: Other{Kind: kindCustom}}
		for _, item := range c.objects("items") {
			s.Other.Items = append(s.Other.Items, decodeItem(kindCustom, objectFields(item.value, item.path, f.reading)))
		}
		sections = append(sections, s)
		rest := c.remaining()
		anything = anything || !rest.Absent()
		left.Items = append(left.Items, rest)
	}
	if !anything {
		return sections, nil
	}
	// The title is kept to match the object with its section when it is written.
	for i, s := range sections {
		left.Items[i].Set("title", tree.NewText(s.Title))
	}
	return sections, left
}

// decodePlan reads meta.letraz.sections. It returns the plan and the JSON value.
func decodePlan(f *fields) (plan []heading, written *tree.Value) {
	written = f.peek("sections")
	for i, e := range f.objects("sections") {
		if i == maxSections {
			f.reading.exceeded(f.at("sections"), maxSections, "entries")
			break
		}
		h := objectFields(e.value, e.path, f.reading)
		plan = append(plan, heading{name: h.text("type"), title: h.text("title")})
	}
	if f.peek("sections") != nil {
		written = nil // no plan, and still in f
	}
	return plan, written
}

// placeSections returns the sections of a document in order.
func placeSections(base, extras []Section, plan []heading) []Section {
	all := slices.Concat(base, extras)
	slots := slotsOf(all)
	var placed []Section
	for _, s := range arrange(slots[:len(base)], slots[len(base):], plan) {
		section := all[s.index]
		section.Title = s.title
		placed = append(placed, section)
	}
	return placed
}

func slotsOf(sections []Section) []slot {
	var slots []slot
	for i, s := range sections {
		slots = append(slots, slot{heading: heading{name: s.memberName(), title: s.Title}, index: i})
	}
	return slots
}

// memberName returns the type of the section in a plan: a root member, "strengths" or
// "custom".
func (s Section) memberName() string {
	switch s.Type {
	case SectionExperience:
		return "work"
	case SectionEducation:
		return "education"
	case SectionProject:
		return "projects"
	case SectionSkill:
		return "skills"
	case SectionStrength:
		return nameStrengths
	}
	if len(itemMembers(s.Other.Kind)) > 0 {
		return s.Other.Kind
	}
	return kindCustom
}
