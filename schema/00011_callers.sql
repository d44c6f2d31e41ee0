-- Who calls: keys of programs, and what callers changed.

-- +goose Up
CREATE TABLE api_key (
    id      text PRIMARY KEY, -- the public part of the key's text
    hash    bytea NOT NULL CHECK (length(hash) = 32), -- SHA-256 of the whole text
    name    text NOT NULL CHECK (name <> ''),
    scopes  text[] NOT NULL CHECK (cardinality(scopes) > 0),
    -- Whom it may act for: everybody, or these.
    all_users boolean NOT NULL,
    users     text[] NOT NULL,

    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz CHECK (expires_at > created_at), -- NULL: never
    revoked_at   timestamptz,
    last_used_at timestamptz, -- to the minute

    CHECK (all_users = (cardinality(users) = 0))
);
CREATE UNIQUE INDEX api_key_name ON api_key (name) WHERE revoked_at IS NULL;

CREATE TABLE audit_log (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT now(),
    actor      text NOT NULL,  -- subject of a token, or id of a key
    kind       text NOT NULL CHECK (kind IN ('token', 'key', 'command')),
    user_id    text,           -- who was acted as
    action     text NOT NULL CHECK (action <> ''),
    resource   text,           -- id of what was changed
    status     smallint NOT NULL,
    request_id text,
    address    text            -- of the client, if recorded
);
-- For the sweeper, and for lists of a time. A row is written with every change and read
-- rarely: lists of one actor or resource filter.
CREATE INDEX audit_log_by_time ON audit_log (at);

ALTER TABLE export_request
    -- The key that created it; NULL: a user did. No foreign key: the request outlives the key.
    ADD COLUMN key_id text;
-- Caps on waiting exports. An export leaves both when it is finished.
CREATE INDEX export_request_waiting ON export_request (user_id) WHERE status IN ('queued', 'rendering');
CREATE INDEX export_request_waiting_key ON export_request (key_id) WHERE status IN ('queued', 'rendering') AND key_id IS NOT NULL;

-- +goose Down
DROP INDEX export_request_waiting_key;
DROP INDEX export_request_waiting;
ALTER TABLE export_request DROP COLUMN key_id;
DROP TABLE audit_log;
DROP TABLE api_key;
