-- name: AuditLogInsert :exec
INSERT INTO audit_log (actor, kind, user_id, action, resource, status, request_id, address)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: AuditLogList :many
-- Newest first, below the cursor.
SELECT * FROM audit_log
WHERE id < sqlc.arg(before)
  AND (sqlc.narg(since)::interval IS NULL OR at > now() - sqlc.narg(since)::interval)
  AND (sqlc.narg(actor)::text IS NULL OR actor = sqlc.narg(actor))
  AND (sqlc.narg(user_id)::text IS NULL OR user_id = sqlc.narg(user_id))
  AND (sqlc.narg(resource)::text IS NULL OR resource = sqlc.narg(resource))
ORDER BY id DESC LIMIT sqlc.arg(max_rows);

-- name: AuditLogPurge :execrows
-- The oldest rows past their retention, up to a maximum.
DELETE FROM audit_log WHERE id IN (
    SELECT id FROM audit_log a WHERE a.at < now() - sqlc.arg(retention)::interval ORDER BY a.at LIMIT sqlc.arg(max_rows));
