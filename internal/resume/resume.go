// Package resume defines the domain type of a resume: the person, the sections in order,
// and the job posting it may be tailored to. It also converts resumes to and from JSON
// Resume (https://jsonresume.org/schema) and reads the rich text of the web editor.
//
// It is independent of database tables, page layout and PDF.
package resume

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/letrazapp/letraz-export/internal/note"
)

// Resume is a complete resume for rendering: the person with the overrides of the resume
// applied, and every section with its entries in order.
type Resume struct {
	ID        string    // given by the database, or "rsm_…" if imported by this program
	UserID    string    // the owner
	Title     string    // the owner's name for the document; not printed on it
	Base      bool      // the owner's primary resume; at most one per user
	Language  string    // BCP 47 tag; if empty, package document detects the language
	UpdatedAt time.Time // last change of the document, by the database's clock

	Person   Person
	Sections []Section
	Job      *Job // the posting this resume is tailored to, or nil

	// Notes are the remarks of the reading of the source document: what was repaired,
	// guessed or left out. They are kept with the resume.
	Notes []note.Note

	// Details holds root members of JSON Resume without a field: "$schema", and
	// "meta" with the members that are not read (including those of letraz).
	Details Details
}

// Details are JSON members without a field: unknown members of a JSON Resume document,
// and the text of the source document where a field holds less (the day of a date, the
// case of a skill level). Such a text is used only while it agrees with its field.
type Details map[string]json.RawMessage

// Person is the subject of the resume: the user's row, overridden by the resume's
// personal_info.
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

// FullName returns first and last name, without title.
func (p Person) FullName() string {
	switch {
	case p.FirstName == "":
		return p.LastName
	case p.LastName == "":
		return p.FirstName
	}
	return p.FirstName + " " + p.LastName
}

// SectionType is the type of the entries of a section.
type SectionType string

// The section types, as in the enum resume_section.type.
const (
	SectionExperience SectionType = "experience"
	SectionEducation  SectionType = "education"
	SectionProject    SectionType = "project"
	SectionSkill      SectionType = "skill"
	SectionStrength   SectionType = "strength"
	SectionOther      SectionType = "other"
)

// Section is one part of the document. Only the field that Type names is
// filled. Title is a heading chosen by the owner; empty means the standard one
// in the resume's language.
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
	// City and Country are shown as they are written. City may hold a whole place, such as
	// "San Francisco, CA", since JSON Resume has one text for both. Country is not a code for
	// certain: rows that were imported by earlier versions have states in it.
	City        string
	Country     string
	Duration    Duration
	Description RichText
	Details     Details // url, description (of the company), …
}

// URL returns the employer's website, or "".
func (e Experience) URL() string { return e.Details.String("url") }

// EmploymentType is how a position was held.
type EmploymentType string

// The employment types, as in the enum employment_type.
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

// EmploymentTypes returns all employment types.
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

// Score returns the grade as the school writes it, or "".
func (e Education) Score() string { return e.Details.String("score") }

// Courses returns the courses to be listed.
func (e Education) Courses() []string { return e.Details.Strings("courses") }

// URL returns the school's website, or "".
func (e Education) URL() string { return e.Details.String("url") }

// Project is one project.
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

// Entity returns the organisation the project was for, or "".
func (p Project) Entity() string { return p.Details.String("entity") }

// Skill is one skill. Skills of one Category are shown together.
type Skill struct {
	Name        string
	Category    string
	Categorised bool // false: Category is not stated (NULL), as opposed to empty
	Proficiency Proficiency
	// Details: level, the text of the source document for the proficiency; item, the
	// number of the JSON Resume entry that this was a keyword of.
	Details Details
}

// Proficiency is the level of a skill.
type Proficiency string

// The proficiencies, as in the enum proficiency, lowest first.
const (
	Beginner     Proficiency = "beginner"
	Intermediate Proficiency = "intermediate"
	Advanced     Proficiency = "advanced"
	Expert       Proficiency = "expert"
)

// Proficiencies returns all proficiencies, lowest first.
func Proficiencies() []Proficiency {
	return []Proficiency{Beginner, Intermediate, Advanced, Expert}
}

// Level returns the text of the source document for the proficiency if it agrees with
// Proficiency, otherwise the text for Proficiency. It is "" if there is none.
func (s Skill) Level() string {
	word := s.Details.String("level")
	if proficiencyOf(word) == s.Proficiency {
		return word
	}
	return string(s.Proficiency)
}

// Strength is a personal quality with its evidence.
type Strength struct {
	Name        string
	Description RichText
	Details     Details
}

// Other is a section without a specific type. Kind is a JSON Resume
// section name (volunteer, awards, certificates, publications, languages,
// interests, references) or "custom".
type Other struct {
	Kind  string
	Items []Item
}

// Item is one entry of an Other section. Raw is the entry in JSON; the other fields are
// read from it for display (see NewItem).
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

// Duration is a period of time. Months may be missing. Current means that it has not
// ended.
type Duration struct {
	Start   Date
	End     Date
	Current bool
}

// IsZero reports whether nothing is known about the duration.
func (d Duration) IsZero() bool { return d == Duration{} }

// Date is a calendar date whose month and day may be unknown (0).
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

// Salary is the salary range of a posting in whole units of Currency (ISO 4217). 0 means
// not stated.
type Salary struct {
	Currency string
	Min      int64
	Max      int64
}

// String returns the member name, a text or a number as it is written, or "" if it is
// absent or of another type.
func (d Details) String(name string) string {
	raw, ok := d[name]
	if !ok {
		return ""
	}
	text, _ := textOf(raw)
	return text
}

// Strings returns the member name, a list of texts and numbers, or one of these. It is nil
// if the member is absent or of another type.
func (d Details) Strings(name string) []string {
	raw, ok := d[name]
	if !ok {
		return nil
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		items = []json.RawMessage{raw}
	}
	var texts []string
	for _, item := range items {
		if text, ok := textOf(item); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// textOf returns a JSON text or number as text.
func textOf(raw json.RawMessage) (text string, ok bool) {
	if raw = bytes.TrimSpace(raw); len(raw) > 0 && (raw[0] == '-' || '0' <= raw[0] && raw[0] <= '9') {
		return string(raw), true
	}
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
		return "", false
	}
	return text, true
}
