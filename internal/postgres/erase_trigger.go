package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
)

// noTrigger ends the notes that the database does not erase exports by itself.
const noTrigger = "so deleting a user does not erase their exports. " +
	"Add the trigger to the table of users (docs/database.md), or run letraz-export erase for each deleted user"

// eraseWithUser creates the trigger that erases the exports of deleted users, unless some
// table has it. It returns a note if the trigger cannot be made.
func eraseWithUser(ctx context.Context, db *sql.DB) (note string, err error) {
	var kind string
	var has bool
	err = db.QueryRowContext(ctx, `SELECT coalesce((SELECT relkind::text FROM pg_class WHERE oid = to_regclass('"user"')), ''),
		EXISTS (SELECT FROM pg_trigger WHERE tgfoid = to_regproc('export_request_erase_user'))`).Scan(&kind, &has)
	switch {
	case err != nil:
		return "", fmt.Errorf("looking for the trigger on the deletion of users: %w", err)
	case has:
		return "", nil
	case kind == "":
		return `there is no "user" yet, ` + noTrigger, nil
	case kind != "r" && kind != "p":
		return `"user" is not a table, ` + noTrigger, nil
	}
	_, err = db.ExecContext(ctx, `CREATE TRIGGER user_erases_export_requests AFTER DELETE ON "user"
		FOR EACH ROW EXECUTE FUNCTION export_request_erase_user()`)
	const insufficientPrivilege, duplicate = "42501", "42710"
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pgErr.Code {
		case insufficientPrivilege:
			return `this role may not create triggers on "user", ` + noTrigger, nil
		case duplicate: // another migration was faster
			return "", nil
		}
	}
	if err != nil {
		return "", fmt.Errorf("creating the trigger on the deletion of users: %w", err)
	}
	return "", nil
}
