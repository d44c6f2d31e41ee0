package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// rig is the running system: servers, links, roles and the file store.
type rig struct {
	dir     string // of this run; kept after a failure
	program string // the service, built with crash points
	secret  string // secret with which tokens are signed
	journal *checker.Journal

	database *database
	broker   *broker
	files    *files
	links    map[string]*link
	roles    []*process
	apis     []string // base URLs
}

// Settings of the roles: short times, so that much happens in a run.
const (
	lease    = 5 * time.Second // the minimum of the flag
	deadline = 10 * time.Second
	attempts = 5

	workers   = 2
	slotsEach = 2
)

// groups of processes have their own links, so that each can be cut off separately.
var groups = []string{"api", "worker", "dispatch", "sweep"}

// build starts servers and links, provisions them and starts every role.
func buildRig(ctx context.Context, r *rig) error {
	if err := os.Chmod(r.dir, 0o711); err != nil { // the accounts of Postgres and Chrome need access
		return err
	}
	for name, mode := range map[string]os.FileMode{"logs": 0o700, "tmp": 0o777 | os.ModeSticky} {
		path := filepath.Join(r.dir, name)
		if err := errors.Join(os.Mkdir(path, 0o700), os.Chmod(path, mode)); err != nil {
			return err
		}
	}
	r.secret = rand.Text() + rand.Text()
	var err error
	if r.files, err = makeFiles(filepath.Join(r.dir, "disk")); err != nil {
		return err
	}
	if r.database, err = startDatabase(ctx, filepath.Join(r.dir, "postgres")); err != nil {
		return err
	}
	if r.broker, err = startBroker(ctx, filepath.Join(r.dir, "nats"), filepath.Join(r.dir, "logs"), r.journal); err != nil {
		return err
	}
	r.links = map[string]*link{}
	for _, group := range groups {
		if r.links[group+" to postgres"], err = newLink(ctx, group+" to postgres", "unix", r.database.socket()); err != nil {
			return err
		}
		if r.links[group+" to nats"], err = newLink(ctx, group+" to nats", "tcp", r.broker.address); err != nil {
			return err
		}
	}
	if _, err := r.migrate(ctx); err != nil {
		return err
	}
	if err := checker.WatchHistory(ctx, r.database.pool); err != nil {
		return err
	}
	return r.startRoles(ctx)
}

func (r *rig) startRoles(ctx context.Context) error {
	for i := range 2 {
		address, err := freeAddress(ctx)
		if err != nil {
			return err
		}
		r.apis = append(r.apis, "http://"+address)
		r.role("api", i+1, "--listen", address, "--max-attempts", fmt.Sprint(attempts), "--grace", "3s", "--user-rate", "0", "--failure-rate", "0", "--user-waiting", "0")
	}
	for i := range workers {
		r.role("worker", i+1, "--lease", lease.String(), "--deadline", deadline.String(), "--grace", "2s", "--slots", fmt.Sprint(slotsEach))
	}
	for i := range 2 {
		r.role("dispatch", i+1)
	}
	r.role("sweep", 1, "--every", "1s")
	return nil
}

// role creates a process without starting it, so that crash points can be armed before.
func (r *rig) role(group string, number int, args ...string) {
	name := fmt.Sprintf("%s-%d", group, number)
	r.roles = append(r.roles, &process{
		name: name, program: r.program, args: append([]string{group}, args...), env: r.environment(group),
		log: filepath.Join(r.dir, "logs", name+".log"), journal: r.journal,
	})
}

// environment returns the variables with which a group finds its servers through its links.
func (r *rig) environment(group string) []string {
	env := slices.DeleteFunc(os.Environ(), func(s string) bool {
		return strings.HasPrefix(s, "LETRAZ_") && !strings.HasPrefix(s, "LETRAZ_CHROME") && !strings.HasPrefix(s, "LETRAZ_NO_SANDBOX") ||
			strings.HasPrefix(s, "PG")
	})
	return append(env, "TMPDIR="+filepath.Join(r.dir, "tmp"), "JWT_SECRET="+r.secret, "BLOB_URL="+r.files.dir,
		"DATABASE_URL=postgres://postgres@"+r.links[group+" to postgres"].address()+"/letraz?sslmode=disable",
		"NATS_URL=nats://"+r.links[group+" to nats"].address())
}

// migrate runs letraz-export migrate, as a deployment does.
func (r *rig) migrate(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 40*time.Second)
	defer cancel()
	return once(ctx, r.program, r.environment("sweep"), "migrate")
}

// named returns the process with this name.
func (r *rig) named(name string) *process {
	for _, p := range r.roles {
		if p.name == name {
			return p
		}
	}
	return nil
}

// group returns the processes of a role.
func (r *rig) group(name string) []*process {
	var list []*process
	for _, p := range r.roles {
		if strings.HasPrefix(p.name, name+"-") {
			list = append(list, p)
		}
	}
	return list
}

// heal ends all faults.
func (r *rig) heal() {
	for _, l := range r.links {
		l.set(conditions{})
	}
	for _, p := range r.roles {
		p.signal(sigCont)
	}
	if info, err := os.Stat(r.files.dir); err == nil && !info.IsDir() {
		_ = r.files.swap()
	}
	_ = r.files.drain()
}

// freeAddress returns an address at which nothing listens. If another program takes it before
// it is used, the process is restarted repeatedly and logs why.
func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
