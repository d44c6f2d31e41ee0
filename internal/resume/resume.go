// Package resume is the domain of a resume document: who it is about, its
// sections in order, and the job posting it may be tailored to. It also maps
// the document to and from JSON Resume (https://jsonresume.org/schema) and
// knows the rich text that the web editor stores.
//
// It holds no knowledge of tables, HTML or PDF, and imports the standard
// library only.
package resume

import (
	"encoding/json"
	"time"
)

// Resume is one whole document, as a renderer needs it: the person with the
// resume's own overrides applied and every section with its rows in order.
type Resume struct {
	ID        string    // comes from outside, or "rsm_…" when imported here
	UserID    string    // the owner
	Title     string    // the owner's name for the document; not printed on it
	Base      bool      // the owner's primary resume; at most one per user
	Language  string    // BCP 47 tag; empty when not stated, in which case package document detects it
	UpdatedAt time.Time // last change of the document, by the database's clock

	Person   Person
	Sections []Section
	Job      *Job // the posting this resume is tailored to, or nil

	// Details holds document-level JSON Resume data that has no column of its
	// own: "$schema", and as "meta" what of that object is not read (its letraz
	// member included).
	Details Details
}

// Details are JSON members that have no column: what a JSON Resume document
// says beyond the tables, and the source's own spelling where a column holds
// less (a day in a date, the case of a skill level). A spelling is used only
// while it still agrees with its column.
type Details map[string]json.RawMessage

// Person is who the resume is about: the user's row with the resume's
// personal_info applied over it.
type Person struct {
	Title       string // "Dr."
	FirstName   string
	LastName    string
	Headline    string // JSON Resume's basics.label
	Email       string
	Phone       string
	Nationality string
	Address     string // street; may hold several lines
	City        string
	Region      string
	Postal      string
	Country     string // ISO 3166 code, or a name
	Website     string
	ProfileText RichText // the summary at the top
	Image       string   // a data: URI; anything else is never fetched
	Profiles    []Profile
	Details     Details
}

// Profile is an account on a network.
type Profile struct {
	Network  string
	Username string
	URL      string
	Details  Details
}

// FullName is the name as it stands at the top of the page, without title.
func (p Person) FullName() string {
	switch {
	case p.FirstName == "":
		return p.LastName
	case p.LastName == "":
		return p.FirstName
	}
	return p.FirstName + " " + p.LastName
}

// SectionType says which rows a section holds.
type SectionType string

// The section types, as the resume_section.type enum has them.
const (
	SectionExperience SectionType = "experience"
	SectionEducation  SectionType = "education"
	SectionProject    SectionType = "project"
	SectionSkill      SectionType = "skill"
	SectionStrength   SectionType = "strength"
	SectionOther      SectionType = "other"
)

// Section is one part of the document. Only the field that Type names is
// filled. Title is the owner's own heading; empty means the standard one in
// the resume's language.
type Section struct {
	Type  SectionType
	Title string

	Experience []Experience
	Education  []Education
	Projects   []Project
	Skills     []Skill
	Strengths  []Strength
	Other      Other
}

// Empty reports whether the section has nothing to show.
func (s Section) Empty() bool {
	return len(s.Experience)+len(s.Education)+len(s.Projects)+len(s.Skills)+len(s.Strengths)+len(s.Other.Items) == 0
}

// Experience is one position held.
type Experience struct {
	CompanyName    string
	JobTitle       string
	EmploymentType EmploymentType // empty when not stated
	City           string
	Country        string
	Duration       Duration
	Description    RichText
	Details        Details // url, description (of the company), …
}

// URL is the employer's address, or empty.
func (e Experience) URL() string { return e.Details.String("url") }

// EmploymentType is how a position was held.
type EmploymentType string

// The employment types, as the employment_type enum has them.
const (
	FullTime     EmploymentType = "full_time"
	PartTime     EmploymentType = "part_time"
	Contract     EmploymentType = "contract"
	Internship   EmploymentType = "internship"
	Freelance    EmploymentType = "freelance"
	SelfEmployed EmploymentType = "self_employed"
	Volunteer    EmploymentType = "volunteer"
	Trainee      EmploymentType = "trainee"
)

// EmploymentTypes lists every employment type.
func EmploymentTypes() []EmploymentType {
	return []EmploymentType{FullTime, PartTime, Contract, Internship, Freelance, SelfEmployed, Volunteer, Trainee}
}

