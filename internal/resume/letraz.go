package resume

import (
	"math"
	"slices"
	"strconv"
)

// The member meta.letraz holds what a Letraz resume has beyond JSON Resume:
//
//	person      {title, nationality}
//	job         the posting the resume is tailored to: {title, company_name,
//	            location, employment_type, salary {currency, min, max},
//	            description, requirements [], responsibilities [], benefits [],
//	            job_url}
//	strengths   [{name, description, highlights []}]
//	custom      sections without a JSON Resume name: [{title, items []}]
//	sections    the titles of sections, and among which strengths and custom
//	            ones stand: [{type, title}], where type is a root member,
//	            "strengths" or "custom"; a custom section's title is in custom

// maxSections bounds the custom sections and the entries of sections.
const maxSections = 200

// decodeMeta reads the root member meta into r; what it does not read is kept
// by root.
func decodeMeta(r *Resume, f, root *fields) {
	r.Language = f.extensionText("language")
	left := decodeLetraz(r, objectFields(f.take("letraz"), f.at("letraz"), f.problems))
	rest := f.remaining()
	if !left.absent() {
		rest.set("letraz", left)
	}
	if !rest.absent() {
		root.keep("meta", rest)
	}
}

// decodeLetraz reads meta.letraz into r, whose sections are those of the root
// members, and returns what it did not read.
func decodeLetraz(r *Resume, f *fields) *value {
	person := objectFields(f.take("person"), f.at("person"), f.problems)
	r.Person.Title, r.Person.Nationality = person.text("title"), person.text("nationality")

	job := f.take("job")
	var jobLeft *value
	if posting, left := decodeJob(objectFields(job, f.at("job"), f.problems)); !posting.empty() || !left.absent() {
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
	// The plan is written anew from the sections; one that says the same in
	// other words is kept as it is.
	var planLeft *value
	if !written.absent() && !written.equal(planValue(planOf(slotsOf(r.Sections)))) {
		planLeft = written
	}

	left := f.remaining()
	for _, m := range []member{{"person", person.remaining()}, {"job", jobLeft}, {"custom", customLeft}, {"sections", planLeft}} {
		if !m.value.absent() {
			left.set(m.name, m.value)
		}
	}
	return left
}

// decodeJob reads a posting and returns what it did not read.
func decodeJob(f *fields) (Job, *value) {
	word := f.text("employment_type")
	salary := objectFields(f.take("salary"), f.at("salary"), f.problems)
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
		f.problems.addf(f.at("salary"), "max is less than min")
	}
	left := f.remaining()
	if word != string(job.EmploymentType) {
		left.set("employment_type", textValue(word))
	}
	if rest := salary.remaining(); !rest.absent() {
		left.set("salary", rest)
	}
	return job, left
}

// empty reports whether the posting says nothing.
func (j Job) empty() bool {
	lists := len(j.Requirements) + len(j.Responsibilities) + len(j.Benefits)
	texts := j.Title + j.CompanyName + j.Location + string(j.EmploymentType) + j.Description + j.JobURL
	return lists == 0 && texts == "" && j.Salary == Salary{}
}

// amount takes a whole number from 0 on. A 0 is left as a member: in the
// domain it means that nothing is stated.
func (f *fields) amount(name string) int64 {
	v := f.peek(name)
	if v == nil {
		return 0
	}
	if v.kind != kindNumber {
		f.problems.addf(f.at(name), "%s where a number is expected", v.kind)
		return 0
	}
	n, err := strconv.ParseInt(v.text, 10, 64)
	if err != nil {
		// 5e4 and 50000.0 are whole numbers, too.
		x, err := strconv.ParseFloat(v.text, 64)
		if err != nil || x != math.Trunc(x) || math.Abs(x) >= 1<<53 {
			f.problems.addf(f.at(name), "%s is not a whole number", quoted(v.text))
			return 0
		}
		n = int64(x)
	}
	if n < 0 {
		f.problems.addf(f.at(name), "%s is less than 0", quoted(v.text))
	}
	if n != 0 {
		f.take(name)
	}
	return n
}

func decodeStrengths(f *fields) []Strength {
	var strengths []Strength
	for _, e := range f.list("strengths") {
		s := objectFields(e.value, e.path, f.problems)
		strengths = append(strengths, Strength{
			Name:        s.text("name"),
			Description: RichTextFromPlain(s.text("description"), s.texts("highlights")),
			Details:     s.rest(),
		})
	}
	return strengths
}

// decodeCustom reads the custom sections. What it does not read of them is
// returned as a list as long as theirs, where there is anything.
func decodeCustom(f *fields) (sections []Section, left *value) {
	left = &value{kind: kindList}
	anything := false
	for _, e := range f.list("custom") {
		if len(sections) == maxSections {
			f.problems.addf(f.at("custom"), "more than %d sections", maxSections)
			break
		}
		c := objectFields(e.value, e.path, f.problems)
		s := Section{Type: SectionOther, Title: c.text("title"), Other: Other{Kind: kindCustom}}
		for _, item := range c.list("items") {
			s.Other.Items = append(s.Other.Items, decodeItem(kindCustom, objectFields(item.value, item.path, f.problems)))
		}
		sections = append(sections, s)
		rest := c.remaining()
		anything = anything || !rest.absent()
		left.items = append(left.items, rest)
	}
	if !anything {
		return sections, nil
	}
	// The title tells later whether the list still is about these sections.
	for i, s := range sections {
		left.items[i].set("title", textValue(s.Title))
	}
	return sections, left
}

// decodePlan reads meta.letraz.sections, and returns it also as it is written.
func decodePlan(f *fields) (plan []heading, written *value) {
	written = f.peek("sections")
	for i, e := range f.list("sections") {
		if i == maxSections {
			f.problems.addf(f.at("sections"), "more than %d entries", maxSections)
			break
		}
		h := objectFields(e.value, e.path, f.problems)
		plan = append(plan, heading{name: h.text("type"), title: h.text("title")})
	}
	return plan, written
}

// placeSections puts the sections of a document in their order.
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

// memberName is the name of the section in a document: a root member,
// "strengths" or "custom".
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
