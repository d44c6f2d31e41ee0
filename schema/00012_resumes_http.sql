-- Resumes that come over HTTP: stored ones, and those that are exported only.

-- +goose Up
-- +part resumes
ALTER TABLE resumes
    -- When the notes were written; NULL: with the resume, at created_at. They are shown as
    -- long as the resume has not been changed since (updated_at).
    ADD COLUMN noted_at timestamptz;
-- Lists: a user's own, and everybody's, newest first.
CREATE INDEX resumes_by_user ON resumes (user_id, created_at, id);
CREATE INDEX resumes_by_age ON resumes (created_at, id);
-- +part service

-- The resume that came with an export request, whose resume_id is ''. It is deleted when
-- the request is canceled, expires or is erased: see export_document_drop.
CREATE TABLE export_document (
    export_id uuid PRIMARY KEY,
    body      bytea NOT NULL, -- a JSON object as it was sent, without blanks; gzip
    notes     jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(notes) = 'array') -- as in resumes
);
ALTER TABLE export_document ALTER COLUMN body SET STORAGE EXTERNAL; -- it is compressed already

-- One trigger for all statements that end a request, and for those of later migrations. It
-- runs with the rights of its owner, as export_request_erase_user does, which may cause it.
-- +goose StatementBegin
CREATE FUNCTION export_document_drop() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    DELETE FROM export_document WHERE export_id = OLD.id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION export_document_drop() SET search_path = %I, pg_temp',
        (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = 'export_request'::regclass));
END $$;
-- +goose StatementEnd
CREATE TRIGGER export_request_drops_document AFTER UPDATE ON export_request FOR EACH ROW
    WHEN (NEW.resume_id = '' AND (NEW.status IN ('canceled', 'expired') OR NEW.expires_at <= now()))
    EXECUTE FUNCTION export_document_drop();
CREATE TRIGGER export_request_takes_document AFTER DELETE ON export_request FOR EACH ROW
    WHEN (OLD.resume_id = '') EXECUTE FUNCTION export_document_drop();

-- +goose Down
DROP TRIGGER export_request_drops_document ON export_request;
DROP TRIGGER export_request_takes_document ON export_request;
DROP FUNCTION export_document_drop;
DELETE FROM export_request WHERE resume_id = '';
DROP TABLE export_document;
-- +part resumes
DROP INDEX resumes_by_user, resumes_by_age;
ALTER TABLE resumes DROP COLUMN noted_at;
