-- name: ProjectInsert :batchexec
INSERT INTO projects (user_id, resume_section_id, "index", category, name, description, role, started_from_month, started_from_year, finished_at_month, finished_at_year, "current", github_url, live_url, skills_used, details)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: ProjectListByResume :many
SELECT x.* FROM projects x JOIN resume_section s ON s.id = x.resume_section_id
WHERE s.resume_id = $1 ORDER BY x."index";
