-- Views that give letraz-export the tables it reads (docs/database.md), over the tables of a
-- product with other names, uuid ids and short codes. Change it to fit yours, then:
--
--   psql PRODUCT_DATABASE -f views-letraz.sql
--   DATABASE_URL='postgres://…/PRODUCT_DATABASE?search_path=letraz_export' letraz-export migrate --only service
--   DATABASE_URL='postgres://…/PRODUCT_DATABASE?search_path=letraz_export' letraz-export migrate --check
--
-- Views and service share the schema letraz_export, and the product's schema need not be in
-- the search path. If the tables are in several databases, make each view where its tables
-- are, with its indexes, and see foreign-letraz.sql.
CREATE SCHEMA IF NOT EXISTS letraz_export;

-- Ids are text, so that a look-up by id needs the indexes at the end.
CREATE VIEW letraz_export."user" AS
SELECT u.id::text AS id, u.title, u.first_name, u.last_name, u.email, u.phone, u.dob, u.nationality, u.address, u.city, u.postal,
       c.name AS country, u.website, u.profile_text, u.is_active, u.is_staff, u.created_at, u.updated_at
FROM public.users u LEFT JOIN public.countries c ON c.code = u.country_code;

CREATE VIEW letraz_export.jobs AS
SELECT j.id::text AS id, j.title, j.company_name, j.location, NULL::text AS employment_type, j.currency AS salary_currency,
       j.salary_min, j.salary_max, j.description,
       ARRAY(SELECT jsonb_array_elements_text(coalesce(j.requirements, '[]'))) AS requirements,
       ARRAY(SELECT jsonb_array_elements_text(coalesce(j.responsibilities, '[]'))) AS responsibilities,
       ARRAY(SELECT jsonb_array_elements_text(coalesce(j.benefits, '[]'))) AS benefits,
       j.job_url, 'epoch'::timestamptz AS created_at, 'epoch'::timestamptz AS updated_at
FROM public.job_postings j;

-- updated_at is the date that a PDF says it was changed, and a file is made again when it
-- changes: take the time of the last change to any part of the resume, if you have it.
CREATE VIEW letraz_export.resumes AS
SELECT r.id::text AS id, r.user_id::text AS user_id, r.base, ''::text AS title, '{}'::jsonb AS personal_info, NULL::text AS language,
       r.job_id::text AS job_id, '{}'::jsonb AS details, r.created_at, r.updated_at, '[]'::jsonb AS notes,
       NULL::timestamptz AS noted_at
FROM public.user_resumes r;

-- Neighboring sections of one type are shown as one, so a section for each entry is right.
CREATE VIEW letraz_export.resume_section AS
SELECT s.id, s.resume_id::text AS resume_id, s."index",
       CASE s.type WHEN 'exp' THEN 'experience' WHEN 'edu' THEN 'education' WHEN 'prj' THEN 'project' WHEN 'skl' THEN 'skill'
                   WHEN 'str' THEN 'strength' ELSE 'other' END AS type,
       ''::text AS title, NULL::jsonb AS content
FROM public.resume_sections s;

CREATE VIEW letraz_export.experience AS
SELECT x.id, x.resume_section_id, 0 AS "index", x.company_name, x.job_title,
       CASE x.employment_type WHEN 'flt' THEN 'full_time' WHEN 'prt' THEN 'part_time' WHEN 'con' THEN 'contract' WHEN 'int' THEN 'internship'
                              WHEN 'fre' THEN 'freelance' WHEN 'sel' THEN 'self_employed' WHEN 'vol' THEN 'volunteer' WHEN 'tra' THEN 'trainee' END AS employment_type,
       x.city, c.name AS country, x.started_from_month, x.started_from_year, x.finished_at_month, x.finished_at_year, x.current,
       x.description, '{}'::jsonb AS details
FROM public.experiences x LEFT JOIN public.countries c ON c.code = x.country_code;

CREATE VIEW letraz_export.education AS
SELECT x.id, x.resume_section_id, 0 AS "index", x.institution_name, x.degree, x.field_of_study, c.name AS country,
       x.started_from_month, x.started_from_year, x.finished_at_month, x.finished_at_year, x.current, x.description, '{}'::jsonb AS details
FROM public.educations x LEFT JOIN public.countries c ON c.code = x.country_code;

CREATE VIEW letraz_export.projects AS
SELECT x.id, x.resume_section_id, 0 AS "index", x.category, x.name, x.description, x.role,
       x.started_from_month, x.started_from_year, x.finished_at_month, x.finished_at_year, coalesce(x.current, false) AS current,
       x.github_url, x.live_url, '{}'::text[] AS skills_used, '{}'::jsonb AS details
FROM public.resume_projects x;

CREATE VIEW letraz_export.skills AS
SELECT x.id, x.resume_section_id, 0 AS "index", n.name, n.category,
       CASE x.level WHEN 'beg' THEN 'beginner' WHEN 'int' THEN 'intermediate' WHEN 'adv' THEN 'advanced' WHEN 'exp' THEN 'expert' END AS proficiency,
       '{}'::jsonb AS details
FROM public.proficiencies x JOIN public.skill_names n ON n.id = x.skill_id;

-- There are no strengths. The view has the columns and no row.
CREATE VIEW letraz_export.strengths AS
SELECT NULL::uuid AS id, NULL::uuid AS resume_section_id, 0 AS "index", ''::text AS name, NULL::text AS description, '{}'::jsonb AS details
WHERE false;

-- Look-ups by the text of an id. Every export makes some.
CREATE INDEX IF NOT EXISTS users_id_text ON public.users ((id::text));
CREATE INDEX IF NOT EXISTS job_postings_id_text ON public.job_postings ((id::text));
CREATE INDEX IF NOT EXISTS user_resumes_id_text ON public.user_resumes ((id::text));
CREATE INDEX IF NOT EXISTS resume_sections_resume_id_text ON public.resume_sections ((resume_id::text));
CREATE INDEX IF NOT EXISTS proficiencies_resume_section_id ON public.proficiencies (resume_section_id);

-- After migrate --only service: who deletes a user erases the user's exports. The argument is
-- the column that has the id. (Where the users are in another database, call
-- letraz-export erase instead.)
--
--   CREATE TRIGGER user_erases_export_requests AFTER DELETE ON public.users
--       FOR EACH ROW EXECUTE FUNCTION letraz_export.export_request_erase_user('id');
