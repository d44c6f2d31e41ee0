package main

import (
	"errors"
	"strconv"
	"time"

	"github.com/letrazapp/letraz-export/internal/audit"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

// auditCmd lists the audit log. It needs the database, like import.
type auditCmd struct {
	Actor    string        `placeholder:"ID" help:"Only calls by this user, API key or, for commands, account."`
	User     string        `placeholder:"USER" help:"Only calls as this user."`
	Resource string        `placeholder:"ID" help:"Only changes of this export or other resource."`
	Since    time.Duration `placeholder:"DURATION" help:"Only calls of the last time, as 24h."`
	Before   int64         `placeholder:"ID" help:"Only calls before the one with this id, to go on with a list."`
	Limit    int           `help:"Maximum number of calls, 1 to 10000." default:"100"`
	keyFlags `embed:""`
}

// Validate is called by kong.
func (a *auditCmd) Validate() error {
	switch {
	case a.Limit < 1 || a.Limit > 10_000:
		return errors.New("--limit must be between 1 and 10000")
	case a.Since < 0 || a.Before < 0:
		return errors.New("--since and --before must not be negative")
	}
	return nil
}

// auditJSON is a row as --json prints it.
type auditJSON struct {
	ID        int64     `json:"id"`
	At        time.Time `json:"at"`
	Actor     string    `json:"actor"`
	Kind      string    `json:"kind"` // token, key or command
	UserID    string    `json:"user_id,omitempty"`
	Action    string    `json:"action"`
	Resource  string    `json:"resource,omitempty"`
	Status    int       `json:"status"`
	RequestID string    `json:"request_id,omitempty"`
	Address   string    `json:"address,omitempty"`
}

// Run prints the log, newest first.
func (a *auditCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	store, err := a.open(e, &c)
	if err != nil {
		return err
	}
	log, err := store.AuditLog(e.ctx, audit.Filter{Actor: a.Actor, UserID: a.User, Resource: a.Resource, Since: a.Since, Before: a.Before, Limit: a.Limit})
	if err != nil {
		return err
	}
	lines := make([]auditJSON, len(log))
	for i, x := range log {
		lines[i] = auditJSON{x.ID, x.At.UTC(), x.Actor, string(x.Kind), x.UserID, x.Action, x.Resource, x.Status, x.RequestID, x.Address}
	}
	if a.JSON {
		return writeJSON(e, lines)
	}
	table := terminal.NewTable("ID", "TIME", "ACTOR", "KIND", "AS", "ACTION", "RESOURCE", "STATUS", "REQUEST")
	for _, l := range lines {
		table.Row(strconv.FormatInt(l.ID, 10), l.At.Format(time.RFC3339), l.Actor, l.Kind, l.UserID, l.Action, l.Resource, strconv.Itoa(l.Status), l.RequestID)
	}
	return table.Print(e.stdout)
}
