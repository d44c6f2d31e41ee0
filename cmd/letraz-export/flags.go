package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/auth"
)

// This file has the groups of flags that several commands share.

type dataFlags struct {
	DataDir string `help:"Directory for local data: files, and the database, queue and token secret where none are configured." default:"${data_dir}" env:"LETRAZ_DATA_DIR" type:"path" group:"data"`
}

type databaseFlags struct {
	DatabaseURL string `name:"database-url" placeholder:"URL" help:"Postgres database, as postgres://user:password@host:5432/database. Default: serve starts a private one, which sweep, erase and import then use; other commands require it." env:"DATABASE_URL" group:"data"`
	MaxConns    int32  `help:"Maximum database connections of this process; 0: the number of cores, at least 4." default:"0" env:"LETRAZ_MAX_CONNS" group:"data"`
}

type natsFlags struct {
	NATSURL      string `name:"nats-url" placeholder:"URL" help:"NATS servers, as nats://host:4222, separated by commas. Default: serve runs a private one; other commands require it." env:"NATS_URL" group:"data"`
	NATSReplicas int    `name:"nats-replicas" help:"Replicas of each stream in a NATS cluster, 1 to 5." default:"1" env:"LETRAZ_NATS_REPLICAS" group:"data"`
}

type blobFlags struct {
	BlobURL string `name:"blob-url" placeholder:"URL" help:"Store of finished files, which must exist: a directory, or s3://bucket?region=… (docs/storage.md). Default: serve uses the data directory; other commands require it." env:"BLOB_URL" group:"data"`
}

type authFlags struct {
	JWTSecret    string        `name:"jwt-secret" placeholder:"SECRET" help:"Secret of bearer tokens (HS256), at least 32 bytes. Default without --jwks-url: one in the data directory, and only a loopback address is allowed." env:"JWT_SECRET" group:"auth"`
	JWTSecretOld []string      `name:"jwt-secret-old" placeholder:"SECRET" help:"Earlier secrets, separated by commas: tokens signed with them are accepted, too, until they expire." env:"JWT_SECRET_OLD" group:"auth"`
	JWKSURL      string        `name:"jwks-url" placeholder:"URL" help:"Key set (JWKS) of the identity provider, instead of --jwt-secret. Example: https://id.example.com/jwks.json" env:"JWKS_URL" group:"auth"`
	JWKSMaxAge   time.Duration `name:"jwks-max-age" help:"Time that the key set is used while it cannot be fetched again; after it, every token is refused." default:"24h" env:"LETRAZ_JWKS_MAX_AGE" group:"auth"`
	JWTClaims    []string      `name:"jwt-claim" placeholder:"NAME[=VALUE]" help:"Claims that tokens are required to have besides sub and exp, separated by commas, as email_verified=true; of a list, one value." env:"LETRAZ_JWT_CLAIMS" group:"auth"`

	partyFlags `embed:""`
}

// options returns what is required of tokens.
func (f authFlags) options(log *slog.Logger) (auth.Options, error) {
	o := auth.Options{Parties: f.parties(), KeysMaxAge: f.JWKSMaxAge, Logger: log}
	for _, text := range f.JWTClaims {
		c, err := auth.ParseClaim(text)
		if err != nil {
			return o, fmt.Errorf("--jwt-claim %s: %w", text, err)
		}
		o.Claims = append(o.Claims, c)
	}
	return o, nil
}

// partyFlags are the flags of commands that check or make tokens.
type partyFlags struct {
	JWTIssuer   string `name:"jwt-issuer" placeholder:"ISSUER" help:"Issuer (iss) of the tokens; the API refuses those of others. Default: any." env:"LETRAZ_JWT_ISSUER" group:"auth"`
	JWTAudience string `name:"jwt-audience" placeholder:"AUDIENCE" help:"Audience (aud) of the tokens; the API refuses those for others. Default: any." env:"LETRAZ_JWT_AUDIENCE" group:"auth"`
}

func (f partyFlags) parties() auth.Parties {
	return auth.Parties{Issuer: f.JWTIssuer, Audience: f.JWTAudience}
}

type listenFlags struct {
	Listen         string `help:"Address of the HTTP API; port 0 chooses a free port." default:"127.0.0.1:8080" env:"LETRAZ_LISTEN" group:"listen"`
	MaxStreams     int    `help:"Open streams of events of all users, 1 to 100000." default:"10000" env:"LETRAZ_MAX_STREAMS" group:"listen"`
	MaxUserStreams int    `help:"Open streams of events of one user, 1 to 100000." default:"20" env:"LETRAZ_MAX_USER_STREAMS" group:"listen"`
	MaxAttempts    int    `help:"Maximum attempts at an export, 1 to 100." default:"5" env:"LETRAZ_MAX_ATTEMPTS" group:"work"`
}

// resumeFlags say what callers of the API may do with resumes. Neither has an effect where the
// tables of resumes are not the service's own.
type resumeFlags struct {
	WriteResumes   bool     `help:"Take resumes over HTTP: PUT and DELETE /v1/resumes/{id}. They never change the tables of another product." default:"true" negatable:"" env:"LETRAZ_WRITE_RESUMES" group:"resumes"`
	CreateUsers    bool     `help:"Create a user whom a valid token names and the database does not know, with the first resume that is sent. Otherwise such callers get 403." default:"true" negatable:"" env:"LETRAZ_CREATE_USERS" group:"resumes"`
	FrameAncestors []string `placeholder:"ORIGIN" help:"Origins of pages that may show previews in a frame, as https://app.example.com, separated by commas. Default: none." env:"LETRAZ_FRAME_ANCESTORS" group:"resumes"`
}

