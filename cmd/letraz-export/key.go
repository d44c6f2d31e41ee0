package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/apikey"
	"github.com/letrazapp/letraz-export/internal/audit"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

// keyCmd has the commands on API keys. They need the database, like import.
type keyCmd struct {
	Create keyCreateCmd `cmd:"" help:"Create a key and print it: the only time that it is shown. Example: letraz-export key create shop --scope exports:read,exports:write --all-users"`
	List   keyListCmd   `cmd:"" help:"List the keys, without their secrets."`
	Rotate keyRotateCmd `cmd:"" help:"Create a successor of a key with the same rights, and let the old one end after a while. Example: letraz-export key rotate shop --overlap 24h"`
	Revoke keyRevokeCmd `cmd:"" help:"End a key at once; every API process refuses it within seconds."`
}

type keyFlags struct {
	JSON          bool `name:"json" help:"Print JSON."`
	dataFlags     `embed:""`
	databaseFlags `embed:""`
}

// open opens the database.
func (f keyFlags) open(e *env, c *closers) (*postgres.Store, error) {
	url, err := databaseURL(f.databaseFlags, f.dataFlags)
	if err != nil {
		return nil, err
	}
	return openStore(e, url, f.databaseFlags, c)
}

type keyCreateCmd struct {
	Name      string        `arg:"" help:"Name of the key, for people: the program that uses it."`
	Scopes    []string      `name:"scope" placeholder:"SCOPE" required:"" help:"What it may call, separated by commas: ${scopes}."`
	Users     []string      `name:"user" placeholder:"USER" help:"Users it may act for, separated by commas." xor:"users" required:""`
	AllUsers  bool          `help:"Let it act for every user." xor:"users" required:""`
	ExpiresIn time.Duration `placeholder:"DURATION" help:"Time until it expires, as 2160h. Default: it does not expire."`
	keyFlags  `embed:""`
}

// Validate is called by kong.
func (k *keyCreateCmd) Validate() error {
	if err := checkKeyName(k.Name); err != nil {
		return err
	}
	for _, s := range k.Scopes {
		if !slices.Contains(apikey.Scopes(), apikey.Scope(s)) {
			return fmt.Errorf("--scope %s is unknown; there are %s", s, scopeNames())
		}
	}
	if slices.Contains(k.Users, "") {
		return errors.New("--user needs the id of a user")
	}
	if k.ExpiresIn < 0 {
		return errors.New("--expires-in must be positive")
	}
	return nil
}

func checkKeyName(name string) error {
	if strings.TrimSpace(name) == "" || len(name) > apikey.MaxName || strings.ContainsRune(name, 0) {
		return fmt.Errorf("a key needs a name of 1 to %d bytes", apikey.MaxName)
	}
	return nil
}

// Run creates the key.
func (k *keyCreateCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	store, err := k.open(e, &c)
	if err != nil {
		return err
	}
	text, id := apikey.Generate()
	n := apikey.New{ID: id, Hash: apikey.Hash(text), Name: k.Name, AllUsers: k.AllUsers, Users: k.Users, ExpiresIn: k.ExpiresIn}
	for _, s := range slices.Compact(slices.Sorted(slices.Values(k.Scopes))) {
		n.Scopes = append(n.Scopes, apikey.Scope(s))
	}
	made, err := store.CreateAPIKey(audit.NewContext(e.ctx, commandCall("key-create")), n)
	if errors.Is(err, apikey.ErrNameTaken) {
		return fmt.Errorf("there is a key with the name %q already: choose another, or see key rotate", k.Name)
	}
	if err != nil {
		return err
	}
	return printNewKey(e, text, made, k.JSON)
}

// printNewKey prints a key with its secret. Without --json, the secret alone goes to the
// standard output, so that it can be stored by a pipe.
func printNewKey(e *env, text string, k apikey.Key, asJSON bool) error {
	if asJSON {
		line := keyLine(k)
		line.Key = text
		return writeJSON(e, line)
	}
	fmt.Fprintf(e.stderr, "key %s (%s): keep it, it is not shown again\n", k.ID, terminal.Line(k.Name))
	_, err := fmt.Fprintln(e.stdout, text)
	return err
}

type keyListCmd struct {
	Revoked  bool `help:"Also revoked keys."`
	keyFlags `embed:""`
}

// Run lists the keys.
func (k *keyListCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	store, err := k.open(e, &c)
	if err != nil {
		return err
	}
	keys, err := store.APIKeys(e.ctx, k.Revoked)
	if err != nil {
		return err
	}
	lines := make([]keyJSON, len(keys))
	for i, key := range keys {
		lines[i] = keyLine(key)
	}
	if k.JSON {
		return writeJSON(e, lines)
	}
	table := terminal.NewTable("ID", "NAME", "STATE", "SCOPES", "USERS", "EXPIRES", "LAST USED")
	for _, l := range lines {
		users := "all"
		if !l.AllUsers {
			users = strings.Join(l.Users, ",")
		}
		table.Row(l.ID, l.Name, l.State, strings.Join(l.Scopes, ","), users, timeOr(l.ExpiresAt, "never"), timeOr(l.LastUsedAt, "never"))
	}
	return table.Print(e.stdout)
}

