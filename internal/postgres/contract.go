package postgres

import "github.com/letrazapp/letraz-export/internal/resume"

// column is a column of the tables of resumes that this program reads.
type column struct {
	table, name string
	sqlType     string // as format_type of Postgres writes it, or the name of an enum
	null        bool   // whether it may be NULL
	otherwise   string // an SQL expression to have in a view if there is no such column; "" if there has to be one
}

// sameUse lists the types that serve as well as those of the contract.
var sameUse = map[string][]string{
	"text":     {"character varying"},
	"smallint": {"integer"},
	"integer":  {"smallint"},
	"bigint":   {"integer"},
	"jsonb":    {"json"},
}

// enums has the values of the types that are enums, for which texts serve as well.
var enums = map[string][]string{
	"resume_section_type": values([]resume.SectionType{resume.SectionExperience, resume.SectionEducation, resume.SectionProject,
		resume.SectionSkill, resume.SectionStrength, resume.SectionOther}),
	"employment_type": values(resume.EmploymentTypes()),
	"proficiency":     values(resume.Proficiencies()),
}

func values[T ~string](list []T) []string {
	texts := make([]string, len(list))
	for i, value := range list {
		texts[i] = string(value)
	}
	return texts
}

// contract lists every column that the statements on resumes read. docs/database.md shows it.
var contract = []column{
	{"user", "id", "text", false, ""},
	{"user", "title", "text", true, "NULL::text"},
	{"user", "first_name", "text", false, ""},
	{"user", "last_name", "text", true, "NULL::text"},
	{"user", "email", "text", true, "NULL::text"},
	{"user", "phone", "text", true, "NULL::text"},
	{"user", "dob", "date", true, "NULL::date"},
	{"user", "nationality", "text", true, "NULL::text"},
	{"user", "address", "text", true, "NULL::text"},
	{"user", "city", "text", true, "NULL::text"},
	{"user", "postal", "text", true, "NULL::text"},
	{"user", "country", "text", true, "NULL::text"},
	{"user", "website", "text", true, "NULL::text"},
	{"user", "profile_text", "text", true, "NULL::text"},
	{"user", "is_active", "boolean", false, "true"},
	{"user", "is_staff", "boolean", false, "false"},
	{"user", "created_at", "timestamp with time zone", false, "'epoch'::timestamptz"},
	{"user", "updated_at", "timestamp with time zone", false, "'epoch'::timestamptz"},
	{"jobs", "id", "text", false, ""},
	{"jobs", "title", "text", false, ""},
	{"jobs", "company_name", "text", false, ""},
	{"jobs", "location", "text", true, "NULL::text"},
	{"jobs", "employment_type", "employment_type", true, "NULL::text"},
	{"jobs", "salary_currency", "text", true, "NULL::text"},
	{"jobs", "salary_min", "bigint", true, "NULL::bigint"},
	{"jobs", "salary_max", "bigint", true, "NULL::bigint"},
	{"jobs", "description", "text", true, "NULL::text"},
	{"jobs", "requirements", "text[]", false, "'{}'::text[]"},
	{"jobs", "responsibilities", "text[]", false, "'{}'::text[]"},
	{"jobs", "benefits", "text[]", false, "'{}'::text[]"},
	{"jobs", "job_url", "text", true, "NULL::text"},
	{"jobs", "created_at", "timestamp with time zone", false, "'epoch'::timestamptz"},
	{"jobs", "updated_at", "timestamp with time zone", false, "'epoch'::timestamptz"},
	{"resumes", "id", "text", false, ""},
	{"resumes", "user_id", "text", false, ""},
	{"resumes", "base", "boolean", false, "false"},
	{"resumes", "title", "text", false, "''"},
	{"resumes", "personal_info", "jsonb", false, "'{}'::jsonb"},
	{"resumes", "language", "text", true, "NULL::text"},
	{"resumes", "job_id", "text", true, "NULL::text"},
	{"resumes", "details", "jsonb", false, "'{}'::jsonb"},
	{"resumes", "created_at", "timestamp with time zone", false, ""},
	{"resumes", "updated_at", "timestamp with time zone", false, ""},
	{"resumes", "notes", "jsonb", false, "'[]'::jsonb"},
	{"resumes", "noted_at", "timestamp with time zone", true, "NULL::timestamptz"},
	{"resume_section", "id", "uuid", false, ""},
	{"resume_section", "resume_id", "text", false, ""},
	{"resume_section", "index", "integer", false, ""},
	{"resume_section", "type", "resume_section_type", false, ""},
	{"resume_section", "title", "text", false, "''"},
	{"resume_section", "content", "jsonb", true, "NULL::jsonb"},
	{"experience", "id", "uuid", false, ""},
	{"experience", "resume_section_id", "uuid", false, ""},
	{"experience", "index", "integer", false, "0"},
	{"experience", "company_name", "text", false, ""},
	{"experience", "job_title", "text", false, ""},
	{"experience", "employment_type", "employment_type", true, "NULL::text"},
	{"experience", "city", "text", true, "NULL::text"},
	{"experience", "country", "text", true, "NULL::text"},
	{"experience", "started_from_month", "smallint", true, "NULL::smallint"},
	{"experience", "started_from_year", "smallint", true, "NULL::smallint"},
	{"experience", "finished_at_month", "smallint", true, "NULL::smallint"},
	{"experience", "finished_at_year", "smallint", true, "NULL::smallint"},
	{"experience", "current", "boolean", false, "false"},
	{"experience", "description", "text", true, "NULL::text"},
	{"experience", "details", "jsonb", false, "'{}'::jsonb"},
	{"education", "id", "uuid", false, ""},
	{"education", "resume_section_id", "uuid", false, ""},
	{"education", "index", "integer", false, "0"},
	{"education", "institution_name", "text", false, ""},
	{"education", "degree", "text", true, "NULL::text"},
	{"education", "field_of_study", "text", true, "NULL::text"},
	{"education", "country", "text", true, "NULL::text"},
	{"education", "started_from_month", "smallint", true, "NULL::smallint"},
	{"education", "started_from_year", "smallint", true, "NULL::smallint"},
	{"education", "finished_at_month", "smallint", true, "NULL::smallint"},
	{"education", "finished_at_year", "smallint", true, "NULL::smallint"},
	{"education", "current", "boolean", false, "false"},
	{"education", "description", "text", true, "NULL::text"},
	{"education", "details", "jsonb", false, "'{}'::jsonb"},
	{"projects", "id", "uuid", false, ""},
	{"projects", "resume_section_id", "uuid", false, ""},
	{"projects", "index", "integer", false, "0"},
	{"projects", "category", "text", true, "NULL::text"},
	{"projects", "name", "text", false, ""},
	{"projects", "description", "text", true, "NULL::text"},
	{"projects", "role", "text", true, "NULL::text"},
	{"projects", "started_from_month", "smallint", true, "NULL::smallint"},
	{"projects", "started_from_year", "smallint", true, "NULL::smallint"},
	{"projects", "finished_at_month", "smallint", true, "NULL::smallint"},
	{"projects", "finished_at_year", "smallint", true, "NULL::smallint"},
	{"projects", "current", "boolean", false, "false"},
	{"projects", "github_url", "text", true, "NULL::text"},
	{"projects", "live_url", "text", true, "NULL::text"},
	{"projects", "skills_used", "text[]", false, "'{}'::text[]"},
	{"projects", "details", "jsonb", false, "'{}'::jsonb"},
	{"skills", "id", "uuid", false, ""},
	{"skills", "resume_section_id", "uuid", false, ""},
	{"skills", "index", "integer", false, "0"},
	{"skills", "name", "text", false, ""},
	{"skills", "category", "text", true, "NULL::text"},
	{"skills", "proficiency", "proficiency", true, "NULL::text"},
	{"skills", "details", "jsonb", false, "'{}'::jsonb"},
	{"strengths", "id", "uuid", false, ""},
	{"strengths", "resume_section_id", "uuid", false, ""},
	{"strengths", "index", "integer", false, "0"},
	{"strengths", "name", "text", false, ""},
	{"strengths", "description", "text", true, "NULL::text"},
	{"strengths", "details", "jsonb", false, "'{}'::jsonb"},
}
