package main

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/letrazapp/letraz-export/internal/auth"
)

// The flags that several commands share, in groups.

type dataFlags struct {
	DataDir string `help:"Directory for what this machine keeps: files, and the database, queue and token secret where none are configured." default:"${data_dir}" env:"LETRAZ_DATA_DIR" type:"path" group:"data"`
}

type databaseFlags struct {
	DatabaseURL string `name:"database-url" placeholder:"URL" help:"Postgres, as postgres://user:password@host:5432/database. serve brings its own without it, and sweep, erase and import then use that one; other commands need it." env:"DATABASE_URL" group:"data"`
	MaxConns    int32  `help:"Most database connections of this process; 0: the greater of 4 and the number of cores." default:"0" env:"LETRAZ_MAX_CONNS" group:"data"`
}

type natsFlags struct {
	NATSURL      string `name:"nats-url" placeholder:"URL" help:"NATS, as nats://host:4222; several for a cluster, with commas. serve runs its own without it; other commands need it." env:"NATS_URL" group:"data"`
	NATSReplicas int    `name:"nats-replicas" help:"Copies of each stream in a NATS cluster, 1 to 5." default:"1" env:"LETRAZ_NATS_REPLICAS" group:"data"`
}

type blobFlags struct {
	BlobURL string `name:"blob-url" placeholder:"URL" help:"Where finished files are kept: a directory, or s3://bucket?region=…. serve keeps them in the data directory without it; other commands need it." env:"BLOB_URL" group:"data"`
}

type authFlags struct {
	JWTSecret string `name:"jwt-secret" placeholder:"SECRET" help:"Secret of at least 32 bytes that bearer tokens (HS256) are signed with. Without it and --jwks-url: one kept in the data directory, and a loopback address only." env:"JWT_SECRET" group:"auth"`
	JWKSURL   string `name:"jwks-url" placeholder:"URL" help:"Where the identity provider publishes the keys of its tokens, instead of --jwt-secret." env:"JWKS_URL" group:"auth"`

	partyFlags `embed:""`
}

// partyFlags are for whoever checks tokens, and for whoever makes them for those.
type partyFlags struct {
	JWTIssuer   string `name:"jwt-issuer" placeholder:"ISSUER" help:"Issuer (iss) of the tokens; the API refuses those of others. Default: any." env:"LETRAZ_JWT_ISSUER" group:"auth"`
	JWTAudience string `name:"jwt-audience" placeholder:"AUDIENCE" help:"Audience (aud) of the tokens; the API refuses those for others. Default: any." env:"LETRAZ_JWT_AUDIENCE" group:"auth"`
}

func (f partyFlags) parties() auth.Parties {
	return auth.Parties{Issuer: f.JWTIssuer, Audience: f.JWTAudience}
}

type listenFlags struct {
	Listen      string `help:"Address of the HTTP API; port 0 picks a free one." default:"127.0.0.1:8080" env:"LETRAZ_LISTEN" group:"listen"`
	MaxAttempts int    `help:"Attempts an export gets before it fails, 1 to 100." default:"5" env:"LETRAZ_MAX_ATTEMPTS" group:"work"`
}

type healthFlags struct {
	HealthListen string `placeholder:"ADDRESS" help:"Address for /healthz and /readyz of this process. Without it there is none." env:"LETRAZ_HEALTH_LISTEN" group:"listen"`
}

type chromeFlags struct {
	Chrome     string `placeholder:"PROGRAM" help:"Browser program. Default: Chrome's headless shell, Chromium or Chrome, whichever is installed." env:"LETRAZ_CHROME" group:"chrome"`
	ChromeUser string `help:"Unprivileged account the browser runs under when this process is root." default:"nobody" env:"LETRAZ_CHROME_USER" group:"chrome"`
	FontConfig string `placeholder:"FILE" help:"Configuration file of fontconfig, for a browser that is to see other fonts than the machine's." env:"FONTCONFIG_FILE" group:"chrome"`
	// Off by default: a missing script is no reason to refuse all others.
	RequireFonts bool `help:"Do not start when a font is missing, instead of warning." env:"LETRAZ_REQUIRE_FONTS" group:"chrome"`
	NoSandbox    bool `help:"Turn Chrome's own sandbox off. Only where it cannot work and something else isolates the process." env:"LETRAZ_NO_SANDBOX" group:"chrome"`
}

type workFlags struct {
	Slots    int           `help:"Most exports rendered at the same time; 0: one for each core, as far as there are 250 MB for each." default:"0" env:"LETRAZ_SLOTS" group:"work"`
	SlotsMin int           `help:"Browsers that stay ready without work, besides one that stands by. More are started, up to --slots, while exports wait." default:"1" env:"LETRAZ_SLOTS_MIN" group:"work"`
	MaxPages int           `help:"Pages a PDF may have, 1 to 1000; a longer resume fails as too large." default:"50" env:"LETRAZ_MAX_PAGES" group:"work"`
	Lease    time.Duration `help:"How long a claimed export stays with a worker that gives no sign of life." default:"30s" env:"LETRAZ_LEASE" group:"work"`
	Deadline time.Duration `help:"Longest time one attempt may take." default:"2m" env:"LETRAZ_DEADLINE" group:"work"`
	Reuse    bool          `help:"Copy the file of an unchanged resume instead of printing it again. Turn it off after a change of what is printed with, such as the fonts." default:"true" negatable:"" env:"LETRAZ_REUSE" group:"work"`
	Grace    time.Duration `help:"How long work under way may go on at shutdown before it is handed back." default:"20s" env:"LETRAZ_GRACE" group:"work"`
}

// check is for the commands' Validate, which kong calls.
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

// check is for the commands' Validate, which kong calls.
func (f listenFlags) check() error {
	if f.MaxAttempts < 1 || f.MaxAttempts > 100 {
		return fmt.Errorf("--max-attempts must be between 1 and 100")
	}
	return nil
}

// check is for the commands' Validate, which kong calls.
func (f natsFlags) check() error {
	if f.NATSReplicas < 1 || f.NATSReplicas > 5 {
		return fmt.Errorf("--nats-replicas must be between 1 and 5")
	}
	return nil
}

// defaultDataDir is where the system wants a program's data: /var/lib for root,
// the XDG directory for others.
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

// secretFile is where a secret is kept when none is configured.
func (f dataFlags) secretFile() string { return filepath.Join(f.DataDir, "token-secret") }

// location is the configured place of files, or the one in the data directory.
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

// baseURL is how a client on this machine reaches a listener.
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
