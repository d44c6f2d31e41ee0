// Command dashboards writes the Grafana dashboard of the service. It is run by make
// generate, from the root of the repository.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

const file = "deploy/grafana/letraz-export.json"

func main() { os.Exit(run(file, os.Stderr)) }

// run writes the dashboard to a file and returns the exit status.
func run(file string, stderr io.Writer) int {
	data, err := document()
	if err == nil {
		err = os.WriteFile(file, data, 0o644)
	}
	if err != nil {
		fmt.Fprintln(stderr, "dashboards:", err)
		return 1
	}
	return 0
}

// document returns the dashboard as Grafana imports it.
func document() ([]byte, error) {
	data, err := json.MarshalIndent(service().json(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing the dashboard: %w", err)
	}
	return append(data, '\n'), nil
}
