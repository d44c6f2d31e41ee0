package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/letrazapp/letraz-export/internal/bench"
	"github.com/letrazapp/letraz-export/internal/client"
)

type benchSoakCmd struct {
	Exports    int `help:"Total exports; each is printed and downloaded." default:"20000"`
	Every      int `help:"Exports in each line of the table." default:"1000"`
	Clients    int `help:"Concurrent HTTP clients, each requesting, waiting and downloading." default:"8"`
	benchFlags `embed:""`
}

// Validate is called by kong.
func (b *benchSoakCmd) Validate() error {
	if b.Every < 1 || b.Exports < b.Every || b.Exports > 100_000_000 {
		return errors.New("--every must be at least 1 and --exports at least that")
	}
	return b.check(b.Clients)
}

// Run runs the soak. A failure, growth or leftover beyond the limits is an error.
func (b *benchSoakCmd) Run(e *env) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	soak := bench.Soak{Exports: b.Exports, Every: b.Every, Clients: b.Clients, Program: b.program(self), Logger: e.log}
	report, err := soak.Measure(e.ctx)
	if err != nil {
		return err
	}
	return errors.Join(b.show(e, report), report.Err())
}

// program returns the command line with which the soak starts this program.
func (b *benchSoakCmd) program(path string) bench.Program {
	slots := strconv.Itoa(b.slots())
	return bench.Program{
		Path: path,
		Serve: func(dir string) []string {
			args := []string{"serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--slots", slots, "--slots-min", slots, "--no-reuse", "--chrome-user", b.ChromeUser}
			if b.Chrome != "" {
				args = append(args, "--chrome", b.Chrome)
			}
			if b.NoSandbox {
				args = append(args, "--no-sandbox")
			}
			return args
		},
		Import: func(dir string) []string {
			return []string{"import", "--samples", "--user", bench.User, "--data-dir", dir}
		},
		Connect: func(dir string) (*client.Client, error) {
			here, err := readRunning(dir)
			if err != nil {
				return nil, err
			}
			token, err := signToken("", partyFlags{}, dataFlags{DataDir: dir}, bench.User, 7*24*time.Hour)
			if err != nil {
				return nil, err
			}
			c := client.New(here.URL, token)
			c.HTTP.Transport = &http.Transport{MaxIdleConnsPerHost: b.Clients}
			return c, nil
		},
		Files:   func(dir string) string { return blobFlags{}.location(dataFlags{DataDir: dir}) },
		Setting: isSetting,
	}
}
