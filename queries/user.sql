-- name: UserLock :one
-- Whoever imports for the same user at the same time waits: each has to see the
-- other's resumes.
SELECT * FROM "user" WHERE id = $1 FOR NO KEY UPDATE;

-- name: UserCaller :one
-- Who is calling: whether the user exists, may act, and sees everything.
SELECT id, is_active, is_staff FROM "user" WHERE id = $1;

-- name: UserInsert :execrows
-- Zero rows: the user is there already and is left as it is.
INSERT INTO "user" (id, title, first_name, last_name, email, phone, nationality, address, city, postal, country, website, profile_text)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (id) DO NOTHING;
