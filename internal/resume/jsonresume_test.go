package resume

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/letrazapp/letraz-export/internal/samples"
)

func allSamples(t *testing.T) []samples.Sample {
	t.Helper()
	all, err := samples.All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestRoundTrip_Samples(t *testing.T) {
	t.Parallel()
	for _, sample := range allSamples(t) {
		t.Run(sample.Slug, func(t *testing.T) {
			t.Parallel()
			r := mustParse(t, string(sample.JSON))
			wantData(t, r, string(sample.JSON))
			if diff := cmp.Diff(r, mustParse(t, mustMarshal(t, r))); diff != "" {
				t.Errorf("read again (-first +second):\n%s", diff)
			}
			if got, want := rootOrder(t, []byte(mustMarshal(t, r))), rootOrder(t, sample.JSON); !slices.Equal(got, want) {
				t.Errorf("root members %q, want %q", got, want)
			}
		})
	}
}

// rootOrder returns the names of a document's sections in order.
func rootOrder(t *testing.T, doc []byte) []string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(doc)))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	var names []string
	for d.More() {
		name, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		var skip json.RawMessage
		if err := d.Decode(&skip); err != nil {
			t.Fatal(err)
		}
		if s := name.(string); sectionKind(s) != "" {
			names = append(names, s)
		}
	}
	return names
}

const fullDocument = `{
  "$schema": "https://example.org/schema.json",
  "basics": {
    "name": "Ana María de la Cruz", "label": "Engineer", "image": "data:image/png;base64,AA==", "email": "ana@example.org",
    "phone": "+34 600", "url": "https://example.org", "summary": "One.\n\nTwo <b> & three.",
    "location": {"address": "Calle 1\n2º", "postalCode": "28001", "city": "Madrid", "countryCode": "ES", "region": "Madrid", "lat": 1.5},
    "profiles": [{"network": "Mastodon", "username": "ana", "url": "https://example.org/@ana", "verified": true}],
    "pronouns": "she"
  },
  "skills": [
    {"name": "Web", "level": "Expert", "keywords": ["HTML", "CSS"], "years": 9},
    {"name": "Web", "level": "Expert", "keywords": ["Go"]},
    {"name": "Patience", "level": "Master"}
  ],
  "work": [{
    "name": "Acme", "position": "Lead", "location": "San Juan, Puerto Rico", "description": "Anvils", "url": "https://acme.example",
    "startDate": "2020-03-15", "summary": "Led.", "highlights": ["a", "b"], "employmentType": "full_time", "team": 4
  }],
  "volunteer": [{"organization": "Red Cross", "position": "Driver", "startDate": "2019", "endDate": "2020-02", "summary": "Drove.", "highlights": ["far"]}],
  "education": [{
    "institution": "UCM", "area": "Physics", "studyType": "BSc", "startDate": "2010", "endDate": "2014-06", "score": "9",
    "courses": ["A", "B"], "url": "https://ucm.example", "country": "ES", "description": "Thesis.", "honours": true
  }],
  "projects": [{
    "name": "P", "description": "D", "highlights": ["h"], "type": "library", "roles": ["Lead", "Dev"], "keywords": ["Go"],
    "url": "https://example.org/p", "githubUrl": "https://github.com/ana/p", "entity": "Acme", "startDate": "2021", "endDate": "2022"
  }],
  "languages": [{"language": "Spanish", "fluency": "Native"}],
  "meta": {
    "version": "v1.0.0", "language": "es",
    "letraz": {
      "person": {"title": "Dr.", "nationality": "Spanish"},
      "job": {"title": "CTO", "company_name": "Initech", "location": "Remote", "employment_type": "contract", "salary": {"currency": "EUR", "min": 1, "max": 2},
        "description": "Do.", "requirements": ["r"], "responsibilities": ["s"], "benefits": ["t"], "job_url": "https://jobs.example"},
      "strengths": [{"name": "Calm", "description": "Always."}],
      "custom": [{"title": "Patents", "items": [{"name": "US1", "date": "2020-01-02"}]}],
      "sections": [{"type": "skills", "title": "Habilidades"}, {"type": "strengths", "title": "Fortalezas"}, {"type": "custom"}, {"type": "work"}],
      "future": 1
    }
  }
}`

