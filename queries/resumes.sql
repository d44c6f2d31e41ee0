-- name: ResumeInsert :exec
-- The first resume of a user becomes the base one.
INSERT INTO resumes (id, user_id, base, title, personal_info, language, job_id, details)
VALUES (sqlc.arg(id), sqlc.arg(user_id),
        NOT EXISTS (SELECT FROM resumes b WHERE b.user_id = sqlc.arg(user_id) AND b.base),
        sqlc.arg(title), sqlc.arg(personal_info), sqlc.narg(language), sqlc.narg(job_id), sqlc.arg(details));

-- name: ResumeByID :one
SELECT * FROM resumes WHERE id = $1;

-- name: ResumeDocument :one
-- A whole resume as one JSON document: one statement is one round trip and one
-- snapshot. Rows keep their columns' names; lists are in order.
SELECT jsonb_build_object(
    'resume', to_jsonb(r),
    'user', to_jsonb(u),
    'job', to_jsonb(j),
    'sections', coalesce((SELECT jsonb_agg(to_jsonb(s) ORDER BY s."index") FROM resume_section s WHERE s.resume_id = r.id), '[]'),
    'experience', coalesce((SELECT jsonb_agg(to_jsonb(x) ORDER BY x."index") FROM experience x
        JOIN resume_section s ON s.id = x.resume_section_id WHERE s.resume_id = r.id), '[]'),
    'education', coalesce((SELECT jsonb_agg(to_jsonb(x) ORDER BY x."index") FROM education x
        JOIN resume_section s ON s.id = x.resume_section_id WHERE s.resume_id = r.id), '[]'),
    'projects', coalesce((SELECT jsonb_agg(to_jsonb(x) ORDER BY x."index") FROM projects x
        JOIN resume_section s ON s.id = x.resume_section_id WHERE s.resume_id = r.id), '[]'),
    'skills', coalesce((SELECT jsonb_agg(to_jsonb(x) ORDER BY x."index") FROM skills x
        JOIN resume_section s ON s.id = x.resume_section_id WHERE s.resume_id = r.id), '[]'),
    'strengths', coalesce((SELECT jsonb_agg(to_jsonb(x) ORDER BY x."index") FROM strengths x
        JOIN resume_section s ON s.id = x.resume_section_id WHERE s.resume_id = r.id), '[]')
)::jsonb AS document
FROM resumes r
JOIN "user" u ON u.id = r.user_id
LEFT JOIN jobs j ON j.id = coalesce(sqlc.narg(job_id), r.job_id)
WHERE r.id = sqlc.arg(id);
