-- name: SkillInsert :batchexec
INSERT INTO skills (user_id, resume_section_id, "index", name, category, proficiency, details)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: SkillListByResume :many
SELECT x.resume_section_id, x.name, x.category, x.proficiency, x.details
FROM skills x JOIN resume_section s ON s.id = x.resume_section_id
WHERE s.resume_id = $1 ORDER BY x."index", x.id;
