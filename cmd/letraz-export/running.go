package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// running describes a running serve: how to reach it and its database. serve writes it to a file
// in the data directory, for other commands on this machine.
type running struct {
	PID         int    `json:"pid"`
	URL         string `json:"url"`
	DatabaseURL string `json:"database_url,omitempty"` // only of the private Postgres; contains no secret
}

const runningFile = "serve.json"

// write writes the file and returns a function that removes it.
func (r running) write(dir string) (func(), error) {
	data, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", runningFile, err)
	}
	path := filepath.Join(dir, runningFile)
	tmp := path + ".new"
	if err := os.WriteFile(tmp, append(data, '\n'), 0o600); err != nil {
		return nil, fmt.Errorf("writing %s for other commands: %w", runningFile, err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return nil, fmt.Errorf("writing %s for other commands: %w", runningFile, err)
	}
	return func() { _ = os.Remove(path) }, nil // readRunning detects a stale file
}

// readRunning returns the serve that uses the data directory.
func readRunning(dir string) (running, error) {
	data, err := os.ReadFile(filepath.Join(dir, runningFile))
	if errors.Is(err, os.ErrNotExist) {
		return running{}, fmt.Errorf("no letraz-export serve is running on %s", dir)
	}
	if err != nil {
		return running{}, fmt.Errorf("looking for a running serve: %w", err)
	}
	var r running
	if err := json.Unmarshal(data, &r); err != nil {
		return running{}, fmt.Errorf("reading %s: %w", filepath.Join(dir, runningFile), err)
	}
	// After a crash the file is stale, and another program may listen at its address.
	if err := syscall.Kill(r.PID, 0); errors.Is(err, syscall.ESRCH) {
		return running{}, fmt.Errorf("the letraz-export serve on %s (process %d) has ended; start it again", dir, r.PID)
	}
	return r, nil
}

// databaseURL returns the URL of the configured database, or of the private one of a running
// serve.
func databaseURL(db databaseFlags, data dataFlags) (string, error) {
	if db.DatabaseURL != "" {
		return db.DatabaseURL, nil
	}
	r, err := readRunning(data.DataDir)
	if err != nil {
		return "", fmt.Errorf("no database: set DATABASE_URL, or start letraz-export serve (%w)", err)
	}
	if r.DatabaseURL == "" {
		return "", errors.New("no database: the running serve uses an external one; set the same DATABASE_URL")
	}
	return r.DatabaseURL, nil
}
