-- name: ResumeSectionInsert :batchexec
INSERT INTO resume_section (id, resume_id, "index", type, title, content) VALUES ($1, $2, $3, $4, $5, $6);

-- name: ResumeSectionListByResume :many
SELECT id, "index", type, title, content FROM resume_section WHERE resume_id = $1 ORDER BY "index";

-- name: ResumeSectionDeleteByResume :exec
-- Their entries go with them.
DELETE FROM resume_section WHERE resume_id = $1;
