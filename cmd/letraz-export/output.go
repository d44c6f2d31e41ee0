package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/letrazapp/letraz-export/internal/client"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

// jsonFlag selects the form of the output.
type jsonFlag struct {
	JSON bool `name:"json" help:"Print JSON: one object a line."`
}

// printLine prints a value as JSON in one line.
func printLine(e *env, v any) error {
	if err := json.NewEncoder(e.stdout).Encode(v); err != nil {
		return fmt.Errorf("printing JSON: %w", err)
	}
	return nil
}

// printExports prints exports as a table, or as JSON as the API represents them.
func (j jsonFlag) printExports(e *env, exports ...client.Export) error {
	if j.JSON {
		for _, a := range exports {
			if err := printLine(e, a); err != nil {
				return err
			}
		}
		return nil
	}
	table := terminal.NewTable("EXPORT", "RESUME", "FORMAT", "TEMPLATE", "STATUS", "CREATED", "FILE")
	for _, a := range exports {
		table.Row(a.ID, a.ResumeID, a.Format, a.Template, a.Status, a.CreatedAt.UTC().Format(time.RFC3339), a.Filename)
	}
	return table.Print(e.stdout)
}

// printIDs prints ids, or objects with the member id.
func (j jsonFlag) printIDs(e *env, ids ...string) error {
	for _, id := range ids {
		if j.JSON {
			if err := printLine(e, map[string]string{"id": id}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintln(e.stdout, terminal.Line(id))
	}
	return nil
}

// eachID calls do for each id and prints the errors. It fails with the message, which has verbs
// for the number of failures and of ids, if one fails.
func eachID(e *env, ids []string, message string, do func(id string) error) error {
	failed := 0
	for _, id := range ids {
		if err := do(id); err != nil {
			failed++
			fmt.Fprintf(e.stderr, "%s: %s\n", terminal.Line(id), terminal.Line(err.Error()))
		}
	}
	if failed > 0 {
		return fmt.Errorf(message, failed, len(ids))
	}
	return nil
}

// standardStream is the name of standard input and output where a file is expected.
const standardStream = "-"

// writeOutput has write write a file under a temporary name first, so that the file of that name
// is whole. The name - means standard output.
func writeOutput(e *env, name string, write func(io.Writer) error) (err error) {
	if name == standardStream {
		return write(e.bytes)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".letraz-export-*"+filepath.Ext(name))
	if err != nil {
		return fmt.Errorf("creating %s: %w", terminal.Line(name), err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	err = write(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", terminal.Line(name), err)
	}
	return nil
}
