// Package schema holds the database's migrations, the only definition of its
// tables: goose applies them, sqlc reads the same files.
package schema

import (
	"bytes"
	"embed"
	"io"
	"io/fs"
	"strings"
)

// Migrations are the goose migrations, in order of their numbers.
//
//go:embed *.sql
var Migrations embed.FS

// Service returns the same migrations without the tables of resumes, for a database where
// they belong to another product: the lines from "-- +part resumes" to the next
// "-- +part service", or to the end of the direction, are blank. A migration of the service
// must not need a table of resumes, which may be a view: no foreign key, no trigger.
func Service() fs.FS { return service{Migrations} }

type service struct{ fs.FS }

// Open opens a migration without its parts on the tables of resumes.
func (s service) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	text, err := io.ReadAll(f)
	if err != nil {
		_ = f.Close() // it was only read
		return nil, err
	}
	return filtered{f, bytes.NewReader(withoutResumes(text))}, nil
}

// filtered is a file with another content.
type filtered struct {
	fs.File
	content io.Reader
}

// Read reads the content.
func (f filtered) Read(p []byte) (int, error) { return f.content.Read(p) }

// withoutResumes empties the lines that belong to the tables of resumes. The numbers of
// the other lines stay, for goose's errors.
func withoutResumes(text []byte) []byte {
	var out bytes.Buffer
	resumes := false
	for line := range bytes.Lines(text) {
		switch strings.TrimSpace(string(line)) {
		case "-- +part resumes":
			resumes = true
		case "-- +part service", "-- +goose Up", "-- +goose Down":
			resumes = false
		}
		if resumes {
			line = []byte("\n")
		}
		_, _ = out.Write(line) // never fails
	}
	return out.Bytes()
}
