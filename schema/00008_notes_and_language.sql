-- Remarks for the author of a resume, and the language an export was asked for in.

-- +goose Up
-- +part resumes
-- What was repaired, guessed or left out when the resume was imported: a list of
-- {"path", "code", "message", "hint"}. It is shown as long as the resume has not been
-- changed since (updated_at = created_at).
ALTER TABLE resumes ADD COLUMN notes jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(notes) = 'array');
-- +part service

ALTER TABLE export_request
    ADD COLUMN language text, -- BCP 47; NULL: that of the resume
    -- Written with the outcome; NULL when there are none. They quote the resume, so they
    -- go when the request expires.
    ADD COLUMN notes jsonb CHECK (jsonb_typeof(notes) = 'array');

-- The same changes as ExportRequestErase makes.
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

-- +goose Down
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
ALTER TABLE export_request DROP COLUMN notes, DROP COLUMN language;
-- +part resumes
ALTER TABLE resumes DROP COLUMN notes;