func TestParse_Mapping(t *testing.T) {
	t.Parallel()
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	want := Resume{
		Language: "es",
		Person: Person{
			Title: "Dr.", FirstName: "Ana María de la", LastName: "Cruz", Headline: "Engineer", Email: "ana@example.org", Phone: "+34 600",
			Nationality: "Spanish", Address: "Calle 1\n2º", City: "Madrid", Region: "Madrid", Postal: "28001", Country: "ES",
			Website: "https://example.org", ProfileText: "<p>One.</p><p>Two &lt;b&gt; &amp; three.</p>", Image: "data:image/png;base64,AA==",
			Profiles: []Profile{{Network: "Mastodon", Username: "ana", URL: "https://example.org/@ana", Details: Details{"verified": raw("true")}}},
			Details:  Details{"location": raw(`{"lat":1.5}`), "pronouns": raw(`"she"`)},
		},
		Sections: []Section{
			{Type: SectionSkill, Title: "Habilidades", Skills: []Skill{
				{Name: "HTML", Category: "Web", Categorised: true, Proficiency: Expert, Details: Details{"item": raw("1"), "years": raw("9")}},
				{Name: "CSS", Category: "Web", Categorised: true, Proficiency: Expert, Details: Details{"item": raw("1")}},
				{Name: "Go", Category: "Web", Categorised: true, Proficiency: Expert, Details: Details{"item": raw("2")}},
				{Name: "Patience", Details: Details{"level": raw(`"Master"`)}},
			}},
			{Type: SectionStrength, Title: "Fortalezas", Strengths: []Strength{{Name: "Calm", Description: "<p>Always.</p>"}}},
			{Type: SectionOther, Title: "Patents", Other: Other{Kind: "custom", Items: []Item{{
				Name: "US1", Date: Date{2020, 1, 2}, Raw: Details{"name": raw(`"US1"`), "date": raw(`"2020-01-02"`)},
			}}}},
			{Type: SectionExperience, Experience: []Experience{{
				CompanyName: "Acme", JobTitle: "Lead", EmploymentType: FullTime, City: "San Juan, Puerto Rico",
				Duration: Duration{Start: Date{Year: 2020, Month: 3}, Current: true}, Description: "<p>Led.</p><ul><li>a</li><li>b</li></ul>",
				Details: Details{"startDate": raw(`"2020-03-15"`), "url": raw(`"https://acme.example"`), "description": raw(`"Anvils"`), "team": raw("4")},
			}}},
			{Type: SectionOther, Other: Other{Kind: "volunteer", Items: []Item{{
				Name: "Red Cross", Subtitle: "Driver", Duration: Duration{Start: Date{Year: 2019}, End: Date{Year: 2020, Month: 2}},
				Summary: "<p>Drove.</p><ul><li>far</li></ul>",
				Raw: Details{"organization": raw(`"Red Cross"`), "position": raw(`"Driver"`), "startDate": raw(`"2019"`),
					"endDate": raw(`"2020-02"`), "summary": raw(`"Drove."`), "highlights": raw(`["far"]`)},
			}}}},
			{Type: SectionEducation, Education: []Education{{
				InstitutionName: "UCM", Degree: "BSc", FieldOfStudy: "Physics", Country: "ES", Description: "<p>Thesis.</p>",
				Duration: Duration{Start: Date{Year: 2010}, End: Date{Year: 2014, Month: 6}},
				Details:  Details{"score": raw(`"9"`), "courses": raw(`["A","B"]`), "url": raw(`"https://ucm.example"`), "honours": raw("true")},
			}}},
			{Type: SectionProject, Projects: []Project{{
				Name: "P", Category: "library", Role: "Lead, Dev", Description: "<p>D</p><ul><li>h</li></ul>",
				Duration:  Duration{Start: Date{Year: 2021}, End: Date{Year: 2022}},
				GithubURL: "https://github.com/ana/p", LiveURL: "https://example.org/p", SkillsUsed: []string{"Go"},
				Details: Details{"entity": raw(`"Acme"`)},
			}}},
			{Type: SectionOther, Other: Other{Kind: "languages", Items: []Item{{
				Name: "Spanish", Level: "Native", Raw: Details{"language": raw(`"Spanish"`), "fluency": raw(`"Native"`)},
			}}}},
		},
		Job: &Job{
			Title: "CTO", CompanyName: "Initech", Location: "Remote", EmploymentType: Contract, Salary: Salary{"EUR", 1, 2}, Description: "Do.",
			Requirements: []string{"r"}, Responsibilities: []string{"s"}, Benefits: []string{"t"}, JobURL: "https://jobs.example",
		},
	}
	got := mustParse(t, fullDocument)
	// What the document says about the order in its own words stays with it.
	want.Details = Details{
		"$schema": raw(`"https://example.org/schema.json"`),
		"meta": raw(`{"letraz":{"future":1,"sections":[{"title":"Habilidades","type":"skills"},{"title":"Fortalezas","type":"strengths"},` +
			`{"type":"custom"},{"type":"work"}]},"version":"v1.0.0"}`),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantData(t, got, fullDocument)
}

// Documents of the time before version 1.0.0 have the same data under other
// names.
func TestParse_OldNames(t *testing.T) {
	t.Parallel()
	r := mustParse(t, `{
	  "basics": {"name": "A", "website": "https://a.example", "picture": "data:,", "location": {"city": "B"}},
	  "work": [{"company": "C", "website": "https://c.example"}, {"company": "old", "name": "new"}],
	  "volunteer": [{"organization": "V", "website": "https://v.example"}],
	  "education": [{"institution": "E", "gpa": "4.0"}],
	  "publications": [{"name": "P", "website": "https://p.example"}],
	  "projects": [{"name": "Q", "website": "https://q.example"}]
	}`)
	wantData(t, r, `{
	  "basics": {"name": "A", "url": "https://a.example", "image": "data:,", "location": {"city": "B"}},
	  "work": [{"name": "C", "url": "https://c.example"}, {"company": "old", "name": "new"}],
	  "volunteer": [{"organization": "V", "url": "https://v.example"}],
	  "education": [{"institution": "E", "score": "4.0"}],
	  "publications": [{"name": "P", "url": "https://p.example"}],
	  "projects": [{"name": "Q", "url": "https://q.example"}]
	}`)
}

func TestMarshal_Readable(t *testing.T) {
	t.Parallel()
	out := mustMarshal(t, mustParse(t, "\ufeff"+`{"basics":{"name":"<b> \u0026 \u2028é","z":"\u003c"},"meta":{"letraz":{}}}`))
	want := "{\n  \"basics\": {\n    \"name\": \"<b> & \u2028é\",\n    \"z\": \"<\"\n  }\n}\n"
	if out != want {
		t.Errorf("got %s", out)
	}
}

func TestSplitName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][2]string{
		"Ada Lovelace":   {"Ada", "Lovelace"},
		"Ada K Lovelace": {"Ada K", "Lovelace"},
		"Ada  Lovelace":  {"Ada  Lovelace", ""},
		" Ada":           {" Ada", ""},
		"Ada ":           {"Ada ", ""},
		"山田太郎":           {"山田太郎", ""},
	} {
		first, last := splitName(name)
		if got := [2]string{first, last}; got != want {
			t.Errorf("%q is split into %q", name, got)
		}
		if full := (Person{FirstName: first, LastName: last}).FullName(); full != name {
			t.Errorf("%q became %q", name, full)
		}
	}
}

