-- name: APIKeyInsert :one
-- A unique violation means that the name is taken.
INSERT INTO api_key (id, hash, name, scopes, all_users, users, expires_at)
VALUES (sqlc.arg(id), sqlc.arg(hash), sqlc.arg(name), sqlc.arg(scopes)::text[], sqlc.arg(all_users), sqlc.arg(users)::text[],
        now() + sqlc.narg(expires_in)::interval)
RETURNING *;

-- name: APIKeyPresented :one
-- A key that a caller presents, with the number of its waiting exports, counted up to a
-- maximum.
SELECT sqlc.embed(api_key), (revoked_at IS NOT NULL OR coalesce(expires_at <= now(), false))::boolean AS ended,
       (SELECT count(*) FROM (SELECT FROM export_request e WHERE e.key_id = api_key.id AND e.status IN ('queued', 'rendering') AND e.expires_at > now()
                              LIMIT sqlc.arg(count_up_to)::integer) w)::integer AS waiting
FROM api_key WHERE api_key.id = sqlc.arg(id);

-- name: APIKeyList :many
-- Oldest first.
SELECT sqlc.embed(api_key), (revoked_at IS NOT NULL OR coalesce(expires_at <= now(), false))::boolean AS ended
FROM api_key WHERE revoked_at IS NULL OR sqlc.arg(revoked)::boolean ORDER BY created_at, id;

-- name: APIKeyFind :one
-- By id, or by the name of a key that is not revoked.
SELECT sqlc.embed(api_key), (revoked_at IS NOT NULL OR coalesce(expires_at <= now(), false))::boolean AS ended
FROM api_key WHERE id = sqlc.arg(what)::text OR name = sqlc.arg(what) AND revoked_at IS NULL
ORDER BY id = sqlc.arg(what) DESC LIMIT 1;

-- name: APIKeyRevoke :one
-- Zero rows: there is no such key, or it is revoked.
UPDATE api_key SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING *;

-- name: APIKeyReplace :one
-- The key gets another name, which frees the name for its successor, and ends after a while,
-- if it does not end earlier. Zero rows: there is no such key, or it is revoked.
UPDATE api_key SET name = sqlc.arg(name), expires_at = least(expires_at, now() + sqlc.arg(ends_in)::interval)
WHERE id = sqlc.arg(id) AND revoked_at IS NULL RETURNING *;

-- name: APIKeyUsed :exec
-- At most once a minute. A crash of the database may undo it.
UPDATE api_key SET last_used_at = now()
WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
  AND set_config('synchronous_commit', 'off', true) = 'off';
