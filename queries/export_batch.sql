-- Statements that select the exports of a batch compare status::text, like those by id: a
-- batch has few rows, which export_request_by_batch finds.

-- name: ExportBatchInsert :many
-- A batch and its exports, all or none. Zero rows: a resume or posting is not there, or the
-- caller may not see it; there is a batch with the key; or the caller has too many waiting
-- exports. For the rest see ExportRequestInsert. Empty texts of asked are NULL. OFFSET 0 and
-- the scalar subquery make Postgres look each resume and posting up by its id, also in a
-- generic plan, where it would read both tables through.
WITH asked AS (
    SELECT unnest(sqlc.arg(ids)::uuid[]) AS id, unnest(sqlc.arg(resume_ids)::text[]) AS resume_id, unnest(sqlc.arg(job_ids)::text[]) AS job_id,
           unnest(sqlc.arg(formats)::text[]) AS format, unnest(sqlc.arg(templates)::text[]) AS template, unnest(sqlc.arg(papers)::text[]) AS paper,
           unnest(sqlc.arg(options)::text[]) AS options, unnest(sqlc.arg(languages)::text[]) AS language
), found AS (
    SELECT a.*, r.user_id AS owner_id, coalesce(nullif(a.job_id, ''), r.job_id) AS posting_id
    FROM asked a
    CROSS JOIN LATERAL (SELECT x.user_id, x.job_id FROM resumes x
                        WHERE x.id = a.resume_id AND (x.user_id = sqlc.arg(caller_id)::text OR sqlc.arg(is_staff)::boolean) OFFSET 0) r
    WHERE a.job_id = '' OR (SELECT j.id FROM jobs j WHERE j.id = a.job_id) IS NOT NULL
), batch AS (
    INSERT INTO export_batch (id, user_id, total, created_at, expires_at, idempotency_key, idempotency_request)
    SELECT sqlc.arg(batch_id)::uuid, sqlc.arg(caller_id)::text, cardinality(sqlc.arg(ids)::uuid[]), now(), now() + sqlc.arg(expires_in)::interval,
           sqlc.narg(idempotency_key)::bytea, sqlc.narg(idempotency_request)::bytea
    WHERE (SELECT count(*) FROM found) = cardinality(sqlc.arg(ids)::uuid[])
      AND (sqlc.narg(max_waiting)::integer IS NULL OR
           (SELECT count(*) FROM (SELECT FROM export_request w WHERE w.user_id = sqlc.arg(caller_id)::text AND w.status IN ('queued', 'rendering') AND w.expires_at > now()
                                  LIMIT sqlc.narg(max_waiting)) w) + cardinality(sqlc.arg(ids)::uuid[]) <= sqlc.narg(max_waiting))
    ON CONFLICT (idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING *
), created AS (
    INSERT INTO export_request (id, user_id, resume_id, job_id, format, template, paper, options, language, lane, max_attempts, created_at, expires_at,
                                dispatched_at, dispatch_gen, dispatch_count, dispatch_due_at, traceparent, key_id, batch_id)
    SELECT f.id, f.owner_id, f.resume_id, f.posting_id, f.format, f.template, f.paper, coalesce(nullif(f.options, '')::jsonb, '{}'), nullif(f.language, ''),
           sqlc.arg(lane)::text, sqlc.arg(max_attempts)::smallint, b.created_at, b.expires_at,
           now(), 1, 1, now() + sqlc.arg(dispatch_within)::interval, sqlc.narg(traceparent)::text, sqlc.narg(key_id)::text, b.id
    FROM found f CROSS JOIN batch b
    RETURNING *
)
SELECT * FROM created ORDER BY id;

-- name: ExportBatchNotInserted :many
-- Which exports of a batch cannot be created, by their positions from 1 on, and whether it
-- is the resume or the posting that is not there.
SELECT a.position::integer AS position, a.resume_visible::boolean AS resume_visible FROM (
    SELECT b.position, b.job_id,
           (SELECT r.id FROM resumes r WHERE r.id = b.resume_id AND (r.user_id = sqlc.arg(caller_id)::text OR sqlc.arg(is_staff)::boolean)) IS NOT NULL AS resume_visible
    FROM (SELECT generate_subscripts(sqlc.arg(resume_ids)::text[], 1) AS position,
             unnest(sqlc.arg(resume_ids)::text[]) AS resume_id, unnest(sqlc.arg(job_ids)::text[]) AS job_id) b) a
WHERE NOT a.resume_visible OR (a.job_id <> '' AND (SELECT j.id FROM jobs j WHERE j.id = a.job_id) IS NULL)
ORDER BY 1;

-- name: ExportBatchByKey :one
-- The batch that was requested with the key.
SELECT * FROM export_batch WHERE idempotency_key = sqlc.arg(idempotency_key)::bytea;

-- name: ExportBatchByID :one
-- Whoever requested a batch may see it; user_id NULL: everybody.
SELECT * FROM export_batch WHERE id = sqlc.arg(id) AND (sqlc.narg(user_id)::text IS NULL OR user_id = sqlc.narg(user_id));

-- name: ExportBatchList :many
-- Newest first, below the cursor, of one user or of all.
SELECT * FROM export_batch
WHERE id < sqlc.arg(before) AND (sqlc.narg(user_id)::text IS NULL OR user_id = sqlc.narg(user_id))
ORDER BY id DESC LIMIT sqlc.arg(max_rows);

-- name: ExportBatchCounts :many
-- How many exports of batches are in each status, as callers see it, of one owner or of all.
SELECT batch_id, (CASE WHEN expires_at <= now() THEN 'expired' ELSE status::text END)::text AS status, count(*)::integer AS count
FROM export_request
WHERE batch_id = ANY (sqlc.arg(ids)::uuid[]) AND (expires_at = 'epoch') IS NOT TRUE
  AND (sqlc.narg(user_id)::text IS NULL OR user_id = sqlc.narg(user_id))
GROUP BY 1, 2;

-- name: ExportBatchExports :many
-- Exports of a batch in the order of the request, after the cursor, in one status or in all,
-- of one owner or of all.
SELECT sqlc.embed(export_request), (expires_at <= now())::boolean AS past_expiry FROM export_request
WHERE batch_id = sqlc.arg(batch_id)::uuid AND id > sqlc.arg(after) AND (expires_at = 'epoch') IS NOT TRUE
  AND (sqlc.narg(user_id)::text IS NULL OR user_id = sqlc.narg(user_id))
  AND (sqlc.narg(status)::text IS NULL OR sqlc.narg(status) = CASE WHEN expires_at <= now() THEN 'expired' ELSE status::text END)
ORDER BY id LIMIT sqlc.arg(max_rows);

-- name: ExportBatchFiles :many
-- The files of a batch that are served.
SELECT id, blob_key::text AS blob_key FROM export_request
WHERE batch_id = sqlc.arg(batch_id)::uuid AND status::text = 'ready' AND expires_at > now()
  AND (sqlc.narg(user_id)::text IS NULL OR user_id = sqlc.narg(user_id));

-- name: ExportBatchExpireNow :execrows
-- The batch is not served any more.
UPDATE export_batch SET expires_at = least(expires_at, now()) WHERE id = sqlc.arg(id);

-- name: ExportBatchDelete :many
-- Cancels the unfinished exports of a batch and lets the others expire now, as
-- ExportRequestCancel and ExportRequestExpireNow do for one.
UPDATE export_request
SET expires_at = CASE WHEN status::text IN ('queued', 'rendering') THEN expires_at ELSE greatest(now(), created_at + interval '1 microsecond') END,
    status_at = CASE WHEN status::text IN ('queued', 'rendering') THEN now() ELSE status_at END,
    finished_at = coalesce(finished_at, now()), lease_token = NULL, lease_until = NULL,
    status = CASE WHEN status::text IN ('queued', 'rendering') THEN 'canceled' ELSE status END
WHERE batch_id = sqlc.arg(batch_id)::uuid AND expires_at > now()
  AND (sqlc.narg(user_id)::text IS NULL OR user_id = sqlc.narg(user_id))
RETURNING sqlc.embed(export_request), (expires_at > now() AND status_at = now())::boolean AS canceled;

-- name: ExportBatchRetry :many
-- The failed exports of a batch start over, as those of ExportRequestRetryFailed.
UPDATE export_request
SET status = 'queued', status_at = now(), attempt = 0, timeouts = 0, finished_at = NULL, next_attempt_at = now(), announced = NULL,
    dispatch_count = 0, dispatch_due_at = created_at
WHERE batch_id = sqlc.arg(batch_id)::uuid AND status::text = 'failed' AND expires_at > now()
  AND (sqlc.narg(user_id)::text IS NULL OR user_id = sqlc.narg(user_id))
RETURNING id;

-- name: ExportBatchDownloaded :exec
-- Counts a full download of each export.
UPDATE export_request
SET downloaded = true, downloaded_at = coalesce(downloaded_at, now()), download_count = download_count + 1
WHERE id = ANY (sqlc.arg(ids)::uuid[]);

-- name: ExportBatchPurge :execrows
-- Deletes batches whose retention is over and that have no exports any more.
DELETE FROM export_batch
WHERE id = ANY (ARRAY(
    SELECT b.id FROM export_batch b
    WHERE b.expires_at <= now() - sqlc.arg(retention)::interval AND NOT EXISTS (SELECT FROM export_request e WHERE e.batch_id = b.id)
    ORDER BY b.expires_at LIMIT sqlc.arg(max_rows) FOR UPDATE SKIP LOCKED));
