-- One row per export request: what was asked for, where it stands, what came
-- of it. The row is its own outbox: the dispatcher finds in it what still has
-- to be published.

-- +goose Up
CREATE TYPE export_status AS ENUM ('queued', 'rendering', 'ready', 'failed', 'canceled', 'expired');

CREATE TABLE export_request (
    id         uuid PRIMARY KEY, -- UUIDv7: in order of creation
    user_id    text NOT NULL,
    -- No foreign key: the request outlives a resume that is deleted after it.
    -- The insert checks that the resume exists and whose it is.
    resume_id  text NOT NULL,
    job_id     text,
    format     text NOT NULL,
    template   text NOT NULL,
    paper      text NOT NULL,
    options    jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(options) = 'object'),

    status     export_status NOT NULL DEFAULT 'queued',
    status_at  timestamptz NOT NULL DEFAULT now(), -- when status was last set
    announced  export_status,                      -- the last final status published as an event

    attempt         smallint NOT NULL DEFAULT 0, -- counted when claimed
    max_attempts    smallint NOT NULL CHECK (max_attempts > 0),
    next_attempt_at timestamptz NOT NULL DEFAULT now(), -- not claimed before
    lease_token     uuid,
    lease_until     timestamptz,

    dispatched_at   timestamptz,                   -- when it was last published
    dispatch_gen    integer NOT NULL DEFAULT 0,    -- how often; part of the message id
    dispatch_due_at timestamptz NOT NULL DEFAULT now(), -- published (again) by the dispatcher after this

    failure_code    text,
    failure_message text,

    blob_key  text,
    size      bigint CHECK (size > 0), -- bytes
    sha256    bytea CHECK (length(sha256) = 32),
    pages     integer CHECK (pages >= 0),
    filename  text,

    created_at     timestamptz NOT NULL DEFAULT now(),
    started_at     timestamptz, -- first claim
    finished_at    timestamptz, -- ready, failed, canceled, or expired before any of them
    expires_at     timestamptz NOT NULL,
    sweep_until    timestamptz, -- a sweeper is deleting its file until then
    downloaded     boolean NOT NULL DEFAULT false,
    downloaded_at  timestamptz, -- first full download
    download_count integer NOT NULL DEFAULT 0,

    CHECK (expires_at > created_at),
    CHECK (attempt BETWEEN 0 AND max_attempts),
    CHECK ((status = 'rendering') = (lease_token IS NOT NULL)),
    CHECK ((lease_token IS NULL) = (lease_until IS NULL)),
    CHECK ((status IN ('queued', 'rendering')) = (finished_at IS NULL)),
    CHECK (status <> 'ready' OR (blob_key IS NOT NULL AND size IS NOT NULL AND sha256 IS NOT NULL AND filename IS NOT NULL)),
    CHECK (status = 'ready' OR blob_key IS NULL),
    CHECK (status <> 'failed' OR (failure_code IS NOT NULL AND failure_message IS NOT NULL)),
    CHECK (downloaded = (downloaded_at IS NOT NULL) AND downloaded = (download_count > 0))
);

-- +part resumes
-- Later migrations drop both.
ALTER TABLE export_request
    ADD CONSTRAINT export_request_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE,
    ADD CONSTRAINT export_request_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE SET NULL;
-- +part service

-- Few on purpose: a request changes status three times, and each change pays for
-- every index. Lists: a user's own and a resume's, newest first; the failed ones.
CREATE INDEX export_request_by_user ON export_request (user_id, id);
CREATE INDEX export_request_by_resume ON export_request (resume_id, id);
CREATE INDEX export_request_failed ON export_request (id) WHERE status = 'failed';
CREATE INDEX export_request_by_job ON export_request (job_id) WHERE job_id IS NOT NULL;
-- Dispatcher, rescuer, announcer.
CREATE INDEX export_request_to_dispatch ON export_request (dispatch_due_at) WHERE status = 'queued';
CREATE INDEX export_request_to_rescue ON export_request (lease_until) WHERE status = 'rendering';
CREATE INDEX export_request_to_announce ON export_request (status_at)
    WHERE status IN ('ready', 'failed', 'canceled', 'expired') AND announced IS DISTINCT FROM status;
-- Sweeper: what has to expire, and what may be purged after that.
CREATE INDEX export_request_to_expire ON export_request (expires_at) WHERE status <> 'expired';
CREATE INDEX export_request_to_purge ON export_request (expires_at) WHERE status = 'expired';

-- +goose Down
DROP TABLE export_request;
DROP TYPE export_status;
