-- name: JobByID :one
SELECT * FROM jobs WHERE id = $1;

-- name: JobReplace :exec
-- The posting that came with a resume. Its id belongs to the resume, so nobody else has it.
INSERT INTO jobs (id, title, company_name, location, employment_type, salary_currency, salary_min, salary_max,
                  description, requirements, responsibilities, benefits, job_url)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (id) DO UPDATE
SET title = excluded.title, company_name = excluded.company_name, location = excluded.location, employment_type = excluded.employment_type,
    salary_currency = excluded.salary_currency, salary_min = excluded.salary_min, salary_max = excluded.salary_max,
    description = excluded.description, requirements = excluded.requirements, responsibilities = excluded.responsibilities,
    benefits = excluded.benefits, job_url = excluded.job_url, updated_at = now();

-- name: JobDelete :exec
DELETE FROM jobs WHERE id = $1;
