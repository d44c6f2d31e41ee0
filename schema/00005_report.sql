-- What came of an export's options.

-- +goose Up
-- Written with the outcome; NULL when there is nothing to tell.
ALTER TABLE export_request ADD COLUMN report jsonb CHECK (jsonb_typeof(report) = 'object');

-- The same changes as ExportRequestErase makes.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION export_request_erase_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE export_request
    SET expires_at = 'epoch', sweep_until = NULL, content_hash = NULL, report = NULL, idempotency_key = NULL, idempotency_request = NULL,
        filename = CASE WHEN filename IS NOT NULL THEN '' END, failure_message = CASE WHEN failure_message IS NOT NULL THEN '' END,
        status = CASE WHEN status IN ('queued', 'rendering') THEN 'canceled' ELSE status END,
        announced = CASE WHEN status IN ('queued', 'rendering') THEN 'canceled' ELSE status END,
        status_at = now(), finished_at = coalesce(finished_at, now()), lease_token = NULL, lease_until = NULL
    WHERE user_id = OLD.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION export_request_erase_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE export_request
    SET expires_at = 'epoch', sweep_until = NULL, content_hash = NULL, idempotency_key = NULL, idempotency_request = NULL,
        filename = CASE WHEN filename IS NOT NULL THEN '' END, failure_message = CASE WHEN failure_message IS NOT NULL THEN '' END,
        status = CASE WHEN status IN ('queued', 'rendering') THEN 'canceled' ELSE status END,
        announced = CASE WHEN status IN ('queued', 'rendering') THEN 'canceled' ELSE status END,
        status_at = now(), finished_at = coalesce(finished_at, now()), lease_token = NULL, lease_until = NULL
    WHERE user_id = OLD.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
ALTER TABLE export_request DROP COLUMN report;
