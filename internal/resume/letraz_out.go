package resume

import (
	"strconv"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// encodeMeta returns the root member meta.
func encodeMeta(r Resume, sections []Section, raw *tree.Value) (*tree.Value, error) {
	o := newObject("meta", detailsOf(raw))
	o.text("language", r.Language)
	letraz, err := encodeLetraz(r, sections, o.takeObject("letraz"))
	if err != nil {
		return nil, err
	}
	o.put("letraz", letraz)
	return o.finish()
}

// encodeLetraz returns meta.letraz. left has the members that were not read.
func encodeLetraz(r Resume, sections []Section, left Details) (*tree.Value, error) {
	o := newObject("meta.letraz", left)
	person := newObject("meta.letraz.person", o.takeObject("person"))
	person.text("title", r.Person.Title)
	person.text("nationality", r.Person.Nationality)
	v, err := person.finish()
	if err != nil {
		return nil, err
	}
	o.put("person", v)

	jobLeft := o.takeObject("job")
	if r.Job != nil {
		v, err := encodeJob(*r.Job, jobLeft)
		if err != nil {
			return nil, err
		}
		o.put("job", v)
	}
	customLeft := o.takeObjects("custom")
	strengths, custom := &tree.Value{Kind: tree.List}, &tree.Value{Kind: tree.List}
	for _, s := range sections {
		switch s.memberName() {
		case nameStrengths:
			if strengths.Items, err = encodeStrengths(s.Strengths); err != nil {
				return nil, err
			}
		case kindCustom:
			v, err := encodeCustom(s, len(custom.Items), customLeft)
			if err != nil {
				return nil, err
			}
			custom.Items = append(custom.Items, v)
		}
	}
	o.put("strengths", strengths)
	o.put("sections", encodePlan(sections, o.takeObjects("sections")))
	o.put("custom", custom)
	return o.finish()
}

// encodePlan returns the order and titles of the sections: the plan of the source
// document if it is still correct, otherwise a new one if one is needed.
func encodePlan(sections []Section, written *tree.Value) *tree.Value {
	slots := slotsOf(sections)
	plan, _ := decodePlan(&fields{members: []tree.Member{{Name: "sections", Value: orNull(written)}}, reading: &reading{}})
	if len(plan) > 0 && follows(slots, plan) {
		return written
	}
	return planValue(planOf(slots))
}

func orNull(v *tree.Value) *tree.Value {
	if v == nil {
		return &tree.Value{Kind: tree.Null}
	}
	return v
}

func encodeJob(job Job, left Details) (*tree.Value, error) {
	o := newObject("meta.letraz.job", left)
	salary := newObject("meta.letraz.job.salary", o.takeObject("salary"))
	salary.text("currency", job.Salary.Currency)
	salary.amount("min", job.Salary.Min)
	salary.amount("max", job.Salary.Max)
	v, err := salary.finish()
	if err != nil {
		return nil, err
	}
	o.text("title", job.Title)
	o.text("company_name", job.CompanyName)
	o.text("location", job.Location)
	o.employmentType("employment_type", job.EmploymentType)
	o.put("salary", v)
	o.text("description", job.Description)
	o.texts("requirements", job.Requirements)
	o.texts("responsibilities", job.Responsibilities)
	o.texts("benefits", job.Benefits)
	o.text("job_url", job.JobURL)
	return o.finish()
}

// amount writes a number. It omits a 0, unless the source document has it.
func (o *object) amount(name string, n int64) {
	if n == 0 {
		o.detail(name)
		return
	}
	o.put(name, tree.NewInt(n))
}

func encodeStrengths(strengths []Strength) ([]*tree.Value, error) {
	var list []*tree.Value
	for i, s := range strengths {
		o := newObject("strength "+strconv.Itoa(i), s.Details)
		o.text("name", s.Name)
		o.description(s.Description, "description", "highlights")
		v, err := o.finish()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// encodeCustom returns the i-th custom section. The members in left that were not read of
// the i-th section are added if it still has the same title.
func encodeCustom(s Section, i int, left *tree.Value) (*tree.Value, error) {
	var details Details
	if left != nil && i < len(left.Items) {
		if d := detailsOf(left.Items[i]); d.String("title") == s.Title {
			details = d
		}
	}
	o := newObject("meta.letraz.custom", details)
	o.text("title", s.Title)
	items, err := encodeItems(s.Other)
	if err != nil {
		return nil, err
	}
	o.put("items", &tree.Value{Kind: tree.List, Items: items})
	return o.finish()
}