// Education is one course of study.
type Education struct {
	InstitutionName string
	Degree          string
	FieldOfStudy    string
	Country         string
	Duration        Duration
	Description     RichText
	Details         Details // url, score, courses, …
}

// Score is the grade reached, in the school's own words, or empty.
func (e Education) Score() string { return e.Details.String("score") }

// Courses are the courses worth naming.
func (e Education) Courses() []string { return e.Details.Strings("courses") }

// URL is the school's address, or empty.
func (e Education) URL() string { return e.Details.String("url") }

// Project is one piece of work to show.
type Project struct {
	Name        string
	Category    string
	Role        string
	Description RichText
	Duration    Duration
	GithubURL   string
	LiveURL     string
	SkillsUsed  []string
	Details     Details // entity, roles, …
}

// Entity is the organisation the project was for, or empty.
func (p Project) Entity() string { return p.Details.String("entity") }

// Skill is one thing the person can do. Skills of one Category stand together.
type Skill struct {
	Name        string
	Category    string
	Categorised bool // false: Category is not stated (NULL), as opposed to empty
	Proficiency Proficiency
	// Details: level, the source's own word for the proficiency; item, the
	// number of the JSON Resume entry this was a keyword of.
	Details Details
}

// Proficiency is how well a skill is mastered.
type Proficiency string

// The proficiencies, as the proficiency enum has them, lowest first.
const (
	Beginner     Proficiency = "beginner"
	Intermediate Proficiency = "intermediate"
	Advanced     Proficiency = "advanced"
	Expert       Proficiency = "expert"
)

// Proficiencies lists every proficiency, lowest first.
func Proficiencies() []Proficiency {
	return []Proficiency{Beginner, Intermediate, Advanced, Expert}
}

// Level is the proficiency in the source's own word where that still agrees
// with the column, else the column's; empty when neither says anything.
func (s Skill) Level() string {
	word := s.Details.String("level")
	if proficiencyOf(word) == s.Proficiency {
		return word
	}
	return string(s.Proficiency)
}

// Strength is a personal quality with what shows it.
type Strength struct {
	Name        string
	Description RichText
	Details     Details
}

// Other is a section that has no table of its own. Kind is a JSON Resume
// section name (volunteer, awards, certificates, publications, languages,
// interests, references) or "custom".
type Other struct {
	Kind  string
	Items []Item
}

// Item is one entry of such a section: Raw is the entry as it came, the other
// fields are read from it (see NewItem) for showing.
type Item struct {
	Name     string // award, certificate, publication, language, organisation, …
	Subtitle string // awarder, issuer, publisher, position held
	Level    string // fluency of a language
	URL      string
	Date     Date     // the one date of an award, certificate, publication
	Duration Duration // the period of a volunteering or custom entry
	Summary  RichText
	Keywords []string
	Raw      Details
}

// Duration is when something was: months may be missing, Current means it has
// not ended.
type Duration struct {
	Start   Date
	End     Date
	Current bool
}

// IsZero reports whether nothing is known about the duration.
func (d Duration) IsZero() bool { return d == Duration{} }

// Date is a calendar date of which the smaller parts may be unknown (0).
type Date struct {
	Year  int // 0: no date at all
	Month int // 1–12, or 0
	Day   int // 1–31, or 0
}

// IsZero reports whether no date is known.
func (d Date) IsZero() bool { return d == Date{} }

// Job is a job posting.
type Job struct {
	ID               string
	Title            string
	CompanyName      string
	Location         string
	EmploymentType   EmploymentType
	Salary           Salary
	Description      string
	Requirements     []string
	Responsibilities []string
	Benefits         []string
	JobURL           string
}

// Salary is a posting's range, in whole units of Currency (ISO 4217); 0 means
// not stated.
type Salary struct {
	Currency string
	Min      int64
	Max      int64
}

// String returns the text member name, or "" when it is absent or no text.
func (d Details) String(name string) string {
	var s string
	if raw, ok := d[name]; ok {
		if json.Unmarshal(raw, &s) != nil {
			return ""
		}
	}
	return s
}

// Strings returns the list-of-texts member name, or nil when it is absent or
// of another shape.
func (d Details) Strings(name string) []string {
	var s []string
	if raw, ok := d[name]; ok {
		if json.Unmarshal(raw, &s) != nil {
			return nil
		}
	}
	return s
}
