-- name: StoreMarkerGet :one
SELECT marker FROM export_store;

-- name: StoreMarkerInsert :exec
-- Keeps the marker that there is.
INSERT INTO export_store (marker) VALUES ($1) ON CONFLICT DO NOTHING;
