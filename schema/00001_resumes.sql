-- The resume tables. Names are those of Letraz's published schema; columns that
-- JSON Resume needs and Letraz has not (details, language, "index") are added.
--
-- The lines after "-- +part resumes" are left out by migrate --only service: see schema.go.

-- +goose Up
-- +part resumes
CREATE TYPE resume_section_type AS ENUM ('experience', 'education', 'project', 'skill', 'strength', 'other');
CREATE TYPE employment_type AS ENUM
    ('full_time', 'part_time', 'contract', 'internship', 'freelance', 'self_employed', 'volunteer', 'trainee');
CREATE TYPE proficiency AS ENUM ('beginner', 'intermediate', 'advanced', 'expert');

CREATE TABLE "user" (
    id           text PRIMARY KEY CHECK (id <> ''), -- from the identity provider
    title        text,
    first_name   text NOT NULL,
    last_name    text,
    email        text,
    phone        text,
    dob          date,
    nationality  text,
    address      text,
    city         text,
    postal       text,
    country      text,
    website      text,
    profile_text text,
    is_active    boolean NOT NULL DEFAULT true,
    is_staff     boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE jobs (
    id               text PRIMARY KEY CHECK (id <> ''),
    title            text NOT NULL,
    company_name     text NOT NULL,
    location         text,
    employment_type  employment_type,
    salary_currency  text,
    salary_min       bigint CHECK (salary_min >= 0),
    salary_max       bigint CHECK (salary_max >= 0),
    description      text,
    requirements     text[] NOT NULL DEFAULT '{}',
    responsibilities text[] NOT NULL DEFAULT '{}',
    benefits         text[] NOT NULL DEFAULT '{}',
    job_url          text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    CHECK (salary_min <= salary_max)
);

CREATE TABLE resumes (
    id            text PRIMARY KEY CHECK (id <> ''),
    user_id       text NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    base          boolean NOT NULL DEFAULT false,
    title         text NOT NULL DEFAULT '',
    -- Overrides of the user's contact data and profile text, for this resume
    -- only: a missing member inherits, an empty one hides.
    personal_info jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(personal_info) = 'object'),
    language      text, -- BCP 47; NULL: not stated
    job_id        text REFERENCES jobs (id) ON DELETE SET NULL,
    details       jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object'),
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, job_id) -- one resume per posting; also the index by user
);
CREATE UNIQUE INDEX resumes_one_base_per_user ON resumes (user_id) WHERE base;
CREATE INDEX resumes_job_id ON resumes (job_id) WHERE job_id IS NOT NULL;

CREATE TABLE resume_section (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    resume_id  text NOT NULL REFERENCES resumes (id) ON DELETE CASCADE,
    "index"    integer NOT NULL CHECK ("index" >= 0),
    type       resume_section_type NOT NULL,
    title      text NOT NULL DEFAULT '', -- '': the standard heading
    -- Items of a section that has no table of its own: {"kind": …, "items": […]}.
    content    jsonb CHECK (jsonb_typeof(content) = 'object'),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- Deferrable, so that sections can change places in one transaction.
    UNIQUE (resume_id, "index") DEFERRABLE INITIALLY IMMEDIATE
);

CREATE TABLE experience (
    id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id           text NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    resume_section_id uuid NOT NULL REFERENCES resume_section (id) ON DELETE CASCADE,
    "index"           integer NOT NULL DEFAULT 0 CHECK ("index" >= 0),
    company_name      text NOT NULL,
    job_title         text NOT NULL,
    employment_type   employment_type,
    city              text,
    country           text,
    started_from_month smallint CHECK (started_from_month BETWEEN 1 AND 12),
    started_from_year  smallint CHECK (started_from_year BETWEEN 1000 AND 9999),
    finished_at_month  smallint CHECK (finished_at_month BETWEEN 1 AND 12),
    finished_at_year   smallint CHECK (finished_at_year BETWEEN 1000 AND 9999),
    "current"         boolean NOT NULL DEFAULT false,
    description       text,
    details           jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object'),
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    CHECK (started_from_month IS NULL OR started_from_year IS NOT NULL),
    CHECK (finished_at_month IS NULL OR finished_at_year IS NOT NULL),
    CHECK (NOT ("current" AND finished_at_year IS NOT NULL)),
    CHECK ((finished_at_year, coalesce(finished_at_month, 12)) >= (started_from_year, coalesce(started_from_month, 1)))
);
CREATE INDEX experience_in_order ON experience (resume_section_id, "index");
CREATE INDEX experience_user_id ON experience (user_id);

