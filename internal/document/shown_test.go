package document_test

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/documenttest"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// shown returns the texts of the document of a JSON Resume, in order, divided by " | ".
func shown(t *testing.T, source string) string {
	t.Helper()
	r, err := resume.Read([]byte(source), resume.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Language == "" {
		r.Language = "en"
	}
	fields, _ := documenttest.New(t, r).Fields(false)
	var texts []string
	for _, f := range fields {
		texts = append(texts, f.Text)
	}
	return strings.Join(texts, " | ")
}

// person returns a source with the members of basics besides the name.
func person(members string) string {
	return `{"basics": {"name": "Ada Test", ` + members + `}}`
}

func located(members string) string { return person(`"location": {` + members + `}`) }

func inGerman(source string) string {
	return strings.TrimSuffix(source, "}") + `, "meta": {"language": "de"}}`
}

func TestShown_Places(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"code of the person's country", located(`"city": "Boston", "region": "MA", "countryCode": "US"`), "Ada Test | Boston, MA, United States"},
		{"code in lower case", located(`"city": "Lyon", "countryCode": "fr"`), "Ada Test | Lyon, France"},
		{"in the document's language", inGerman(located(`"city": "Lyon", "countryCode": "FR"`)), "Ada Test | Lyon, Frankreich"},
		{"country by name", located(`"city": "Lyon", "countryCode": "France"`), "Ada Test | Lyon, France"},
		{"no country has the code", located(`"city": "Lyon", "countryCode": "ZQ"`), "Ada Test | Lyon, ZQ"},
		{"region that is the country", located(`"city": "Gijón", "region": "Spain", "countryCode": "ES"`), "Ada Test | Gijón, Spain"},
		{"region that is the country in another language", located(`"city": "Gijón", "region": "España", "countryCode": "ES"`), "Ada Test | Gijón, Spain"},
		{"region that is the country's code", located(`"city": "Austin", "region": "USA", "countryCode": "US"`), "Ada Test | Austin, United States"},
		{"region that is the city", located(`"city": "Berlin", "region": "berlin", "countryCode": "DE"`), "Ada Test | Berlin, Germany"},
		{"city that is the country", located(`"city": "Singapore", "postalCode": "123456", "countryCode": "SG"`), "Ada Test | 123456 Singapore"},
		{"city with region", located(`"city": "San Jose, California", "region": "California", "countryCode": "US"`), "Ada Test | San Jose, California, United States"},
		{"city with country", located(`"city": "Berlin, Deutschland", "countryCode": "DE"`), "Ada Test | Berlin, Deutschland"},
		{"address with all of it", located(`"address": "Weg 1, 10115 Berlin", "postalCode": "10115", "city": "Berlin", "countryCode": "DE"`), "Ada Test | Weg 1, 10115 Berlin, Germany"},
		{"street named after the city", located(`"address": "Boston Road 5", "city": "Boston", "countryCode": "US"`), "Ada Test | Boston Road 5, Boston, United States"},
		{"street in another direction", strings.Replace(located(`"address": "12 Field Lane", "postalCode": "11118", "city": "عمّان", "countryCode": "JO"`), `}}}`, `}}, "meta": {"language": "ar"}}`, 1),
			"Ada Test | 12 Field Lane | 11118 عمّان، الأردن"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := shown(t, test.source); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// Only a country that is stated in a field of its own is a country.
func TestShown_PlacesOfPositions(t *testing.T) {
	tests := []struct{ name, language, city, country, want string }{
		{"state of the United States", "en", "Kansas City, MO", "", "Kansas City, MO"},
		{"state with the code of a country", "en", "San Francisco, CA", "", "San Francisco, CA"},
		{"state of Brazil", "pt", "Florianópolis, SC", "", "Florianópolis, SC"},
		{"province of Italy", "it", "Trento, TN", "", "Trento, TN"},
		{"code in a text", "de", "Berlin, DE", "", "Berlin, DE"},
		{"two words", "en", "Remote, EU", "", "Remote, EU"},
		{"code in its field", "de", "Lyon", "FR", "Lyon, Frankreich"},
		{"code in lower case", "en", "Lyon", "fr", "Lyon, fr"},
		{"name in its field", "de", "Lyon", "France", "Lyon, France"},
		{"country only", "en", "", "US", "United States"},
		{"country in both", "de", "Lyon, France", "FR", "Lyon, France"},
		{"city that is the country", "en", "Singapore", "SG", "Singapore"},
		{"city that is its region", "en", "Berlin, Berlin", "DE", "Berlin, Germany"},
		{"comma of another language", "ar", "Amman, Abdali", "JO", "Amman, Abdali، الأردن"},
		{"place that is the employer", "en", "acme", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := resume.Resume{Language: test.language, Sections: []resume.Section{
				{Type: resume.SectionExperience, Experience: []resume.Experience{{JobTitle: "Role", CompanyName: "Acme", City: test.city, Country: test.country}}},
			}}
			var got []string
			for _, p := range documenttest.New(t, r).Sections[0].Entries[0].Parts {
				got = append(got, p.Text)
			}
			if want := document.Join("|", "Acme", test.want); strings.Join(got, "|") != want {
				t.Errorf("got %q, want %s", got, want)
			}
		})
	}
}

func TestShown_Person(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"website that is a profile", person(`"url": "https://www.linkedin.com/in/ada", "profiles": [{"network": "LinkedIn", "username": "ada", "url": "https://linkedin.com/in/Ada/"}]`), "Ada Test | linkedin.com/in/Ada"},
		{"website with another path", person(`"url": "https://example.org/a", "profiles": [{"network": "N", "url": "https://example.org/b"}]`), "Ada Test | example.org/a | N: | example.org/b"},
		{"the same profile twice", person(`"profiles": [{"network": "GitHub", "url": "https://github.com/ada"}, {"network": "GitHub", "url": "http://www.github.com/ada/"}]`), "Ada Test | github.com/ada"},
		{"mail twice", person(`"email": "ada@example.org", "profiles": [{"url": "ada@example.org"}]`), "Ada Test | ada@example.org"},
		{"label that is the name", person(`"label": "ADA TEST"`), "Ada Test"},
		{"date of birth", person(`"birthDate": "1990-01-31"`), "Ada Test | Date of birth: | Jan 31, 1990"},
		{"date of birth in German", inGerman(person(`"birthDate": "1990-01-31"`)), "Ada Test | Geburtsdatum: | 31. Januar 1990"},
		{"date of birth as written", person(`"birthDate": "spring 1990"`), "Ada Test | Date of birth: | spring 1990"},
		{"pronouns", person(`"pronouns": "she/her"`), "Ada Test | she/her"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := shown(t, test.source); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestShown_Honorific(t *testing.T) {
	for _, test := range []struct{ title, first, want string }{
		{"Dr.", "Ada", "Dr. Ada"},
		{"Dr.", "Dr. Ada", "Dr. Ada"},
		{"Dr", "Drake", "Dr Drake"},
	} {
		d := documenttest.New(t, resume.Resume{Language: "en", Person: resume.Person{Title: test.title, FirstName: test.first}})
		if d.Name() != test.want {
			t.Errorf("%s and %s: %q, want %q", test.title, test.first, d.Name(), test.want)
		}
	}
}

func TestShown_Entries(t *testing.T) {
	tests := []struct{ name, member, want string }{
		{"work", `"work": [{"name": "Acme", "position": "Role", "location": "Paris", "department": "Cardiology", "industry": "Health", "description": "A clinic", "keywords": ["Go", "SQL"]}]`,
			"Experience | Role | Acme | Department: Cardiology | Paris | Industry: Health | A clinic | Skills used | Go | SQL"},
		{"another type of employment", `"work": [{"position": "Role", "employmentType": "On call"}]`, "Experience | Role | On call"},
		{"education", `"education": [{"institution": "U", "area": "CS", "studyType": "BSc", "location": "Berlin, Germany", "country": "Germany", "score": "1.3", "specialization": "ML", "honors": ["cum laude"], "courses": ["Logic", "Graphs"], "keywords": ["Coq"]}]`,
			"Education | BSc, CS | U | Berlin, Germany | Grade: 1.3 | Specialization: ML | Honors | cum laude | Courses | Logic | Graphs | Keywords | Coq"},
		{"degree that is the field", `"education": [{"institution": "U", "area": "Physics", "studyType": "physics"}]`, "Education | physics | U"},
		{"courses that are sentences", `"education": [{"institution": "U", "courses": ["A long sentence about an internship at a place for three months.", "Another, shorter one of these."]}]`,
			"Education | U | Courses | A long sentence about an internship at a place for three months. | Another, shorter one of these."},
		{"project", `"projects": [{"name": "Tool", "location": "Remote", "entity": "Acme", "roles": ["Lead", "Author"], "type": "app", "keywords": ["Go"], "url": "https://example.org/tool"}]`,
			"Projects | Tool | Lead, Author | Acme | app | Remote | example.org/tool | Skills used | Go"},
		{"address that is the title", `"projects": [{"name": "example.org/tool", "url": "https://www.example.org/tool/"}]`, "Projects | example.org/tool"},
		{"certificate", `"certificates": [{"name": "ACLS", "issuer": "AHA", "date": "2024-05", "identifier": "A-1", "expires": "2026-05", "summary": "Advanced"}]`,
			"Certificates | ACLS | AHA | ID: A-1 | Valid until: May 2026 | May 2024 | Advanced"},
		{"publication", `"publications": [{"name": "On Rain", "authors": ["A. Test", "B. Other"], "doi": "10.1234/x", "isbn": "978-0"}]`,
			"Publications | On Rain | ISBN 978-0 | doi.org/10.1234/x | Authors | A. Test | B. Other"},
		{"volunteering", `"volunteer": [{"organization": "Club", "position": "Helper", "location": "Paris"}]`, "Volunteering | Helper | Club | Paris"},
		{"reference", `"references": [{"name": "Bob", "position": "CTO", "company": "Acme", "email": "bob@example.org", "phone": "+1 555 010 0000", "reference": "Good."}]`,
			"References | Bob | CTO | Acme | bob@example.org | +1 555 010 0000 | Good."},
		{"languages", `"languages": [{"language": "English", "fluency": "Fluent", "level": "C1"}, {"language": "German", "level": "B1"}]`, "Languages | English | Fluent, C1 | German | B1"},
		{"level and fluency are the same", `"languages": [{"language": "English", "fluency": "C1", "level": "C1"}]`, "Languages | English | C1"},
		{"interest with a few words", `"interests": [{"name": "Chess", "summary": "club player"}, {"keywords": ["hiking"]}]`, "Interests | Chess | club player | hiking"},
		{"keywords without a name", `"awards": [{"keywords": ["robotics"]}]`, "Awards | Keywords | robotics"},
		{"skill with a text", `"skills": [{"name": "Go", "level": "Expert", "summary": "in production", "years": "10"}]`, "Skills | Go | expert, 10 years | in production"},
		{"years of a category", `"skills": [{"name": "Databases", "years": "1", "keywords": ["Postgres", "SQLite"]}]`, "Skills | Databases | 1 year | Postgres | SQLite"},
		{"text of a category", `"skills": [{"name": "Databases", "summary": "since school", "keywords": ["Postgres"]}]`, "Skills | Databases | Postgres | Databases | since school"},
		{"levels in numbers", `"skills": [{"name": "Go", "level": "80"}, {"name": "C", "level": "4/5"}, {"name": "R", "level": "60%"}]`, "Skills | Go | Level: 80 | C | 4/5 | R | 60%"},
		{"years in words", `"skills": [{"name": "Go", "years": "since 2010"}, {"name": "C", "years": "5+"}]`, "Skills | Go | since 2010 | C | 5+ years"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := shown(t, `{"basics": {"name": "Ada Test"}, `+test.member+`}`)
			if want := "Ada Test | " + test.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// A date that was not understood is shown as it was written, also beside one that was.
func TestShown_DatesAsWritten(t *testing.T) {
	summer := resume.Details{"startDate": []byte(`"Summer 2015"`), "endDate": []byte(`"a while later"`), "date": []byte(`"around 2010"`)}
	r := resume.Resume{Language: "en", Sections: []resume.Section{
		{Type: resume.SectionExperience, Experience: []resume.Experience{
			{JobTitle: "both", Duration: resume.Duration{Start: resume.Date{Year: 2015}}, Details: summer},
			{JobTitle: "end", Duration: resume.Duration{Start: resume.Date{Year: 2014, Month: 3}}, Details: summer},
			{JobTitle: "edited since", Duration: resume.Duration{Start: resume.Date{Year: 2017}}, Details: resume.Details{"startDate": summer["startDate"]}},
			{JobTitle: "present", Duration: resume.Duration{Start: resume.Date{Year: 2015}, Current: true}, Details: summer},
		}},
		{Type: resume.SectionOther, Other: resume.Other{Kind: "awards", Items: []resume.Item{
			{Name: "Prize", Date: resume.Date{Year: 2010}, Raw: resume.Details{"date": summer["date"]}},
			{Name: "Two dates", Date: resume.Date{Year: 2010}, Duration: resume.Duration{Start: resume.Date{Year: 2015}}, Raw: summer},
		}}},
	}}
	var got []string
	for _, s := range documenttest.New(t, r).Sections {
		for _, e := range s.Entries {
			got = append(got, document.Join(": ", e.Title.Text, e.Dates()))
		}
	}
	want := "both: Summer 2015 – a while later | end: Mar 2014 – a while later | edited since: 2017 | present: Summer 2015 – Present | Prize: around 2010 | Two dates: Summer 2015 – a while later"
	if joined := strings.Join(got, " | "); joined != want {
		t.Errorf("got  %s\nwant %s", joined, want)
	}
}

func TestShown_LabelsInEveryLanguage(t *testing.T) {
	source := `{"basics": {"name": "Ada Test", "birthDate": "1990-01-31"}, "certificates": [{"name": "ACLS", "identifier": "A-1", "expires": "2026-05"}],
		"publications": [{"name": "On Rain", "authors": ["A. Test"]}], "meta": {"language": "cs"}}`
	want := "Ada Test | Datum narození: | 31. 1. 1990 | Certifikáty | ACLS | Č.: A-1 | Platnost do: 5/2026 | Publikace | On Rain | Autoři | A. Test"
	if got := shown(t, source); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestShown_YearsByPluralForm(t *testing.T) {
	for lang, want := range map[string]string{"en": "1 year, 2 years, 5 years", "ru": "1 год, 2 года, 5 лет", "pl": "1 rok, 2 lata, 5 lat", "cs": "1 rok, 2 roky, 5 let", "ja": "1年, 2年, 5年", "ar": "1 سنة, 2 سنة, 5 سنوات"} {
		r := resume.Resume{Language: lang, Sections: []resume.Section{{Type: resume.SectionSkill}}}
		for _, n := range []string{"1", "2", "5"} {
			r.Sections[0].Skills = append(r.Sections[0].Skills, resume.Skill{Name: "Go", Details: resume.Details{"years": []byte(n)}})
		}
		var got []string
		for _, v := range documenttest.New(t, r).Sections[0].Lines[0].Values {
			got = append(got, v.Remark)
		}
		if joined := strings.Join(got, ", "); joined != want {
			t.Errorf("%s: %s, want %s", lang, joined, want)
		}
	}
}