func timeOr(t *time.Time, otherwise string) string {
	if t == nil {
		return otherwise
	}
	return t.Format("2006-01-02 15:04Z")
}

type keyRotateCmd struct {
	Key      string        `arg:"" help:"Name or id of the key."`
	Overlap  time.Duration `help:"Time that the old key stays valid." default:"24h"`
	keyFlags `embed:""`
}

// Validate is called by kong.
func (k *keyRotateCmd) Validate() error {
	if k.Overlap < 0 {
		return errors.New("--overlap must not be negative")
	}
	return nil
}

// Run creates the successor, which has the name and the rest of the lifetime of the old key.
func (k *keyRotateCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	store, err := k.open(e, &c)
	if err != nil {
		return err
	}
	old, err := findKey(e, store, k.Key)
	if err != nil {
		return err
	}
	if old.Ended {
		return fmt.Errorf("the key %s is revoked or has expired: create a new one", old.ID)
	}
	text, id := apikey.Generate()
	n := apikey.New{ID: id, Hash: apikey.Hash(text), Name: old.Name, Scopes: old.Scopes, AllUsers: old.AllUsers, Users: old.Users}
	if !old.ExpiresAt.IsZero() {
		n.ExpiresIn = old.ExpiresAt.Sub(old.CreatedAt) // as long as the old one was given
	}
	name := old.Name[:min(len(old.Name), apikey.MaxName-len(old.ID)-3)]
	made, err := store.RotateAPIKey(audit.NewContext(e.ctx, commandCall("key-rotate")), old.ID, strings.ToValidUTF8(name, "")+" ("+old.ID+")", k.Overlap, n)
	if errors.Is(err, apikey.ErrNotFound) {
		return fmt.Errorf("the key %s was revoked meanwhile: create a new one", old.ID)
	}
	if err != nil {
		return err
	}
	return printNewKey(e, text, made, k.JSON)
}

type keyRevokeCmd struct {
	Key      string `arg:"" help:"Name or id of the key."`
	keyFlags `embed:""`
}

// Run revokes the key.
func (k *keyRevokeCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	store, err := k.open(e, &c)
	if err != nil {
		return err
	}
	key, err := findKey(e, store, k.Key)
	if err != nil {
		return err
	}
	if !key.RevokedAt.IsZero() {
		return fmt.Errorf("the key %s is revoked already", key.ID)
	}
	if key, err = store.RevokeAPIKey(audit.NewContext(e.ctx, commandCall("key-revoke")), key.ID); err != nil {
		return err
	}
	if k.JSON {
		return writeJSON(e, keyLine(key))
	}
	_, err = fmt.Fprintf(e.stdout, "revoked %s (%s)\n", key.ID, terminal.Line(key.Name))
	return err
}

func findKey(e *env, store *postgres.Store, idOrName string) (apikey.Key, error) {
	key, err := store.FindAPIKey(e.ctx, idOrName)
	if errors.Is(err, apikey.ErrNotFound) {
		return key, fmt.Errorf("there is no key with the name or id %q: see letraz-export key list", idOrName)
	}
	return key, err
}

// commandCall returns the call of a command for the audit log. Its actor is the account that
// runs it.
func commandCall(action string) *audit.Call {
	actor := "uid " + fmt.Sprint(os.Getuid())
	if u, err := user.Current(); err == nil && u.Username != "" {
		actor = u.Username
	}
	return &audit.Call{Entry: audit.Entry{Actor: actor, Kind: audit.Command, Action: action, Status: 200}}
}

// keyJSON is a key as --json prints it.
type keyJSON struct {
	Key        string     `json:"key,omitempty"` // the secret, once
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	State      string     `json:"state"` // active, expired or revoked
	Scopes     []string   `json:"scopes"`
	AllUsers   bool       `json:"all_users"`
	Users      []string   `json:"users,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  *time.Time `json:"expires_at,omitempty"`
	RevokedAt  *time.Time `json:"revoked_at,omitempty"`
	LastUsedAt *time.Time `json:"last_used_at,omitempty"`
}

func keyLine(k apikey.Key) keyJSON {
	line := keyJSON{ID: k.ID, Name: k.Name, State: "active", AllUsers: k.AllUsers, Users: k.Users,
		CreatedAt: k.CreatedAt.UTC(), ExpiresAt: utc(k.ExpiresAt), RevokedAt: utc(k.RevokedAt), LastUsedAt: utc(k.LastUsedAt)}
	for _, s := range k.Scopes {
		line.Scopes = append(line.Scopes, string(s))
	}
	switch {
	case !k.RevokedAt.IsZero():
		line.State = "revoked"
	case k.Ended:
		line.State = "expired"
	}
	return line
}

// utc returns nil for the zero time.
func utc(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func writeJSON(e *env, v any) error {
	out := json.NewEncoder(e.stdout)
	out.SetIndent("", "  ")
	return out.Encode(v)
}

func scopeNames() string {
	var names []string
	for _, s := range apikey.Scopes() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}
