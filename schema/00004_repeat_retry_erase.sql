-- Asking twice with one key, trying a failed request again, and erasing a user.

-- +goose Up
ALTER TABLE export_request
    -- Digests of caller and Idempotency-Key, and of what was asked for with it.
    -- Not the words themselves: a row says nothing about whoever else asked for it.
    ADD COLUMN idempotency_key bytea CHECK (length(idempotency_key) = 32),
    ADD COLUMN idempotency_request bytea CHECK (length(idempotency_request) = 32),
    ADD CONSTRAINT export_request_idempotency_check CHECK ((idempotency_key IS NULL) = (idempotency_request IS NULL)),
    -- Publishes since it was put into the queue, without those that failed: the
    -- next one is due the later. dispatch_gen, which names messages, only grows.
    ADD COLUMN dispatch_count integer NOT NULL DEFAULT 0,
    -- A user's row may go before the files of their exports: the trigger below
    -- marks what is left.
    DROP CONSTRAINT IF EXISTS export_request_user_id_fkey,
    -- An erased request expired at the epoch: nobody sees it, and the next sweep
    -- forgets it once its file is gone.
    DROP CONSTRAINT export_request_check,
    ADD CONSTRAINT export_request_check CHECK (expires_at > created_at OR expires_at = 'epoch');
CREATE UNIQUE INDEX export_request_idempotency ON export_request (idempotency_key) WHERE idempotency_key IS NOT NULL;

-- The same changes as ExportRequestErase makes.
-- +goose StatementBegin
CREATE FUNCTION export_request_erase_user() RETURNS trigger LANGUAGE plpgsql AS $$
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
-- +part resumes
CREATE TRIGGER user_erases_export_requests AFTER DELETE ON "user" FOR EACH ROW EXECUTE FUNCTION export_request_erase_user();

-- +goose Down
-- CASCADE: also the trigger.
DROP FUNCTION export_request_erase_user CASCADE;
DELETE FROM export_request WHERE expires_at = 'epoch';
ALTER TABLE export_request
    DROP COLUMN idempotency_key,
    DROP COLUMN idempotency_request,
    DROP COLUMN dispatch_count,
    DROP CONSTRAINT export_request_check,
    ADD CONSTRAINT export_request_check CHECK (expires_at > created_at);
-- +part resumes
DELETE FROM export_request WHERE user_id NOT IN (SELECT id FROM "user");
ALTER TABLE export_request
    ADD CONSTRAINT export_request_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE;
