-- The service beside a product whose tables it may only read, which may be views.

-- +goose Up
-- A view cannot be referenced. The insert checks that the posting exists; a request
-- keeps the id of one that is deleted later, as it does with the resume's.
ALTER TABLE export_request DROP CONSTRAINT IF EXISTS export_request_job_id_fkey;
DROP INDEX export_request_by_job;

-- The same changes as ExportRequestErase makes. The argument of the trigger is the name
-- of the column with the user's id; none: id. The function runs with the rights of its
-- owner and finds the table by its own search_path, because whoever deletes users may
-- have neither.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION export_request_erase_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    gone text := to_jsonb(OLD) ->> coalesce(TG_ARGV[0], 'id');
BEGIN
    UPDATE export_request
    SET expires_at = 'epoch', sweep_until = NULL, content_hash = NULL, report = NULL, notes = NULL, idempotency_key = NULL, idempotency_request = NULL,
        filename = CASE WHEN filename IS NOT NULL THEN '' END, failure_message = CASE WHEN failure_message IS NOT NULL THEN '' END,
        status = CASE WHEN status IN ('queued', 'rendering') THEN 'canceled' ELSE status END,
        announced = CASE WHEN status IN ('queued', 'rendering') THEN 'canceled' ELSE status END,
        status_at = now(), finished_at = coalesce(finished_at, now()), lease_token = NULL, lease_until = NULL
    WHERE user_id = gone;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION export_request_erase_user() SET search_path = %I, pg_temp',
        (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = 'export_request'::regclass));
END $$;
-- +goose StatementEnd

-- The marker of the file store that belongs to these rows, once a process has used it.
CREATE TABLE export_store (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one), -- there is one row
    marker text NOT NULL
);

-- +goose Down
DROP TABLE export_store;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION export_request_erase_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE export_request
    SET expires_at = 'epoch', sweep_until = NULL, content_hash = NULL, report = NULL, notes = NULL, idempotency_key = NULL, idempotency_request = NULL,
        filename = CASE WHEN filename IS NOT NULL THEN '' END, failure_message = CASE WHEN failure_message IS NOT NULL THEN '' END,
        status = CASE WHEN status IN ('queued', 'rendering') THEN 'canceled' ELSE status END,
        announced = CASE WHEN status IN ('queued', 'rendering') THEN 'canceled' ELSE status END,
        status_at = now(), finished_at = coalesce(finished_at, now()), lease_token = NULL, lease_until = NULL
    WHERE user_id = OLD.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE INDEX export_request_by_job ON export_request (job_id) WHERE job_id IS NOT NULL;
-- +part resumes
UPDATE export_request SET job_id = NULL WHERE job_id NOT IN (SELECT id FROM jobs);
ALTER TABLE export_request ADD CONSTRAINT export_request_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE SET NULL;
