package checker

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// historySQL creates a trigger that records every change of a request's status, lease or file
// in the transaction that makes it.
const historySQL = `
CREATE SCHEMA IF NOT EXISTS chaos;
CREATE TABLE IF NOT EXISTS chaos.history (
    seq        bigserial PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    id         uuid NOT NULL,
    old_status text, -- NULL: the row was inserted
    new_status text, -- NULL: the row was deleted
    attempt    integer NOT NULL,
    old_token  uuid,
    new_token  uuid,
    blob_key   text,
    failure    text -- why the last attempt failed
);
CREATE INDEX IF NOT EXISTS history_by_id ON chaos.history (id, seq);
CREATE OR REPLACE FUNCTION chaos.write_down() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.status, OLD.lease_token, OLD.blob_key) IS NOT DISTINCT FROM (NEW.status, NEW.lease_token, NEW.blob_key) THEN
        RETURN NULL;
    END IF;
    INSERT INTO chaos.history (id, old_status, new_status, attempt, old_token, new_token, blob_key, failure)
    VALUES (coalesce(NEW.id, OLD.id), OLD.status, NEW.status, coalesce(NEW.attempt, OLD.attempt), OLD.lease_token, NEW.lease_token, NEW.blob_key,
            NEW.failure_code);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER chaos_history AFTER INSERT OR UPDATE OR DELETE ON export_request
    FOR EACH ROW EXECUTE FUNCTION chaos.write_down();`

// WatchHistory creates the trigger.
func WatchHistory(ctx context.Context, db *pgxpool.Pool) error {
	_, err := db.Exec(ctx, historySQL)
	return err
}