// check validates the flags.
func (f resumeFlags) check() error {
	for _, origin := range f.FrameAncestors {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Scheme+"://"+u.Host != origin || strings.ContainsAny(origin, " ;,'\"") {
			return fmt.Errorf("--frame-ancestors: %q is no origin: give it as https://app.example.com, without a path", origin)
		}
	}
	return nil
}

// frameAncestors returns the sources of the directive frame-ancestors; empty: the default.
func (f resumeFlags) frameAncestors() string { return strings.Join(f.FrameAncestors, " ") }

type chromeFlags struct {
	Chrome     string `placeholder:"PROGRAM" help:"Browser program. Default: the first that is installed of Chrome's headless shell, Chromium and Chrome." env:"LETRAZ_CHROME" group:"chrome"`
	ChromeUser string `help:"Unprivileged account the browser runs under when this process is root." default:"nobody" env:"LETRAZ_CHROME_USER" group:"chrome"`
	FontConfig string `placeholder:"FILE" help:"Fontconfig configuration file, to give the browser other fonts than the system's." env:"FONTCONFIG_FILE" group:"chrome"`
	// Off by default: a missing font affects only the resumes in its scripts.
	RequireFonts bool `help:"Refuse to start when a font is missing, instead of logging a warning." env:"LETRAZ_REQUIRE_FONTS" group:"chrome"`
	NoSandbox    bool `help:"Turn off Chrome's sandbox. Only where it cannot work and the process is isolated otherwise." env:"LETRAZ_NO_SANDBOX" group:"chrome"`
}

type workFlags struct {
	Slots    int           `help:"Maximum exports rendered at the same time; 0: one per core, with 250 MB of memory for each." default:"0" env:"LETRAZ_SLOTS" group:"work"`
	SlotsMin int           `help:"Browsers kept ready when idle, besides one on standby. More are started, up to --slots, while exports wait." default:"1" env:"LETRAZ_SLOTS_MIN" group:"work"`
	MaxPages int           `help:"Maximum pages of a PDF, 1 to 1000; a longer resume fails with document_too_large." default:"50" env:"LETRAZ_MAX_PAGES" group:"work"`
	Lease    time.Duration `help:"Time after which an export is taken from a worker that has stopped renewing its claim." default:"30s" env:"LETRAZ_LEASE" group:"work"`
	Deadline time.Duration `help:"Maximum time of one attempt." default:"2m" env:"LETRAZ_DEADLINE" group:"work"`
	Reuse    bool          `help:"Copy the file of an unchanged resume instead of printing it again. Turn it off for a while after fonts have changed." default:"true" negatable:"" env:"LETRAZ_REUSE" group:"work"`
	Grace    time.Duration `help:"Time that running work has to finish at shutdown before it is returned to the queue." default:"20s" env:"LETRAZ_GRACE" group:"work"`
}

// check validates the flags.
func (f workFlags) check() error {
	if err := f.checkSlots(); err != nil {
		return err
	}
	switch {
	case f.MaxPages < 1 || f.MaxPages > 1000:
		return fmt.Errorf("--max-pages must be between 1 and 1000")
	case f.Lease < 5*time.Second:
		return fmt.Errorf("--lease must be at least 5s: a shorter one is lost in a hiccup")
	case f.Deadline < time.Second:
		return fmt.Errorf("--deadline must be at least 1s")
	case f.Grace < 0:
		return fmt.Errorf("--grace must not be negative")
	}
	return nil
}

// check validates the flags.
func (f listenFlags) check() error {
	if f.MaxAttempts < 1 || f.MaxAttempts > 100 {
		return fmt.Errorf("--max-attempts must be between 1 and 100")
	}
	if f.MaxStreams < 1 || f.MaxStreams > 100_000 || f.MaxUserStreams < 1 || f.MaxUserStreams > 100_000 {
		return fmt.Errorf("--max-streams and --max-user-streams must be between 1 and 100000")
	}
	return nil
}

// check validates the flags.
func (f natsFlags) check() error {
	if f.NATSReplicas < 1 || f.NATSReplicas > 5 {
		return fmt.Errorf("--nats-replicas must be between 1 and 5")
	}
	return nil
}

// defaultDataDir returns the system's directory for a program's data: below /var/lib for root,
// below the XDG data directory for others.
func defaultDataDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/letraz-export"
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "letraz-export")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "letraz-export-data"
	}
	return filepath.Join(home, ".local", "share", "letraz-export")
}

// secretFile returns the path of the secret that is used when none is configured.
func (f dataFlags) secretFile() string { return filepath.Join(f.DataDir, "token-secret") }

// location returns the configured file store, or the one in the data directory.
func (f blobFlags) location(d dataFlags) string {
	if f.BlobURL != "" {
		return f.BlobURL
	}
	return filepath.Join(d.DataDir, "files")
}

// loopback reports whether only this machine can reach the address.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// baseURL returns the URL at which a client on this machine reaches a listener.
func baseURL(address net.Addr) string {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return "http://" + address.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return (&url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}).String()
}