CREATE TABLE education (
    id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id           text NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    resume_section_id uuid NOT NULL REFERENCES resume_section (id) ON DELETE CASCADE,
    "index"           integer NOT NULL DEFAULT 0 CHECK ("index" >= 0),
    institution_name  text NOT NULL,
    degree            text,
    field_of_study    text,
    country           text,
    started_from_month smallint CHECK (started_from_month BETWEEN 1 AND 12),
    started_from_year  smallint CHECK (started_from_year BETWEEN 1000 AND 9999),
    finished_at_month  smallint CHECK (finished_at_month BETWEEN 1 AND 12),
    finished_at_year   smallint CHECK (finished_at_year BETWEEN 1000 AND 9999),
    "current"         boolean NOT NULL DEFAULT false,
    description       text,
    details           jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object'),
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    CHECK (started_from_month IS NULL OR started_from_year IS NOT NULL),
    CHECK (finished_at_month IS NULL OR finished_at_year IS NOT NULL),
    CHECK (NOT ("current" AND finished_at_year IS NOT NULL)),
    CHECK ((finished_at_year, coalesce(finished_at_month, 12)) >= (started_from_year, coalesce(started_from_month, 1)))
);
CREATE INDEX education_in_order ON education (resume_section_id, "index");
CREATE INDEX education_user_id ON education (user_id);

CREATE TABLE projects (
    id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id           text NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    resume_section_id uuid NOT NULL REFERENCES resume_section (id) ON DELETE CASCADE,
    "index"           integer NOT NULL DEFAULT 0 CHECK ("index" >= 0),
    category          text,
    name              text NOT NULL,
    description       text,
    role              text,
    started_from_month smallint CHECK (started_from_month BETWEEN 1 AND 12),
    started_from_year  smallint CHECK (started_from_year BETWEEN 1000 AND 9999),
    finished_at_month  smallint CHECK (finished_at_month BETWEEN 1 AND 12),
    finished_at_year   smallint CHECK (finished_at_year BETWEEN 1000 AND 9999),
    "current"         boolean NOT NULL DEFAULT false,
    github_url        text,
    live_url          text,
    skills_used       text[] NOT NULL DEFAULT '{}',
    details           jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object'),
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    CHECK (started_from_month IS NULL OR started_from_year IS NOT NULL),
    CHECK (finished_at_month IS NULL OR finished_at_year IS NOT NULL),
    CHECK (NOT ("current" AND finished_at_year IS NOT NULL)),
    CHECK ((finished_at_year, coalesce(finished_at_month, 12)) >= (started_from_year, coalesce(started_from_month, 1)))
);
CREATE INDEX projects_in_order ON projects (resume_section_id, "index");
CREATE INDEX projects_user_id ON projects (user_id);

CREATE TABLE skills (
    id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id           text NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    resume_section_id uuid NOT NULL REFERENCES resume_section (id) ON DELETE CASCADE,
    "index"           integer NOT NULL DEFAULT 0 CHECK ("index" >= 0),
    name              text NOT NULL,
    category          text,
    proficiency       proficiency,
    details           jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object'),
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX skills_in_order ON skills (resume_section_id, "index");
CREATE INDEX skills_user_id ON skills (user_id);

CREATE TABLE strengths (
    id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id           text NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    resume_section_id uuid NOT NULL REFERENCES resume_section (id) ON DELETE CASCADE,
    "index"           integer NOT NULL DEFAULT 0 CHECK ("index" >= 0),
    name              text NOT NULL,
    description       text,
    details           jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object'),
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX strengths_in_order ON strengths (resume_section_id, "index");
CREATE INDEX strengths_user_id ON strengths (user_id);

-- +goose Down
-- +part resumes
DROP TABLE strengths, skills, projects, education, experience, resume_section, resumes, jobs, "user";
DROP TYPE proficiency, employment_type, resume_section_type;
