package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"
)

type exportCmd struct {
	ResumeIDs []string      `arg:"" name:"resume-id" help:"Resumes to export."`
	Out       string        `short:"o" required:"" placeholder:"DIR" help:"Directory for the files; created when missing." type:"path"`
	Format    string        `help:"What to make: ${enum}." enum:"pdf,html,json" default:"pdf"`
	Template  string        `placeholder:"NAME" help:"Template. Default: the API's."`
	Paper     string        `help:"Paper size: ${enum}." enum:"a4,letter" default:"a4"`
	JobID     string        `name:"job-id" placeholder:"ID" help:"Job posting the exports are for."`
	Server    string        `placeholder:"URL" help:"Address of the API. Default: the serve that runs on the data directory." env:"LETRAZ_URL"`
	Token     string        `placeholder:"TOKEN" help:"Bearer token." env:"LETRAZ_TOKEN" xor:"who"`
	As        string        `placeholder:"USER" help:"Act as this user, with a token signed by --jwt-secret or the secret in the data directory; instead of --token." xor:"who"`
	JWTSecret string        `name:"jwt-secret" placeholder:"SECRET" help:"The secret the API checks tokens with, for --as." env:"JWT_SECRET" group:"auth"`
	Parallel  int           `help:"Exports asked for at the same time, 1 to 64." default:"8"`
	Timeout   time.Duration `help:"How long to wait for each export." default:"2m"`
	dataFlags `embed:""`
}

// Validate is called by kong.
func (x *exportCmd) Validate() error {
	if x.Parallel < 1 || x.Parallel > 64 {
		return errors.New("--parallel must be between 1 and 64")
	}
	if u, err := url.Parse(x.Server); x.Server != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("--server %s is no address: give it as http://127.0.0.1:8080", x.Server)
	}
	return nil
}

// exported is what became of one resume.
type exported struct {
	resumeID string
	export   exportAnswer
	took     time.Duration // from asking until ready
	file     string
	err      error
}

// Run asks for every export, follows them, downloads the files and prints a
// table. It fails when one of them did.
func (x *exportCmd) Run(e *env) error {
	client, err := x.client()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(x.Out, 0o755); err != nil {
		return fmt.Errorf("creating the output directory: %w", err)
	}
	results := make([]exported, len(x.ResumeIDs))
	files := &fileNames{dir: x.Out, taken: map[string]bool{}}
	group, ctx := errgroup.WithContext(e.ctx)
	group.SetLimit(x.Parallel)
	for i, id := range x.ResumeIDs {
		group.Go(func() error {
			results[i] = x.one(ctx, client, id, files)
			return nil // the others go on
		})
	}
	_ = group.Wait() // the functions return none
	return printExported(e, results)
}

func (x *exportCmd) client() (*apiClient, error) {
	server, token := x.Server, x.Token
	if server == "" {
		r, err := readRunning(x.DataDir)
		if err != nil {
			return nil, fmt.Errorf("where is the API? Give --server, or start letraz-export serve (%w)", err)
		}
		server = r.URL
	}
	switch {
	case x.As != "":
		var err error
		if token, err = signToken(x.JWTSecret, x.dataFlags, x.As, time.Hour); err != nil {
			return nil, err
		}
	case token == "":
		return nil, errors.New("who is asking? Give --token (see letraz-export token), or --as USER on the machine that serve runs on")
	}
	return newAPIClient(strings.TrimSuffix(server, "/"), token), nil
}

// one takes one resume from request to file.
func (x *exportCmd) one(ctx context.Context, client *apiClient, resumeID string, files *fileNames) exported {
	ctx, cancel := context.WithTimeout(ctx, x.Timeout)
	defer cancel()
	res := exported{resumeID: resumeID}
	start := time.Now()
	ask := createRequest{ResumeID: resumeID, JobID: x.JobID, Format: x.Format, Template: x.Template, Paper: x.Paper}
	if res.export, res.err = client.create(ctx, ask); res.err != nil {
		return res
	}
	if res.export, res.err = client.wait(ctx, res.export); res.err != nil {
		return res
	}
	res.took = time.Since(start)
	if res.export.Status != "ready" {
		res.err = fmt.Errorf("%s: %s", res.export.Status, res.export.reason())
		return res
	}
	data, err := client.download(ctx, res.export)
	if err != nil {
		res.err = err
		return res
	}
	res.file = files.choose(res.export.Filename)
	if err := os.WriteFile(res.file, data, 0o644); err != nil {
		res.err = fmt.Errorf("writing the file: %w", err)
	}
	return res
}

func printExported(e *env, results []exported) error {
	table := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RESUME\tPAGES\tBYTES\tMS\tFILE")
	failed := 0
	for _, r := range results {
		if r.err != nil {
			failed++
			fmt.Fprintf(table, "%s\t-\t-\t-\tFAILED\n", r.resumeID)
			continue
		}
		pages := "-"
		if r.export.Pages > 0 {
			pages = strconv.Itoa(r.export.Pages)
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\n", r.resumeID, pages, r.export.Size, r.took.Milliseconds(), filepath.Base(r.file))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("printing the table: %w", err)
	}
	if failed == 0 {
		return nil
	}
	for _, r := range results {
		if r.err != nil {
			fmt.Fprintf(e.stderr, "%s: %v\n", r.resumeID, r.err)
		}
	}
	return fmt.Errorf("%d of %d exports failed", failed, len(results))
}