// FuzzRead: whatever is read is written and read again as the same resume.
func FuzzRead(f *testing.F) {
	all, err := samples.All()
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range all {
		f.Add(s.JSON)
	}
	f.Add([]byte(fullDocument))
	f.Add([]byte(`{"basics":{"name":"A"},"skills":[{"item":1,"keywords":["a",""]},{"level":"EXPERT"}],"projects":[{"roles":["a, b",""],"url":"http://github.com"}]}`))
	f.Add([]byte(`{"basics":{"name":"A"},"meta":{"language":3,"letraz":{"custom":[{"title":"T","x":1},{}],"sections":[{"type":"custom"},{"type":"custom","y":2}]}}}`))
	files, err := filepath.Glob("testdata/people/*.[jy]*")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		r, err := Read(doc, ReadOptions{})
		if err != nil {
			return
		}
		out, err := MarshalJSONResume(r)
		if err != nil {
			t.Fatalf("%v\n%s", err, doc)
		}
		again, err := Read(out, ReadOptions{})
		if err != nil {
			t.Fatalf("%v\n%s\nfrom %s", err, out, doc)
		}
		if diff := cmp.Diff(r, again, cmpopts.IgnoreFields(Resume{}, "Notes")); diff != "" {
			t.Errorf("(-first +second):\n%s\n%s\n%s", diff, doc, out)
		}
	})
}
