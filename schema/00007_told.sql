-- Who was told of a final status while not everybody could be.

-- +goose Up
ALTER TABLE export_request
    -- Names of listeners, of the status that was set at told_at. Written only when some
    -- were told and others were not; announced says that all were.
    ADD COLUMN told text[],
    ADD COLUMN told_at timestamptz;

-- +goose Down
ALTER TABLE export_request DROP COLUMN told, DROP COLUMN told_at;
