-- Where requests wait, and how often the browser ran out of time on them.

-- +goose Up
ALTER TABLE export_request
    -- The queue of its first attempt; later attempts share one, see export.Retries.
    ADD COLUMN lane text NOT NULL DEFAULT 'interactive' CHECK (lane <> ''),
    -- Attempts that ended with render_timeout since it was asked for (again).
    ADD COLUMN timeouts smallint NOT NULL DEFAULT 0 CHECK (timeouts >= 0);

-- +goose Down
ALTER TABLE export_request DROP COLUMN lane, DROP COLUMN timeouts;
