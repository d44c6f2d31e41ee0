-- Exports that were requested together.

-- +goose Up
CREATE TABLE export_batch (
    id         uuid PRIMARY KEY, -- UUIDv7: in order of creation
    user_id    text NOT NULL,    -- who requested it; its exports belong to the owners of their resumes
    total      integer NOT NULL CHECK (total > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL, -- of its exports, unless one is deleted before
    -- Digests, as in export_request.
    idempotency_key     bytea CHECK (length(idempotency_key) = 32),
    idempotency_request bytea CHECK (length(idempotency_request) = 32),
    CHECK ((idempotency_key IS NULL) = (idempotency_request IS NULL))
);
CREATE UNIQUE INDEX export_batch_idempotency ON export_batch (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX export_batch_by_user ON export_batch (user_id, id);
CREATE INDEX export_batch_to_purge ON export_batch (expires_at);

-- No foreign key: a batch is purged after its exports. Counts by status read at most 500
-- rows through the index, so there are no counters that every export would have to update.
ALTER TABLE export_request ADD COLUMN batch_id uuid;
CREATE INDEX export_request_by_batch ON export_request (batch_id, id) WHERE batch_id IS NOT NULL;

-- When exports of a user are erased, the batches that the user requested go with them.
-- +goose StatementBegin
CREATE FUNCTION export_batch_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM export_batch WHERE id = NEW.batch_id AND user_id = NEW.user_id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER export_request_erases_batch AFTER UPDATE OF expires_at ON export_request FOR EACH ROW
    WHEN (NEW.batch_id IS NOT NULL AND NEW.expires_at = 'epoch') EXECUTE FUNCTION export_batch_erase();

-- +goose Down
DROP TRIGGER export_request_erases_batch ON export_request;
DROP FUNCTION export_batch_erase;
ALTER TABLE export_request DROP COLUMN batch_id;
DROP TABLE export_batch;
