-- name: ProjectInsert :batchexec
INSERT INTO projects (user_id, resume_section_id, "index", category, name, description, role, started_from_month, started_from_year, finished_at_month, finished_at_year, "current", github_url, live_url, skills_used, details)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: ProjectListByResume :many
SELECT x.resume_section_id, x.category, x.name, x.description, x.role,
       x.started_from_month, x.started_from_year, x.finished_at_month, x.finished_at_year, x."current", x.github_url, x.live_url, x.skills_used, x.details
FROM projects x JOIN resume_section s ON s.id = x.resume_section_id
WHERE s.resume_id = $1 ORDER BY x."index", x.id;
