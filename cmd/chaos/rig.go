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
	"sync/atomic"
	"time"
)

// rig is everything there is to break.
type rig struct {
	dir     string // of this run; kept after a failure
	program string // the service, built with crash points
	secret  string // tokens are signed with it
	journal *journal

	database *database
	broker   *broker
	files    *files
	links    map[string]*link
	roles    []*process
	apis     []string // base URLs
	// lull has clients ask for a quarter as much: what is staged needs idle slots.
	lull atomic.Bool
}

// Settings of the roles: short, so that much happens in little time.
const (
	lease    = 5 * time.Second // the least a worker takes
	deadline = 10 * time.Second
	attempts = 5

	workers   = 2
	slotsEach = 2
)

// groups of processes have links of their own, so that one can be cut off alone.
var groups = []string{"api", "worker", "dispatch", "sweep"}

// build starts servers and links, provisions them and starts every role.
func buildRig(ctx context.Context, r *rig) error {
	if err := os.Chmod(r.dir, 0o711); err != nil { // Postgres' and Chrome's accounts pass through
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
	if err := watchHistory(ctx, r.database); err != nil {
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
		r.role("api", i+1, "--listen", address, "--max-attempts", fmt.Sprint(attempts), "--grace", "3s")
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

// role makes one process; start begins it, so that crash points can be armed before.
func (r *rig) role(group string, number int, args ...string) {
	name := fmt.Sprintf("%s-%d", group, number)
	r.roles = append(r.roles, &process{
		name: name, program: r.program, args: append([]string{group}, args...), env: r.environment(group),
		log: filepath.Join(r.dir, "logs", name+".log"), journal: r.journal,
	})
}

// environment is how a group finds its servers: through its links.
func (r *rig) environment(group string) []string {
	env := slices.DeleteFunc(os.Environ(), func(s string) bool {
		return strings.HasPrefix(s, "LETRAZ_") && !strings.HasPrefix(s, "LETRAZ_CHROME") && !strings.HasPrefix(s, "LETRAZ_NO_SANDBOX") ||
			strings.HasPrefix(s, "PG")
	})
	return append(env, "TMPDIR="+filepath.Join(r.dir, "tmp"), "JWT_SECRET="+r.secret, "BLOB_URL="+r.files.dir,
		"DATABASE_URL=postgres://postgres@"+r.links[group+" to postgres"].address()+"/letraz?sslmode=disable",
		"NATS_URL=nats://"+r.links[group+" to nats"].address())
}

// migrate does what an operator's deployment does.
func (r *rig) migrate(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 40*time.Second)
	defer cancel()
	return once(ctx, r.program, r.environment("sweep"), "migrate")
}

// named finds a process.
func (r *rig) named(name string) *process {
	for _, p := range r.roles {
		if p.name == name {
			return p
		}
	}
	return nil
}

// group lists the processes of a role.
func (r *rig) group(name string) []*process {
	var list []*process
	for _, p := range r.roles {
		if strings.HasPrefix(p.name, name+"-") {
			list = append(list, p)
		}
	}
	return list
}

// heal ends whatever still lasts.
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

// freeAddress is one that nobody listens on. It may be taken before it is used:
// then the process that wanted it is started again and again, and says so.
func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
