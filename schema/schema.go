// Package schema holds the database's migrations, the only definition of its
// tables: goose applies them, sqlc reads the same files.
package schema

import "embed"

// Migrations are the goose migrations, in order of their numbers.
//
//go:embed *.sql
var Migrations embed.FS
