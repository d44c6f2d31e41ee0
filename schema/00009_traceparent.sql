-- Where an export's life is recorded in traces.

-- +goose Up
-- The trace context (W3C traceparent) of the HTTP request that created the export; NULL
-- when it was not traced. Random numbers: they say nothing about the user.
ALTER TABLE export_request ADD COLUMN traceparent text CHECK (length(traceparent) = 55);

-- +goose Down
ALTER TABLE export_request DROP COLUMN traceparent;
