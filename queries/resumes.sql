-- name: ResumeInsert :exec
-- The first resume of a user becomes the base one.
INSERT INTO resumes (id, user_id, base, title, personal_info, language, job_id, details, notes)
VALUES (sqlc.arg(id), sqlc.arg(user_id),
        NOT EXISTS (SELECT FROM resumes b WHERE b.user_id = sqlc.arg(user_id) AND b.base),
        sqlc.arg(title), sqlc.arg(personal_info), sqlc.narg(language), sqlc.narg(job_id), sqlc.arg(details), sqlc.arg(notes));

-- name: ResumeByID :one
SELECT * FROM resumes WHERE id = $1;

-- name: ResumeLock :one
-- The resume, which others then wait to change.
SELECT * FROM resumes WHERE id = $1 FOR UPDATE;

-- name: ResumeReplace :exec
-- What was sent takes the place of everything but the title, which is kept if none was sent.
-- The time grows also between two changes of one transaction's time.
UPDATE resumes
SET title = coalesce(sqlc.narg(title), title), personal_info = sqlc.arg(personal_info), language = sqlc.narg(language), job_id = sqlc.narg(job_id),
    details = sqlc.arg(details), notes = sqlc.arg(notes),
    updated_at = greatest(now(), updated_at + interval '1 microsecond'), noted_at = greatest(now(), updated_at + interval '1 microsecond')
WHERE id = sqlc.arg(id);

-- name: ResumeDelete :exec
DELETE FROM resumes WHERE id = $1;

-- name: ResumeList :many
-- Newest first, below the cursor, of one owner or of all. Planned for its arguments.
SELECT id, user_id, title, base, language, job_id, created_at, updated_at FROM resumes
WHERE (created_at, id) < (sqlc.arg(before_created_at)::timestamptz, sqlc.arg(before_id)::text)
  AND (sqlc.narg(user_id)::text IS NULL OR user_id = sqlc.narg(user_id))
ORDER BY created_at DESC, id DESC LIMIT sqlc.arg(max_rows);

-- name: ResumeOwner :one
SELECT u.* FROM resumes r JOIN "user" u ON u.id = r.user_id WHERE r.id = $1;

-- name: ResumeJob :many
-- The posting that was asked for, or the resume's own; none when there is neither.
SELECT j.* FROM resumes r JOIN jobs j ON j.id = coalesce(sqlc.narg(job_id), r.job_id) WHERE r.id = sqlc.arg(id);

-- name: ResumeDocument :one
-- A whole resume as one JSON document with the columns that are shown. Only the
-- loading benchmark uses it, to compare with the batch that the store sends.
SELECT json_build_object(
    'resume', to_json(r),
    'user', to_json(u),
    'job', to_json(j),
    'sections', (SELECT json_agg(x ORDER BY x."index") FROM (
        SELECT s.id, s."index", s.type, s.title, s.content FROM resume_section s WHERE s.resume_id = r.id) x),
    'experience', (SELECT json_agg(x ORDER BY x."index", x.id) FROM (
        SELECT t.id, t.resume_section_id, t."index", t.company_name, t.job_title, t.employment_type, t.city, t.country,
               t.started_from_month, t.started_from_year, t.finished_at_month, t.finished_at_year, t."current", t.description, t.details
        FROM experience t JOIN resume_section s ON s.id = t.resume_section_id WHERE s.resume_id = r.id) x),
    'education', (SELECT json_agg(x ORDER BY x."index", x.id) FROM (
        SELECT t.id, t.resume_section_id, t."index", t.institution_name, t.degree, t.field_of_study, t.country,
               t.started_from_month, t.started_from_year, t.finished_at_month, t.finished_at_year, t."current", t.description, t.details
        FROM education t JOIN resume_section s ON s.id = t.resume_section_id WHERE s.resume_id = r.id) x),
    'projects', (SELECT json_agg(x ORDER BY x."index", x.id) FROM (
        SELECT t.id, t.resume_section_id, t."index", t.category, t.name, t.description, t.role,
               t.started_from_month, t.started_from_year, t.finished_at_month, t.finished_at_year, t."current",
               t.github_url, t.live_url, t.skills_used, t.details
        FROM projects t JOIN resume_section s ON s.id = t.resume_section_id WHERE s.resume_id = r.id) x),
    'skills', (SELECT json_agg(x ORDER BY x."index", x.id) FROM (
        SELECT t.id, t.resume_section_id, t."index", t.name, t.category, t.proficiency, t.details
        FROM skills t JOIN resume_section s ON s.id = t.resume_section_id WHERE s.resume_id = r.id) x),
    'strengths', (SELECT json_agg(x ORDER BY x."index", x.id) FROM (
        SELECT t.id, t.resume_section_id, t."index", t.name, t.description, t.details
        FROM strengths t JOIN resume_section s ON s.id = t.resume_section_id WHERE s.resume_id = r.id) x)
)::json AS document
FROM resumes r
JOIN "user" u ON u.id = r.user_id
LEFT JOIN jobs j ON j.id = coalesce(sqlc.narg(job_id), r.job_id)
WHERE r.id = sqlc.arg(id);
