-- Serving an unchanged resume from bytes that exist already.

-- +goose Up
-- What the file was made from, as render.Draft.Content has it; NULL for a file
-- that is not to be used again.
ALTER TABLE export_request ADD COLUMN content_hash bytea CHECK (length(content_hash) = 32);
-- One content is one resume's, so the owner need not be in the index; the last to
-- expire comes first, so that a content in demand is found in one step.
CREATE INDEX export_request_same_content ON export_request (content_hash, expires_at)
    WHERE status = 'ready' AND content_hash IS NOT NULL;

-- +goose Down
ALTER TABLE export_request DROP COLUMN content_hash;
