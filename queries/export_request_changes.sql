-- What clients that wait for exports are told.

-- name: ExportRequestByIDs :many
-- Erased requests are not returned: see ExportRequestErase.
SELECT sqlc.embed(export_request), (expires_at <= now())::boolean AS past_expiry FROM export_request
WHERE id = ANY (sqlc.arg(ids)::uuid[]) AND expires_at <> 'epoch';

-- name: ExportRequestChanged :many
-- Of an owner's newest requests, those that are not final and those whose status was set
-- at since or later. The owner's requests have no index by time, so only so many are read.
SELECT sqlc.embed(export_request), (expires_at <= now())::boolean AS past_expiry FROM export_request
WHERE id = ANY (ARRAY(
    SELECT d.id FROM (SELECT o.id, o.status, o.status_at FROM export_request o
                      WHERE o.user_id = sqlc.arg(user_id) ORDER BY o.id DESC LIMIT sqlc.arg(max_rows)) d
    WHERE d.status::text IN ('queued', 'rendering') OR d.status_at >= sqlc.arg(since)::timestamptz))
  AND expires_at <> 'epoch'
ORDER BY status_at, id;
