package postgres

import (
	"encoding/json"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// personalInfo is resumes.personal_info: a missing member inherits the value of the
// user's row, an empty one hides it for this resume.
type personalInfo struct {
	Title       *string         `json:"title,omitempty"`
	FirstName   *string         `json:"first_name,omitempty"`
	LastName    *string         `json:"last_name,omitempty"`
	Headline    *string         `json:"headline,omitempty"`
	Email       *string         `json:"email,omitempty"`
	Phone       *string         `json:"phone,omitempty"`
	Nationality *string         `json:"nationality,omitempty"`
	Address     *string         `json:"address,omitempty"`
	City        *string         `json:"city,omitempty"`
	Region      *string         `json:"region,omitempty"`
	Postal      *string         `json:"postal,omitempty"`
	Country     *string         `json:"country,omitempty"`
	Website     *string         `json:"website,omitempty"`
	ProfileText *string         `json:"profile_text,omitempty"`
	Image       *string         `json:"image,omitempty"`
	Profiles    []profile       `json:"profiles,omitempty"`
	Details     json.RawMessage `json:"details,omitempty"`
}

// profile is one entry of personal_info's profiles.
type profile struct {
	Network  string          `json:"network,omitempty"`
	Username string          `json:"username,omitempty"`
	URL      string          `json:"url,omitempty"`
	Details  json.RawMessage `json:"details,omitempty"`
}

// over applies the overrides to the person of the user's row.
func (pi personalInfo) over(p resume.Person) (resume.Person, error) {
	for _, o := range pi.pairs(&p) {
		if *o.override != nil {
			*o.field = **o.override
		}
	}
	if pi.ProfileText != nil {
		p.ProfileText = resume.RichText(*pi.ProfileText)
	}
	for i, pr := range pi.Profiles {
		d, err := toDetails(pr.Details)
		if err != nil {
			return p, fmt.Errorf("personal_info.profiles[%d].details: %w", i, err)
		}
		p.Profiles = append(p.Profiles, resume.Profile{Network: pr.Network, Username: pr.Username, URL: pr.URL, Details: d})
	}
	d, err := toDetails(pi.Details)
	if err != nil {
		return p, fmt.Errorf("personal_info.details: %w", err)
	}
	p.Details = d
	return p, nil
}

// overridesOf returns the overrides that turn the person of the user's row into want.
func overridesOf(user, want resume.Person) (json.RawMessage, error) {
	var pi personalInfo
	mine := pi.pairs(&user)
	for i, o := range pi.pairs(&want) {
		if *o.field != *mine[i].field {
			*o.override = o.field
		}
	}
	if want.ProfileText != user.ProfileText {
		text := string(want.ProfileText)
		pi.ProfileText = &text
	}
	for _, pr := range want.Profiles {
		d, err := fromDetails(pr.Details)
		if err != nil {
			return nil, err
		}
		pi.Profiles = append(pi.Profiles, profile{Network: pr.Network, Username: pr.Username, URL: pr.URL, Details: d})
	}
	if len(want.Details) > 0 {
		d, err := fromDetails(want.Details)
		if err != nil {
			return nil, err
		}
		pi.Details = d
	}
	raw, err := json.Marshal(pi)
	if err != nil {
		return nil, fmt.Errorf("writing personal_info: %w", err)
	}
	return raw, nil
}

// override connects a member of personal_info with the field of Person it overrides.
type override struct {
	override **string
	field    *string
}

// pairs lists the members that are plain texts, always in the same order.
func (pi *personalInfo) pairs(p *resume.Person) []override {
	return []override{
		{&pi.Title, &p.Title},
		{&pi.FirstName, &p.FirstName},
		{&pi.LastName, &p.LastName},
		{&pi.Headline, &p.Headline},
		{&pi.Email, &p.Email},
		{&pi.Phone, &p.Phone},
		{&pi.Nationality, &p.Nationality},
		{&pi.Address, &p.Address},
		{&pi.City, &p.City},
		{&pi.Region, &p.Region},
		{&pi.Postal, &p.Postal},
		{&pi.Country, &p.Country},
		{&pi.Website, &p.Website},
		{&pi.Image, &p.Image},
	}
}
