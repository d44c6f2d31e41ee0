-- name: UserLock :one
-- Imports for the same user wait for each other, because each has to see the other's
-- resumes.
SELECT * FROM "user" WHERE id = $1 FOR NO KEY UPDATE;

-- name: UserCaller :one
-- The caller: whether the user exists, is active, and is staff.
SELECT id, is_active, is_staff FROM "user" WHERE id = $1;

-- name: UserInsert :execrows
-- Zero rows: the user exists and is not changed.
INSERT INTO "user" (id, title, first_name, last_name, email, phone, nationality, address, city, postal, country, website, profile_text)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (id) DO NOTHING;

-- name: UserEnsure :execrows
-- A user who is known to the identity provider only. The name stands in the resumes.
INSERT INTO "user" (id, first_name) VALUES ($1, '') ON CONFLICT (id) DO NOTHING;
