-- Tables of a product that has its own names, ids and codes, with one user and one resume.
-- deploy/sql/views-letraz.sql maps them to what this program reads.
CREATE TABLE countries (code char(3) PRIMARY KEY, name varchar(250) NOT NULL);
CREATE TABLE users (
    id uuid PRIMARY KEY, email varchar(254) NOT NULL, title varchar(10), first_name varchar(50) NOT NULL, last_name varchar(50),
    phone varchar(25), dob date, nationality varchar(50), address text, city varchar(50), postal varchar(50),
    country_code char(3) REFERENCES countries, website varchar(50), profile_text text,
    is_active boolean NOT NULL DEFAULT true, is_staff boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE job_postings (
    id uuid PRIMARY KEY, job_url varchar(1000), title varchar(250) NOT NULL, company_name varchar(250) NOT NULL, location varchar(100),
    currency varchar(5), salary_min bigint, salary_max bigint, description varchar(3000),
    requirements jsonb, responsibilities jsonb, benefits jsonb);
CREATE TABLE user_resumes (
    id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, job_id uuid REFERENCES job_postings ON DELETE CASCADE,
    base boolean NOT NULL DEFAULT false, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
-- One section for each entry.
CREATE TABLE resume_sections (
    id uuid PRIMARY KEY, resume_id uuid NOT NULL REFERENCES user_resumes ON DELETE CASCADE, "index" integer NOT NULL,
    type varchar(3) NOT NULL, UNIQUE (resume_id, "index"));
CREATE TABLE experiences (
    id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, resume_section_id uuid NOT NULL UNIQUE REFERENCES resume_sections ON DELETE CASCADE,
    company_name varchar(250) NOT NULL, job_title varchar(250) NOT NULL, employment_type varchar(3) NOT NULL, city varchar(50),
    country_code char(3) REFERENCES countries, started_from_month smallint, started_from_year smallint,
    finished_at_month smallint, finished_at_year smallint, current boolean NOT NULL DEFAULT false, description text);
CREATE TABLE educations (
    id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, resume_section_id uuid NOT NULL UNIQUE REFERENCES resume_sections ON DELETE CASCADE,
    institution_name varchar(250) NOT NULL, field_of_study varchar(250) NOT NULL, degree varchar(250),
    country_code char(3) REFERENCES countries, started_from_month smallint, started_from_year smallint,
    finished_at_month smallint, finished_at_year smallint, current boolean NOT NULL DEFAULT false, description text);
CREATE TABLE resume_projects (
    id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, resume_section_id uuid NOT NULL UNIQUE REFERENCES resume_sections ON DELETE CASCADE,
    category varchar(250), name varchar(250) NOT NULL, description text, role varchar(250), started_from_month smallint, started_from_year smallint,
    finished_at_month smallint, finished_at_year smallint, current boolean, github_url varchar(500), live_url varchar(500));
-- The skills of a section: a row for each, with the name in a table that all share.
CREATE TABLE skill_names (id uuid PRIMARY KEY, name varchar(250) NOT NULL, category varchar(50));
CREATE TABLE proficiencies (
    id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, resume_section_id uuid NOT NULL REFERENCES resume_sections ON DELETE CASCADE,
    skill_id uuid NOT NULL REFERENCES skill_names, level varchar(3));

INSERT INTO countries VALUES ('PRT', 'Portugal'), ('NOR', 'Norway');
INSERT INTO users (id, email, first_name, last_name, phone, city, country_code, profile_text) VALUES
    ('11111111-1111-4111-8111-111111111111', 'ines@example.com', 'Inês', 'Marçal', '+351 555 0100', 'Porto', 'PRT', '<p>Plans <b>ferry</b> timetables.</p>');
INSERT INTO user_resumes (id, user_id, base) VALUES
    ('22222222-2222-4222-8222-222222222222', '11111111-1111-4111-8111-111111111111', true);
INSERT INTO job_postings (id, title, company_name, requirements) VALUES
    ('33333333-3333-4333-8333-333333333333', 'Head of Planning', 'Fjordline Example', '["Ten years of timetables"]');
INSERT INTO resume_sections (id, resume_id, "index", type) VALUES
    ('44444444-4444-4444-8444-444444444401', '22222222-2222-4222-8222-222222222222', 0, 'exp'),
    ('44444444-4444-4444-8444-444444444402', '22222222-2222-4222-8222-222222222222', 1, 'exp'),
    ('44444444-4444-4444-8444-444444444403', '22222222-2222-4222-8222-222222222222', 2, 'edu'),
    ('44444444-4444-4444-8444-444444444404', '22222222-2222-4222-8222-222222222222', 3, 'prj'),
    ('44444444-4444-4444-8444-444444444405', '22222222-2222-4222-8222-222222222222', 4, 'skl');
INSERT INTO experiences (id, user_id, resume_section_id, company_name, job_title, employment_type, city, country_code, started_from_year, current, description) VALUES
    ('55555555-5555-4555-8555-555555555501', '11111111-1111-4111-8111-111111111111', '44444444-4444-4444-8444-444444444401',
     'Nordhavn Ferries', 'Lead Planner', 'flt', 'Bergen', 'NOR', 2021, true, '<ul><li>Cut waiting times by a third.</li></ul>'),
    ('55555555-5555-4555-8555-555555555502', '11111111-1111-4111-8111-111111111111', '44444444-4444-4444-8444-444444444402',
     'Douro Lines', 'Planner', 'prt', 'Porto', 'PRT', 2017, false, NULL);
UPDATE experiences SET finished_at_year = 2021, finished_at_month = 6 WHERE job_title = 'Planner';
INSERT INTO educations (id, user_id, resume_section_id, institution_name, field_of_study, degree, country_code, finished_at_year) VALUES
    ('66666666-6666-4666-8666-666666666601', '11111111-1111-4111-8111-111111111111', '44444444-4444-4444-8444-444444444403',
     'Example University of Porto', 'Operations Research', 'MSc', 'PRT', 2016);
INSERT INTO resume_projects (id, user_id, resume_section_id, name, role, current) VALUES
    ('77777777-7777-4777-8777-777777777701', '11111111-1111-4111-8111-111111111111', '44444444-4444-4444-8444-444444444404', 'Tide Tables', 'Author', NULL);
INSERT INTO skill_names VALUES ('88888888-8888-4888-8888-888888888801', 'Linear programming', 'Methods'), ('88888888-8888-4888-8888-888888888802', 'Norwegian', NULL);
INSERT INTO proficiencies VALUES
    ('99999999-9999-4999-8999-999999999901', '11111111-1111-4111-8111-111111111111', '44444444-4444-4444-8444-444444444405', '88888888-8888-4888-8888-888888888801', 'exp'),
    ('99999999-9999-4999-8999-999999999902', '11111111-1111-4111-8111-111111111111', '44444444-4444-4444-8444-444444444405', '88888888-8888-4888-8888-888888888802', NULL);
