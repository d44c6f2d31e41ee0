-- name: ExportDocumentLoad :one
-- The resume that came with a request, and whether its owner still exists.
SELECT d.body, d.notes, EXISTS (SELECT FROM "user" u WHERE u.id = e.user_id) AS owned
FROM export_document d JOIN export_request e ON e.id = d.export_id
WHERE d.export_id = $1;
