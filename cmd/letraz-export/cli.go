package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/telemetry"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

// cli has every command and flag. The help texts are the only description of a flag; the
// README's table is generated from them.
type cli struct {
	Serve       serveCmd       `cmd:"" help:"Run every role in one process, with a private Postgres and NATS where none is configured. Example: letraz-export serve --listen 127.0.0.1:8080"`
	API         apiCmd         `cmd:"" name:"api" help:"Run the HTTP API."`
	Worker      workerCmd      `cmd:"" help:"Run a worker, which renders requested exports."`
	Dispatch    dispatchCmd    `cmd:"" help:"Run the dispatcher, which republishes lost messages and requeues expired leases."`
	Sweep       sweepCmd       `cmd:"" help:"Delete expired exports: one pass, or one every --every. Example: letraz-export sweep --every 1m"`
	Migrate     migrateCmd     `cmd:"" help:"Create or update the database schema and the NATS streams. Several may run at once."`
	Import      importCmd      `cmd:"" help:"Import resume files and print the id of each resume. What had to be repaired, guessed or left out is noted. Example: letraz-export import resume.json"`
	Check       checkCmd       `cmd:"" help:"Say what of resume files is repaired, guessed or not shown, without rendering them. Example: letraz-export check --strict resume.json"`
	Export      exportCmd      `cmd:"" help:"Export resumes through a running API and download the files. Example: letraz-export export rsm_x --as user_1 -o out"`
	Batch       batchCmd       `cmd:"" help:"Export many resumes together, in the lane bulk, through a running API. Example: letraz-export batch create rsm_x rsm_y --as user_1 --wait -o files.zip"`
	List        listCmd        `cmd:"" help:"List exports, newest first, through a running API. Example: letraz-export list --status failed --as user_1"`
	Status      statusCmd      `cmd:"" help:"Show exports and why they failed. Example: letraz-export status EXPORT_ID --wait --as user_1"`
	Cancel      cancelCmd      `cmd:"" help:"Cancel exports that are not finished. Example: letraz-export cancel EXPORT_ID --as user_1"`
	Link        linkCmd        `cmd:"" help:"Print links to the files of exports, for whoever should download them without a token. Example: letraz-export link EXPORT_ID --as user_1"`
	Retry       retryCmd       `cmd:"" help:"Queue failed exports again, through a running API. Example: letraz-export retry --failed --as staff_1"`
	Templates   templatesCmd   `cmd:"" help:"List the templates of a running API."`
	Erase       eraseCmd       `cmd:"" help:"Delete every export of a user, with its files."`
	Render      renderCmd      `cmd:"" help:"Render a resume file without a server. Example: letraz-export render resume.json -o resume.pdf"`
	Bench       benchCmd       `cmd:"" help:"Measure the service against Chrome alone, on private servers."`
	Key         keyCmd         `cmd:"" help:"Create, list, rotate and revoke API keys, for programs that act for users (docs/callers.md)."`
	Audit       auditCmd       `cmd:"" help:"List the audit log: who changed what through the API, newest first. Example: letraz-export audit --user user_1 --since 24h"`
	Token       tokenCmd       `cmd:"" help:"Print a bearer token for a user, for development."`
	Debug       debugCmd       `cmd:"" help:"Show all that is known about the processing of an export, without its content. Example: letraz-export debug EXPORT_ID --logs worker.log"`
	Healthcheck healthcheckCmd `cmd:"" help:"Check the health of a running process, for containers."`
	Completion  completionCmd  `cmd:"" help:"Print a script that completes commands and flags in a shell. Example: letraz-export completion bash > /etc/bash_completion.d/letraz-export"`
	OpenAPI     openapiCmd     `cmd:"" name:"openapi" help:"Print the OpenAPI document of the HTTP API. Example: letraz-export openapi --format yaml > openapi.yaml"`
	Version     versionCmd     `cmd:"" help:"Print the version."`

	PrintVersion kong.VersionFlag `name:"version" help:"Print the version."`

	LogLevel  slog.Level `help:"Lowest level to log: debug, info, warn or error." default:"info" env:"LETRAZ_LOG_LEVEL" group:"logging"`
	LogFormat string     `help:"Format of the log: text or json." enum:"text,json" default:"text" env:"LETRAZ_LOG_FORMAT" group:"logging"`
}

