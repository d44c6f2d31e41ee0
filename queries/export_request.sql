-- Statements that select rows by id compare status::text, so that the planner cannot
-- use a partial index on status for them; statements that search for rows compare
-- status. On a table without statistics, and in plans that were cached then, such an
-- index seems as good as the primary key, and each claim would scan the whole queue.

-- name: ExportRequestInsert :one
-- Zero rows: there is no such resume that the caller may see, no such posting, there is a
-- request with the key, or its owner has too many waiting requests. Inserts at the same time
-- do not see each other, so that as many of them as there are connections may exceed the
-- maximum. The row belongs to the resume's owner. The dispatcher
-- publishes it only after a while, because the API does so right after the commit. The
-- resume is not locked, which would need the right to change it; if its owner is deleted
-- at this moment, the worker finds no resume, and ExportRequestEraseOrphan erases the row.
-- The row of the audit log commits with it.
WITH created AS (
    INSERT INTO export_request (id, user_id, resume_id, job_id, format, template, paper, options, language, lane, max_attempts, created_at, expires_at,
                                dispatched_at, dispatch_gen, dispatch_count, dispatch_due_at, idempotency_key, idempotency_request, traceparent, key_id)
    SELECT sqlc.arg(id)::uuid AS id, r.user_id, r.id AS resume_id, coalesce(sqlc.narg(job_id), r.job_id) AS job_id,
           sqlc.arg(format)::text AS format, sqlc.arg(template)::text AS template, sqlc.arg(paper)::text AS paper,
           coalesce(sqlc.narg(options)::jsonb, '{}') AS options, sqlc.narg(language)::text AS language, sqlc.arg(lane)::text AS lane,
           sqlc.arg(max_attempts)::smallint AS max_attempts, now() AS created_at, now() + sqlc.arg(expires_in)::interval AS expires_at,
           now() AS dispatched_at, 1 AS dispatch_gen, 1 AS dispatch_count, now() + sqlc.arg(dispatch_within)::interval AS dispatch_due_at,
           sqlc.narg(idempotency_key)::bytea AS idempotency_key, sqlc.narg(idempotency_request)::bytea AS idempotency_request,
           sqlc.narg(traceparent)::text AS traceparent, sqlc.narg(key_id)::text AS key_id
    FROM resumes r
    WHERE r.id = sqlc.arg(resume_id) AND (r.user_id = sqlc.arg(caller_id) OR sqlc.arg(is_staff)::boolean)
      AND (sqlc.narg(job_id)::text IS NULL OR EXISTS (SELECT FROM jobs j WHERE j.id = sqlc.narg(job_id)))
      AND (sqlc.narg(max_waiting)::integer IS NULL OR
           (SELECT count(*) FROM (SELECT FROM export_request w WHERE w.user_id = r.user_id AND w.status IN ('queued', 'rendering') AND w.expires_at > now()
                                  LIMIT sqlc.narg(max_waiting)) w) < sqlc.narg(max_waiting))
    ON CONFLICT (idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING *
), audited AS (
    INSERT INTO audit_log (actor, kind, user_id, action, resource, status, request_id, address)
    SELECT sqlc.narg(actor)::text, sqlc.arg(actor_kind)::text, sqlc.arg(caller_id)::text, sqlc.arg(action)::text, c.id::text, sqlc.arg(result)::smallint,
           sqlc.narg(request_id)::text, sqlc.narg(address)::text
    FROM created c WHERE sqlc.narg(actor)::text IS NOT NULL
)
SELECT * FROM created;

-- name: ExportRequestNotInserted :one
-- Why an insert had zero rows: the resume, the posting, or neither.
SELECT EXISTS (SELECT FROM resumes r WHERE r.id = sqlc.arg(resume_id) AND (r.user_id = sqlc.arg(caller_id) OR sqlc.arg(is_staff)::boolean)) AS resume_visible,
       (sqlc.narg(job_id)::text IS NULL OR EXISTS (SELECT FROM jobs j WHERE j.id = sqlc.narg(job_id)))::boolean AS job_known;

-- name: ExportRequestWaiting :one
-- The number of waiting requests of a user, counted up to a maximum.
SELECT count(*)::integer FROM (
    SELECT FROM export_request w WHERE w.user_id = sqlc.arg(user_id) AND w.status IN ('queued', 'rendering') AND w.expires_at > now()
    LIMIT sqlc.arg(count_up_to)::integer) w;

-- name: ExportRequestInsertDocument :one
-- ExportRequestInsert for a resume that comes with the request: it is the caller's, and is
-- kept with the row. Zero rows: there is no such user, no such posting, there is a
-- request with the key, or the caller has too many waiting requests.
WITH created AS (
    INSERT INTO export_request (id, user_id, resume_id, job_id, format, template, paper, options, language, lane, max_attempts, created_at, expires_at,
                                dispatched_at, dispatch_gen, dispatch_count, dispatch_due_at, idempotency_key, idempotency_request, traceparent, key_id, notes)
    SELECT sqlc.arg(id)::uuid, u.id, '', sqlc.narg(job_id)::text, sqlc.arg(format)::text, sqlc.arg(template)::text, sqlc.arg(paper)::text,
           coalesce(sqlc.narg(options)::jsonb, '{}'), sqlc.narg(language)::text, sqlc.arg(lane)::text,
           sqlc.arg(max_attempts)::smallint, now(), now() + sqlc.arg(expires_in)::interval,
           now(), 1, 1, now() + sqlc.arg(dispatch_within)::interval,
           sqlc.narg(idempotency_key)::bytea, sqlc.narg(idempotency_request)::bytea, sqlc.narg(traceparent)::text, sqlc.narg(key_id)::text,
           nullif(sqlc.arg(document_notes)::jsonb, '[]')
    FROM "user" u
    WHERE u.id = sqlc.arg(caller_id)
      AND (sqlc.narg(job_id)::text IS NULL OR EXISTS (SELECT FROM jobs j WHERE j.id = sqlc.narg(job_id)))
      AND (sqlc.narg(max_waiting)::integer IS NULL OR
           (SELECT count(*) FROM (SELECT FROM export_request w WHERE w.user_id = u.id AND w.status IN ('queued', 'rendering') AND w.expires_at > now()
                                  LIMIT sqlc.narg(max_waiting)) w) < sqlc.narg(max_waiting))
    ON CONFLICT (idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING *
), kept AS (
    INSERT INTO export_document (export_id, body, notes)
    SELECT c.id, sqlc.arg(document)::bytea, sqlc.arg(document_notes)::jsonb FROM created c
), audited AS (
    INSERT INTO audit_log (actor, kind, user_id, action, resource, status, request_id, address)
    SELECT sqlc.narg(actor)::text, sqlc.arg(actor_kind)::text, sqlc.arg(caller_id)::text, sqlc.arg(action)::text, c.id::text, sqlc.arg(result)::smallint,
           sqlc.narg(request_id)::text, sqlc.narg(address)::text
    FROM created c WHERE sqlc.narg(actor)::text IS NOT NULL
)
SELECT * FROM created;

-- name: ExportRequestByKey :one
-- The request that was made with the key.
SELECT sqlc.embed(export_request), (expires_at <= now())::boolean AS past_expiry FROM export_request
WHERE idempotency_key = sqlc.arg(idempotency_key)::bytea AND expires_at <> 'epoch';

-- name: ExportRequestByID :one
-- Erased requests are not returned, here and in the list: see ExportRequestErase.
SELECT sqlc.embed(export_request), (expires_at <= now())::boolean AS past_expiry FROM export_request
WHERE id = $1 AND expires_at <> 'epoch';

-- name: ExportRequestList :many
-- Newest first, below the cursor, of one owner or of all. The status is the one that
-- callers see: past its expiry a request is expired, swept or not. The statement is
-- planned for its arguments each time, so that filters that are not set are removed; a
-- generic plan costs far more. IS NOT TRUE and coalesce keep the planner from using
-- export_request_to_expire, which holds nearly all rows; coalesce is used only with an
-- owner or a resume, because export_request_failed needs the bare status.
SELECT sqlc.embed(export_request), (expires_at <= now())::boolean AS past_expiry FROM export_request
WHERE id < sqlc.arg(before) AND (expires_at = 'epoch') IS NOT TRUE
  AND (sqlc.narg(user_id)::text IS NULL OR user_id = sqlc.narg(user_id))
  AND (sqlc.narg(resume_id)::text IS NULL OR resume_id = sqlc.narg(resume_id))
  AND (sqlc.narg(failure_code)::text IS NULL OR failure_code = sqlc.narg(failure_code))
  AND (sqlc.narg(status)::export_status IS NULL
       OR (CASE WHEN sqlc.narg(user_id)::text IS NULL AND sqlc.narg(resume_id)::text IS NULL THEN status
                ELSE coalesce(status, 'queued') END = sqlc.narg(status) AND (expires_at <= now()) IS NOT TRUE)
       OR (sqlc.narg(status) = 'expired' AND expires_at <= now()))
ORDER BY id DESC LIMIT sqlc.arg(max_rows);

-- name: ExportRequestClaim :one
-- Counts the attempt and takes a lease. Zero rows: not claimable now, or not at this
-- number of attempts. The commit is asynchronous: when a crash of the database undoes
-- a claim, the request is queued and its worker is fenced out.
UPDATE export_request
SET status = 'rendering', status_at = now(), attempt = attempt + 1,
    lease_token = sqlc.arg(lease_token)::uuid, lease_until = now() + sqlc.arg(lease)::interval,
    started_at = coalesce(started_at, now()), failure_code = NULL, failure_message = NULL
WHERE id = sqlc.arg(id) AND status::text = 'queued' AND attempt = sqlc.arg(attempts)::smallint AND attempt < max_attempts
  AND next_attempt_at <= now() AND expires_at > now()
  AND set_config('synchronous_commit', 'off', true) = 'off'
RETURNING *;

-- name: ExportRequestStanding :one
-- Why a request cannot be claimed, with the times that are left by the database's clock.
SELECT status, attempt, (expires_at <= now())::boolean AS past_expiry,
       (next_attempt_at - now())::interval AS rest, coalesce(lease_until - now(), '0')::interval AS lease
FROM export_request WHERE id = $1 AND expires_at <> 'epoch';

-- name: ExportRequestHeartbeat :execrows
-- Zero rows: fenced out.
UPDATE export_request SET lease_until = now() + sqlc.arg(lease)::interval
WHERE id = sqlc.arg(id) AND status::text = 'rendering' AND lease_token = sqlc.arg(lease_token)::uuid AND expires_at > now();

-- name: ExportRequestComplete :one
-- Zero rows: fenced out, or expired meanwhile.
UPDATE export_request
SET status = 'ready', status_at = now(), finished_at = now(), lease_token = NULL, lease_until = NULL,
    blob_key = sqlc.arg(blob_key)::text, size = sqlc.arg(size)::bigint, sha256 = sqlc.arg(sha256)::bytea,
    pages = sqlc.arg(pages)::integer, filename = sqlc.arg(filename)::text, content_hash = sqlc.narg(content_hash)::bytea,
    report = sqlc.narg(report)::jsonb, notes = sqlc.narg(notes)::jsonb
WHERE id = sqlc.arg(id) AND status::text = 'rendering' AND lease_token = sqlc.arg(lease_token)::uuid AND expires_at > now()
RETURNING *;

-- name: ExportRequestSameContent :one
-- The owner's export of the same content with the latest expiry. Its file may be
-- deleted at any time, also before the caller has copied it.
SELECT * FROM export_request
WHERE content_hash = sqlc.arg(content_hash)::bytea AND user_id = sqlc.arg(user_id) AND status = 'ready' AND expires_at > now()
ORDER BY expires_at DESC LIMIT 1;

-- name: ExportRequestFail :one
-- The last attempt failed. Zero rows: fenced out.
UPDATE export_request
SET status = 'failed', status_at = now(), finished_at = now(), lease_token = NULL, lease_until = NULL,
    failure_code = sqlc.arg(failure_code)::text, failure_message = sqlc.arg(failure_message)::text
WHERE id = sqlc.arg(id) AND status::text = 'rendering' AND lease_token = sqlc.arg(lease_token)::uuid
RETURNING *;

-- name: ExportRequestFailDamaged :one
-- The file of a ready request is damaged. The row no longer names it, so that the
-- sweeper deletes it as an orphan. Zero rows: the request is not ready, has another
-- file by now, or is past its expiry.
UPDATE export_request
SET status = 'failed', status_at = now(), finished_at = now(),
    failure_code = sqlc.arg(failure_code)::text, failure_message = sqlc.arg(failure_message)::text,
    blob_key = NULL, size = NULL, sha256 = NULL, pages = NULL, filename = NULL, content_hash = NULL, report = NULL, notes = NULL
WHERE id = sqlc.arg(id) AND status::text = 'ready' AND blob_key = sqlc.arg(blob_key)::text AND expires_at > now()
RETURNING *;

-- name: ExportRequestRetryLater :one
-- An attempt failed and may be repeated: back to the queue until next_attempt_at. The
-- failure stays on the row, so that callers see why it takes long. The dispatcher
-- publishes the message of the next attempt when that is due. Zero rows: fenced out,
-- or no attempt is left.
UPDATE export_request
SET status = 'queued', status_at = now(), lease_token = NULL, lease_until = NULL,
    next_attempt_at = now() + sqlc.arg(backoff)::interval,
    dispatch_count = 0, dispatch_due_at = now() + sqlc.arg(backoff)::interval,
    timeouts = timeouts + sqlc.arg(timeouts)::smallint,
    failure_code = sqlc.arg(failure_code)::text, failure_message = sqlc.arg(failure_message)::text
WHERE id = sqlc.arg(id) AND status::text = 'rendering' AND lease_token = sqlc.arg(lease_token)::uuid
  AND attempt < max_attempts
RETURNING *;

-- name: ExportRequestHandBack :execrows
-- The worker stops, or cannot store the file: back to the queue to rest for a while.
-- The attempt does not count.
UPDATE export_request
SET status = 'queued', status_at = now(), attempt = attempt - 1, lease_token = NULL, lease_until = NULL,
    next_attempt_at = now() + sqlc.arg(rest)::interval,
    dispatch_due_at = now() + sqlc.arg(rest)::interval + sqlc.arg(dispatch_within)::interval
WHERE id = sqlc.arg(id) AND status::text = 'rendering' AND lease_token = sqlc.arg(lease_token)::uuid;

-- name: ExportRequestCancel :one
-- Zero rows: it is no longer queued or rendering, or past its expiry.
UPDATE export_request
SET status = 'canceled', status_at = now(), finished_at = now(), lease_token = NULL, lease_until = NULL
WHERE id = sqlc.arg(id) AND status::text IN ('queued', 'rendering') AND expires_at > now()
RETURNING *;

-- name: ExportRequestRetry :one
-- A failed request starts over with all its attempts; the caller publishes it. The
-- failure stays on the row until the next claim. The next final status is announced,
-- also when it is failed again. Zero rows: it has not failed, or is past its expiry.
UPDATE export_request
SET status = 'queued', status_at = now(), attempt = 0, timeouts = 0, finished_at = NULL, next_attempt_at = now(), announced = NULL,
    dispatched_at = now(), dispatch_gen = dispatch_gen + 1, dispatch_count = 1, dispatch_due_at = now() + sqlc.arg(dispatch_within)::interval
WHERE id = sqlc.arg(id) AND status::text = 'failed' AND expires_at > now()
RETURNING *;

-- name: ExportRequestRetryFailed :many
-- The oldest failed requests start over. The dispatcher publishes them in batches,
-- oldest first.
UPDATE export_request e
SET status = 'queued', status_at = now(), attempt = 0, timeouts = 0, finished_at = NULL, next_attempt_at = now(), announced = NULL,
    dispatch_count = 0, dispatch_due_at = e.created_at
WHERE e.id = ANY (ARRAY(
    SELECT d.id FROM export_request d
    WHERE d.status = 'failed' AND d.expires_at > now()
      AND (sqlc.narg(failure_code)::text IS NULL OR d.failure_code = sqlc.narg(failure_code))
      AND (sqlc.narg(user_id)::text IS NULL OR d.user_id = sqlc.narg(user_id))
    ORDER BY d.id LIMIT sqlc.arg(max_rows) FOR UPDATE SKIP LOCKED))
RETURNING e.id;

-- name: ExportRequestErase :many
-- Erases a batch of an owner's requests, in order of their ids: workers are fenced
-- out, nobody sees the rows any more, and they contain no personal data. The mark
-- keeps sweepers from the files that the caller is about to delete. Nothing is
-- announced. The statement waits for locked rows.
UPDATE export_request e
SET expires_at = 'epoch', sweep_until = now() + sqlc.arg(mark)::interval, content_hash = NULL, report = NULL, notes = NULL, idempotency_key = NULL, idempotency_request = NULL,
    filename = CASE WHEN e.filename IS NOT NULL THEN '' END, failure_message = CASE WHEN e.failure_message IS NOT NULL THEN '' END,
    status = CASE WHEN e.status IN ('queued', 'rendering') THEN 'canceled' ELSE e.status END,
    announced = CASE WHEN e.status IN ('queued', 'rendering') THEN 'canceled' ELSE e.status END,
    status_at = now(), finished_at = coalesce(e.finished_at, now()), lease_token = NULL, lease_until = NULL
WHERE e.id = ANY (ARRAY(
    SELECT d.id FROM export_request d
    WHERE d.user_id = sqlc.arg(user_id) AND d.id > sqlc.arg(after)
    ORDER BY d.id LIMIT sqlc.arg(max_rows) FOR UPDATE))
RETURNING e.id;

-- name: ExportRequestEraseOrphan :execrows
-- Erases a claimed request whose owner no longer exists, with the same changes. Zero
-- rows: the owner exists, or the lease is lost.
UPDATE export_request e
SET expires_at = 'epoch', sweep_until = NULL, content_hash = NULL, report = NULL, notes = NULL, idempotency_key = NULL, idempotency_request = NULL,
    filename = CASE WHEN e.filename IS NOT NULL THEN '' END, failure_message = CASE WHEN e.failure_message IS NOT NULL THEN '' END,
    status = 'canceled', announced = 'canceled',
    status_at = now(), finished_at = coalesce(e.finished_at, now()), lease_token = NULL, lease_until = NULL
WHERE e.id = sqlc.arg(id) AND e.status::text = 'rendering' AND e.lease_token = sqlc.arg(lease_token)::uuid
  AND NOT EXISTS (SELECT FROM "user" u WHERE u.id = e.user_id);

-- name: ExportRequestErased :many
-- A batch of an owner's erased requests, in order of their ids.
SELECT id, blob_key FROM export_request
WHERE user_id = sqlc.arg(user_id) AND id > sqlc.arg(after) AND (expires_at = 'epoch') IS TRUE
ORDER BY id LIMIT sqlc.arg(max_rows);

-- name: ExportRequestForget :execrows
-- Deletes erased requests whose files are deleted.
DELETE FROM export_request WHERE id = ANY (sqlc.arg(ids)::uuid[]) AND expires_at = 'epoch';

-- name: ExportRequestExpireNow :one
-- The owner deletes a finished export: its expiry is now, so that it is not served any
-- more, and it is swept like others. Zero rows: it is not finished. The expiry has to
-- be later than created_at.
UPDATE export_request SET expires_at = greatest(least(expires_at, now()), created_at + interval '1 microsecond')
WHERE id = sqlc.arg(id) AND (status IN ('ready', 'failed', 'canceled', 'expired') OR expires_at <= now()) AND expires_at <> 'epoch'
RETURNING *;

-- name: ExportRequestDownloaded :one
-- Counts a full download.
UPDATE export_request
SET downloaded = true, downloaded_at = coalesce(downloaded_at, now()), download_count = download_count + 1
WHERE id = $1
RETURNING *;

-- name: ExportRequestDispatch :many
-- Queued requests whose message is due. Taking them moves the next time they are due,
-- by more with every repeat, so that two dispatchers never publish the same request
-- and a long queue is not published again and again. Here and below the rows to change
-- are an array: it is filled once and looked up by primary key also in a generic plan,
-- where a join would scan the whole table.
UPDATE export_request e
SET dispatched_at = now(), dispatch_gen = e.dispatch_gen + 1, dispatch_count = e.dispatch_count + 1,
    dispatch_due_at = now() + least(sqlc.arg(dispatch_within)::interval * power(4, least(e.dispatch_count, 8)), interval '1 hour')
WHERE e.id = ANY (ARRAY(
    SELECT d.id FROM export_request d
    WHERE d.status = 'queued' AND d.dispatch_due_at <= now() AND d.next_attempt_at <= now() AND d.expires_at > now()
    ORDER BY d.dispatch_due_at LIMIT sqlc.arg(max_rows) FOR UPDATE SKIP LOCKED))
RETURNING e.*;

-- name: ExportRequestDispatchFailed :exec
-- Publishing failed: due at once, the oldest first, and the publish does not count.
-- dispatch_gen stays, because a number is never used for two publishes: the message
-- may be in the stream although the answer was lost, and the stream would drop a later
-- one of the same number as a duplicate.
UPDATE export_request SET dispatch_count = greatest(dispatch_count - 1, 0), dispatch_due_at = least(dispatch_due_at, created_at)
WHERE id = ANY (sqlc.arg(ids)::uuid[]) AND status::text = 'queued';

-- name: ExportRequestDispatchDue :exec
-- A message came that does not fit the row: the one that does is due at once, or
-- when the request may be claimed.
UPDATE export_request SET dispatch_due_at = least(dispatch_due_at, now())
WHERE id = sqlc.arg(id) AND status::text = 'queued';

-- name: ExportRequestDispatchLost :execrows
-- The stream holds a message for every request that was published. When it holds fewer
-- messages than requests wait for theirs, some are lost: up to a limit, the waiting
-- requests that would have waited longest are due at once. Requests that were
-- published just now may not have been counted yet and are left out.
WITH far AS (
    SELECT id, next_attempt_at, dispatched_at FROM export_request
    WHERE status = 'queued' AND dispatch_due_at > now()
    ORDER BY dispatch_due_at DESC LIMIT sqlc.arg(messages)::bigint + sqlc.arg(max_rows)::bigint
), waiting AS (
    SELECT id FROM far WHERE next_attempt_at <= now() AND dispatched_at <= now() - sqlc.arg(dispatch_within)::interval
)
UPDATE export_request SET dispatch_due_at = now()
WHERE id = ANY (ARRAY(SELECT id FROM waiting LIMIT sqlc.arg(max_rows)::bigint)) AND status::text = 'queued' AND dispatch_due_at > now()
  AND sqlc.arg(messages)::bigint < (SELECT count(*) FROM waiting);

-- name: ExportRequestRescue :many
-- Expired leases: back to the queue, due at once, or failed when no attempt is left.
UPDATE export_request e
SET status = CASE WHEN e.attempt < e.max_attempts THEN 'queued' ELSE 'failed' END::export_status,
    status_at = now(), lease_token = NULL, lease_until = NULL,
    next_attempt_at = now(), dispatch_count = 0, dispatch_due_at = now(),
    finished_at = CASE WHEN e.attempt < e.max_attempts THEN NULL ELSE now() END,
    failure_code = CASE WHEN e.attempt < e.max_attempts THEN NULL ELSE sqlc.arg(failure_code)::text END,
    failure_message = CASE WHEN e.attempt < e.max_attempts THEN NULL ELSE sqlc.arg(failure_message)::text END
WHERE e.id = ANY (ARRAY(
    SELECT d.id FROM export_request d
    WHERE d.status = 'rendering' AND d.lease_until <= now()
    ORDER BY d.lease_until LIMIT sqlc.arg(max_rows) FOR UPDATE SKIP LOCKED))
RETURNING e.*;

-- name: ExportRequestUnannounced :many
-- Final statuses whose event may be missing: reached a while ago and not marked.
SELECT * FROM export_request
WHERE status IN ('ready', 'failed', 'canceled', 'expired') AND announced IS DISTINCT FROM status
  AND status_at <= now() - sqlc.arg(older_than)::interval
ORDER BY status_at LIMIT sqlc.arg(max_rows);

-- name: ExportRequestAnnounced :exec
-- The event for the status reached at this time was published. A request that was
-- tried again meanwhile and failed again has another event to come. It does not
-- wait for the disk: events are at least once.
UPDATE export_request SET announced = status
WHERE id = sqlc.arg(id) AND status_at = sqlc.arg(status_at)::timestamptz AND set_config('synchronous_commit', 'off', true) = 'off';

-- name: ExportRequestAnnouncedMany :exec
-- ExportRequestAnnounced for a batch.
UPDATE export_request SET announced = status
WHERE id = ANY (sqlc.arg(ids)::uuid[]) AND status_at = (sqlc.arg(status_at)::timestamptz[])[array_position(sqlc.arg(ids)::uuid[], id)]
  AND set_config('synchronous_commit', 'off', true) = 'off';

-- name: ExportRequestTold :exec
-- Some listeners were told of the status reached at this time, and others were not.
UPDATE export_request SET told = sqlc.arg(listeners)::text[], told_at = status_at
WHERE id = sqlc.arg(id) AND status_at = sqlc.arg(status_at)::timestamptz AND set_config('synchronous_commit', 'off', true) = 'off';

-- name: ExportRequestSweepMark :many
-- First step of expiry: takes a batch of requests past their expiry. Those without a
-- file become expired. Those with a file are marked, so that no other sweeper deletes
-- the same file at the same time; when a mark runs out (its sweeper died) the request
-- is taken again. A pass goes upwards from since: swept rows leave dead index entries
-- until the next vacuum, which each later batch would have to skip. What quotes the
-- resume is removed from the row.
UPDATE export_request e
SET status = CASE WHEN e.blob_key IS NULL THEN 'expired' ELSE e.status END,
    status_at = CASE WHEN e.blob_key IS NULL THEN now() ELSE e.status_at END,
    finished_at = coalesce(e.finished_at, now()), lease_token = NULL, lease_until = NULL, notes = NULL, report = e.report #- '{ats,source_missing}',
    sweep_until = CASE WHEN e.blob_key IS NULL THEN NULL ELSE now() + sqlc.arg(mark)::interval END
WHERE e.id = ANY (ARRAY(
    SELECT d.id FROM export_request d
    WHERE d.status <> 'expired' AND d.expires_at BETWEEN sqlc.arg(since)::timestamptz AND now()
      AND (d.sweep_until IS NULL OR d.sweep_until <= now())
    ORDER BY d.expires_at LIMIT sqlc.arg(max_rows) FOR UPDATE SKIP LOCKED))
RETURNING e.id, e.blob_key, e.expires_at, e.traceparent;

-- name: ExportRequestSweepFinish :execrows
-- Last step: the file is deleted, and the row becomes expired. A failure stays on it.
UPDATE export_request
SET status = 'expired', status_at = now(), finished_at = coalesce(finished_at, now()),
    lease_token = NULL, lease_until = NULL, blob_key = NULL, sweep_until = NULL
WHERE id = ANY (sqlc.arg(ids)::uuid[]) AND status::text <> 'expired' AND expires_at <= now();

-- name: ExportRequestSweepLag :one
-- How many requests are due to expire, counted up to a maximum, and for how long the
-- oldest has been; an erased one is due since it was erased.
SELECT count(*) AS due, coalesce(now() - min(CASE WHEN d.expires_at = 'epoch' THEN d.status_at ELSE d.expires_at END), '0')::interval AS oldest
FROM (SELECT expires_at, status_at FROM export_request WHERE status <> 'expired' AND expires_at <= now()
      ORDER BY expires_at LIMIT sqlc.arg(max_rows)) d;

-- name: ExportRequestPurge :one
-- Deletes rows whose retention is over, upwards from since as above.
WITH gone AS (
    DELETE FROM export_request
    WHERE id = ANY (ARRAY(
        SELECT d.id FROM export_request d
        WHERE d.status = 'expired' AND d.expires_at BETWEEN sqlc.arg(since)::timestamptz AND now() - sqlc.arg(retention)::interval
        ORDER BY d.expires_at LIMIT sqlc.arg(max_rows) FOR UPDATE SKIP LOCKED))
    RETURNING expires_at)
SELECT count(*) AS purged, coalesce(max(expires_at), sqlc.arg(since))::timestamptz AS last FROM gone;

-- name: ExportRequestFilesInUse :many
-- Those of these requests that exist, with the file that the row names, and the lease
-- under which a file may be being stored.
SELECT id, coalesce(blob_key, '')::text AS blob_key, lease_token FROM export_request
WHERE id = ANY (sqlc.arg(ids)::uuid[]);

-- name: ExportRequestQueued :many
-- What waits in each lane, and for how long the first has been waiting. IS NOT TRUE
-- keeps the planner from using export_request_to_expire, which holds nearly all rows.
SELECT (CASE WHEN attempt > 0 THEN sqlc.arg(retries)::text ELSE lane END)::text AS lane,
       count(*) FILTER (WHERE next_attempt_at <= now()) AS waiting,
       count(*) FILTER (WHERE next_attempt_at > now()) AS resting,
       coalesce(now() - min(next_attempt_at) FILTER (WHERE next_attempt_at <= now()), '0')::interval AS oldest
FROM export_request WHERE status = 'queued' AND (expires_at <= now()) IS NOT TRUE
GROUP BY 1;

-- name: ExportRequestRendering :many
-- How many are rendering in each lane.
SELECT (CASE WHEN attempt > 1 THEN sqlc.arg(retries)::text ELSE lane END)::text AS lane, count(*) AS rendering
FROM export_request WHERE status = 'rendering'
GROUP BY 1;

-- name: ExportRequestLags :one
-- For how long the first row has been due, for each job that runs in the background.
-- dispatch_due_at may be earlier than the time at which the row became due: see
-- ExportRequestDispatchFailed and ExportRequestRetryFailed.
SELECT now()::timestamptz AS at,
       coalesce((SELECT now() - greatest(d.dispatch_due_at, d.status_at, d.next_attempt_at) FROM export_request d
                 WHERE d.status = 'queued' AND d.dispatch_due_at <= now() AND d.next_attempt_at <= now() AND (d.expires_at <= now()) IS NOT TRUE
                 ORDER BY d.dispatch_due_at LIMIT 1), '0')::interval AS publish,
       coalesce((SELECT now() - min(d.lease_until) FROM export_request d
                 WHERE d.status = 'rendering' AND d.lease_until <= now()), '0')::interval AS rescue,
       coalesce((SELECT now() - min(d.status_at) FROM export_request d
                 WHERE d.status IN ('ready', 'failed', 'canceled', 'expired') AND d.announced IS DISTINCT FROM d.status), '0')::interval AS announce,
       coalesce((SELECT now() - CASE WHEN d.expires_at = 'epoch' THEN d.status_at ELSE d.expires_at END FROM export_request d
                 WHERE d.status <> 'expired' AND d.expires_at <= now()
                 ORDER BY d.expires_at LIMIT 1), '0')::interval AS sweep;
