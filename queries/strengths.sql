-- name: StrengthInsert :batchexec
INSERT INTO strengths (user_id, resume_section_id, "index", name, description, details)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: StrengthListByResume :many
SELECT x.resume_section_id, x.name, x.description, x.details
FROM strengths x JOIN resume_section s ON s.id = x.resume_section_id
WHERE s.resume_id = $1 ORDER BY x."index", x.id;
