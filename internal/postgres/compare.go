package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// present is a column of the contract that the database has.
type present struct {
	column
	is       string // its type, of a domain the type below
	mayNull  bool   // its definition allows NULL, as that of every view does
	inTable  bool   // it is in a table, whose definition could forbid NULL
	readable bool
}

// compareColumns compares the definitions of the tables or views of resumes with the
// contract. It returns each difference as a line, and the columns that can be read.
func compareColumns(ctx context.Context, conn *pgx.Conn) (differences []string, readable []present, err error) {
	var path, role string
	if err := conn.QueryRow(ctx, "SELECT current_setting('search_path'), current_user").Scan(&path, &role); err != nil {
		return nil, nil, fmt.Errorf("reading the search path: %w", err)
	}
	columns, err := presentColumns(ctx, conn)
	if err != nil {
		return nil, nil, err
	}
	missing := ""
	for _, want := range contract {
		if columns[want.table] == nil {
			if missing != want.table {
				missing = want.table
				differences = append(differences, fmt.Sprintf("%s: no such table or view in the search path (%s)", want.table, path))
			}
			continue
		}
		is, ok := columns[want.table][want.name]
		is.column = want
		line := want.table + "." + want.name + ": "
		switch {
		case !ok:
			line += "missing; wanted is " + want.wanted()
		case !want.accepts(is.is):
			line += fmt.Sprintf("has the type %s; wanted is %s", is.is, want.wanted())
		case !is.readable:
			line += "the role " + role + " has no right to SELECT it"
		case is.inTable && is.mayNull && !want.null:
			line += "may be NULL; wanted is " + want.wanted()
			readable = append(readable, is)
		default:
			readable = append(readable, is)
			continue
		}
		differences = append(differences, line)
	}
	return differences, readable, nil
}

// presentColumns returns the columns of each table or view that the contract names.
func presentColumns(ctx context.Context, conn *pgx.Conn) (map[string]map[string]present, error) {
	var tables []string
	for _, c := range contract {
		if !slices.Contains(tables, c.table) {
			tables = append(tables, c.table)
		}
	}
	rows, err := conn.Query(ctx, `
		SELECT wanted.name, a.attname, format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, NULL),
		       t.typtype = 'e' AS enum, t.typname, NOT a.attnotnull, c.relkind IN ('r', 'p'), has_column_privilege(c.oid, a.attnum, 'SELECT')
		FROM unnest($1::text[]) AS wanted (name)
		JOIN pg_class c ON c.oid = to_regclass(quote_ident(wanted.name))
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		JOIN pg_type t ON t.oid = a.atttypid`, tables)
	if err != nil {
		return nil, fmt.Errorf("reading the columns of the tables of resumes: %w", err)
	}
	columns := map[string]map[string]present{}
	var table, name, enumName string
	var enum bool
	var is present
	_, err = pgx.ForEachRow(rows, []any{&table, &name, &is.is, &enum, &enumName, &is.mayNull, &is.inTable, &is.readable}, func() error {
		if columns[table] == nil {
			columns[table] = map[string]present{}
		}
		c := is
		if enum {
			c.is = enumName // without a schema
		}
		columns[table][name] = c
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the columns of the tables of resumes: %w", err)
	}
	return columns, nil
}

// accepts reports whether a column of the type serves.
func (c column) accepts(sqlType string) bool {
	if sqlType == c.sqlType || slices.Contains(sameUse[c.sqlType], sqlType) {
		return true
	}
	_, isEnum := enums[c.sqlType]
	return isEnum && (sqlType == "text" || slices.Contains(sameUse["text"], sqlType))
}

// wanted describes the column.
func (c column) wanted() string {
	text := c.sqlType
	if !c.null {
		text += ", not null"
	}
	if c.otherwise != "" {
		text += "; a view may have " + c.otherwise
	}
	return text
}

// sampled is the number of rows of a table that compareRows reads.
const sampled = 10000

// compareRows looks for values that the definitions allow and the contract does not: NULL,
// and other texts than an enum's. It reads no more than sampled rows of each table.
func compareRows(ctx context.Context, conn *pgx.Conn, columns []present) (differences []string, err error) {
	for len(columns) > 0 {
		n := slices.IndexFunc(columns, func(c present) bool { return c.table != columns[0].table })
		if n < 0 {
			n = len(columns)
		}
		lines, err := compareTable(ctx, conn, columns[:n])
		if err != nil {
			return nil, err
		}
		differences = append(differences, lines...)
		columns = columns[n:]
	}
	return differences, nil
}

// compareTable does so with the columns of one table.
func compareTable(ctx context.Context, conn *pgx.Conn, columns []present) (differences []string, err error) {
	var names, tests, lines []string
	for _, c := range columns {
		name := pgx.Identifier{c.name}.Sanitize()
		names = append(names, name)
		if !c.null && c.mayNull && !c.inTable {
			tests = append(tests, "coalesce(bool_or("+name+" IS NULL), false)")
			lines = append(lines, fmt.Sprintf("%s.%s: is NULL in some rows; wanted is %s", c.table, c.name, c.wanted()))
		}
		if list, ok := enums[c.sqlType]; ok {
			tests = append(tests, "coalesce(bool_or("+name+"::text NOT IN ('"+strings.Join(list, "', '")+"')), false)")
			lines = append(lines, fmt.Sprintf("%s.%s: has other values than %s", c.table, c.name, strings.Join(list, ", ")))
		}
	}
	if len(tests) == 0 {
		return nil, nil
	}
	found := make([]bool, len(tests))
	into := make([]any, len(tests))
	for i := range found {
		into[i] = &found[i]
	}
	sql := fmt.Sprintf("SELECT %s FROM (SELECT %s FROM %s LIMIT %d) AS sample",
		strings.Join(tests, ", "), strings.Join(names, ", "), pgx.Identifier{columns[0].table}.Sanitize(), sampled)
	if err := conn.QueryRow(ctx, sql).Scan(into...); err != nil {
		return nil, fmt.Errorf("reading rows of %s: %w", columns[0].table, err)
	}
	for i, is := range found {
		if is {
			differences = append(differences, lines[i])
		}
	}
	return differences, nil
}