// env is the environment of a command, made by run.
type env struct {
	ctx    context.Context // ends at the first signal
	stdin  io.Reader
	stdout io.Writer // for text; escapes what would control a terminal
	stderr io.Writer
	bytes  io.Writer // standard output, for files
	// terminal is standard error if that is a terminal, otherwise nil. What is written to it must
	// be escaped.
	terminal *os.File
	colors   bool // that may be shown in the terminal
	log      *slog.Logger
	// metrics are those of a role that has an operations port, set by the role; otherwise nil.
	metrics *telemetry.Metrics
	// tracing sends spans, if the role was told where to; otherwise nil.
	tracing *telemetry.Tracing
}

// run runs the program and returns the exit status: 0 for success, 1 for a failure, 2 for an
// invalid command line.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	e := &env{ctx: ctx, stdin: stdin, bytes: stdout, terminal: terminalOf(stderr), colors: os.Getenv("NO_COLOR") == ""}
	// The output contains names from resumes, file names and messages of servers, which may hold
	// control characters.
	stdout, stderr = terminal.NewWriter(stdout), terminal.NewWriter(stderr)
	e.stdout, e.stderr = stdout, stderr
	var c cli
	status := -1
	parser, err := newParser(&c, kong.Writers(stdout, stderr), kong.Exit(func(code int) { status = code }))
	if err != nil {
		fmt.Fprintln(stderr, "letraz-export:", err)
		return 1
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if status >= 0 {
		return status // --help was printed
	}
	if err != nil {
		help := "letraz-export --help"
		var wrong *kong.ParseError
		if errors.As(err, &wrong) && wrong.Context.Command() != "" {
			help = "letraz-export " + strings.Fields(wrong.Context.Command())[0] + " --help"
		}
		fmt.Fprintf(stderr, "letraz-export: %v\nTry %s.\n", err, help)
		return 2
	}
	if err := render.CheckFormats(); err != nil {
		fmt.Fprintln(stderr, "letraz-export:", err)
		return 1
	}
	e.log = newLogger(stderr, c.LogLevel, c.LogFormat)
	if err := command.Run(e); err != nil {
		if c.LogFormat == "json" { // every line is an object then
			e.log.Error("the command failed", "error", err)
		} else {
			fmt.Fprintln(stderr, "letraz-export:", err)
		}
		return 1
	}
	return 0
}

func newParser(c *cli, options ...kong.Option) (*kong.Kong, error) {
	return kong.New(c, append([]kong.Option{
		kong.Name("letraz-export"),
		kong.Description("Exports resumes kept in Postgres as PDF: an API, a durable queue, workers with warm headless Chrome.\n\n" +
			"Start with: letraz-export serve"),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.ExplicitGroups([]kong.Group{
			{Key: "listen", Title: "Listening"}, {Key: "data", Title: "Data"}, {Key: "auth", Title: "Authentication"}, {Key: "callers", Title: "Callers"}, {Key: "resumes", Title: "Resumes"},
			{Key: "chrome", Title: "Rendering"}, {Key: "work", Title: "Working"}, {Key: "logging", Title: "Logging"},
		}),
		kong.Vars{"version": versionLine(), "data_dir": defaultDataDir(), "formats": formatNames(), "endings": formatEndings(), "files": sourceFiles, "scopes": scopeNames()},
	}, options...)...)
}

// newLogger returns a logger whose lines have the version of the program, so that those of
// processes of two versions can be told apart during an upgrade.
func newLogger(w io.Writer, level slog.Level, format string) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	var h slog.Handler = slog.NewTextHandler(w, o)
	if format == "json" {
		h = slog.NewJSONHandler(w, o)
	}
	return slog.New(h).With("version", version())
}
