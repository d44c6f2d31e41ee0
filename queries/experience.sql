-- name: ExperienceInsert :batchexec
INSERT INTO experience (user_id, resume_section_id, "index", company_name, job_title, employment_type, city, country, started_from_month, started_from_year, finished_at_month, finished_at_year, "current", description, details)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: ExperienceListByResume :many
SELECT x.resume_section_id, x.company_name, x.job_title, x.employment_type, x.city, x.country,
       x.started_from_month, x.started_from_year, x.finished_at_month, x.finished_at_year, x."current", x.description, x.details
FROM experience x JOIN resume_section s ON s.id = x.resume_section_id
WHERE s.resume_id = $1 ORDER BY x."index", x.id;
