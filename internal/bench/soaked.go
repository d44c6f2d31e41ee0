package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/letrazapp/letraz-export/internal/client"
	"github.com/letrazapp/letraz-export/internal/export"
)

// Program says how a Soak starts the program and reaches it.
type Program struct {
	Path    string
	Serve   func(dataDir string) []string                // arguments to serve; every export must be printed
	Import  func(dataDir string) []string                // arguments to import every sample for User; a line for each begins with its id and a tab
	Connect func(dataDir string) (*client.Client, error) // a client for User; an error while serve is not ready
	Files   func(dataDir string) string                  // the directory of stored files
	Setting func(variable string) bool                   // whether it is a setting of the program, which is kept from it
}

// soaked is a private serve process in a temporary directory.
type soaked struct {
	program Program
	dir     string
	cmd     *exec.Cmd
	ended   chan struct{} // closed when it has ended
	log     bytes.Buffer  // complete when it has ended
	client  *client.Client
	resumes []string
}

func (s *soaked) pid() int { return s.cmd.Process.Pid }

// startSoaked starts serve and imports every sample.
func startSoaked(ctx context.Context, b *Soak) (*soaked, error) {
	dir, err := os.MkdirTemp("", "letraz-export-soak-*")
	if err != nil {
		return nil, fmt.Errorf("making a directory for the soak: %w", err)
	}
	s := &soaked{program: b.Program, dir: dir, ended: make(chan struct{})}
	if err := s.start(ctx, b); err != nil {
		if s.cmd != nil {
			_ = s.cmd.Process.Kill() // it may have ended
			<-s.ended
		}
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func (s *soaked) start(ctx context.Context, b *Soak) error {
	if err := os.Mkdir(s.tempDir(), 0o700); err != nil {
		return fmt.Errorf("making a directory for the soak: %w", err)
	}
	// The accounts of Postgres and Chrome need access to their directories.
	for _, path := range []string{s.dir, s.tempDir()} {
		if err := os.Chmod(path, 0o711); err != nil {
			return fmt.Errorf("opening the directory of the soak: %w", err)
		}
	}
	cmd := s.command(ctx, s.program.Serve(s.dataDir())...)
	cmd.Stderr = &s.log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting serve: %w", err)
	}
	s.cmd = cmd
	go func() {
		defer close(s.ended)
		_ = cmd.Wait() // its status is in ProcessState
	}()
	if err := s.connect(ctx); err != nil {
		return err
	}
	s.client.HTTP.Transport = &http.Transport{MaxIdleConnsPerHost: b.Clients}
	return s.importSamples(ctx)
}

func (s *soaked) dataDir() string { return filepath.Join(s.dir, "data") }
func (s *soaked) tempDir() string { return filepath.Join(s.dir, "tmp") }

// command returns a command that runs the program with the arguments. It does not end with
// ctx, because it is to be stopped, not killed.
func (s *soaked) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.WithoutCancel(ctx), s.program.Path, args...)
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); name != "TMPDIR" && !s.program.Setting(name) {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "TMPDIR="+s.tempDir())
	return cmd
}

// connect waits until serve can be reached.
func (s *soaked) connect(ctx context.Context) (err error) {
	for {
		if s.client, err = s.program.Connect(s.dataDir()); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-s.ended:
			return fmt.Errorf("serve ended at once:\n%s", s.log.String())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// importSamples gives the soak's user every sample resume.
func (s *soaked) importSamples(ctx context.Context) error {
	cmd := s.command(ctx, s.program.Import(s.dataDir())...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("importing the samples: %w\n%s", err, errs.String())
	}
	for line := range strings.Lines(string(out)) {
		id, _, _ := strings.Cut(line, "\t")
		s.resumes = append(s.resumes, id)
	}
	return nil
}

// stop ends serve and notes what it complained of and what it left behind, of as
// many exports as were made.
func (s *soaked) stop(exports int, report *SoakReport) error {
	defer func() { _ = os.RemoveAll(s.dir) }() // in the system's temporary directory
	below := tree(s.pid())
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stopping serve: %w", err)
	}
	select {
	case <-s.ended:
	case <-time.After(time.Minute):
		_ = s.cmd.Process.Kill() // it may have ended
		<-s.ended
		return fmt.Errorf("serve did not end within a minute:\n%s", tail(s.log.String(), 20))
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		return fmt.Errorf("serve ended with status %d:\n%s", code, tail(s.log.String(), 20))
	}
	for line := range strings.Lines(s.log.String()) {
		switch {
		case strings.Contains(line, "level=WARN"), strings.Contains(line, "level=ERROR"):
			report.Warnings = append(report.Warnings, strings.TrimSpace(line))
		case strings.Contains(line, `"retiring a browser"`):
			report.Recycled++
		}
	}
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline) && slices.ContainsFunc(below, process.alive); {
		time.Sleep(50 * time.Millisecond) // killed processes need a moment to end
	}
	for _, p := range below {
		if p.alive() {
			report.Left = append(report.Left, fmt.Sprintf("process %d (%s)", p.pid, p.name))
		}
	}
	return s.findFiles(exports, report)
}

// findFiles reports files other than one for each export.
func (s *soaked) findFiles(exports int, report *SoakReport) error {
	temporary, err := os.ReadDir(s.tempDir())
	if err != nil {
		return fmt.Errorf("looking for what stayed behind: %w", err)
	}
	for _, f := range temporary {
		report.Left = append(report.Left, "temporary file "+f.Name())
	}
	stored := 0
	err = filepath.WalkDir(s.program.Files(s.dataDir()), func(path string, f fs.DirEntry, err error) error {
		if err == nil && f.Type().IsRegular() && f.Name() != export.StoreMarker {
			stored++
			if filepath.Ext(path) != ".pdf" {
				report.Left = append(report.Left, "file "+filepath.Base(path))
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("looking for what stayed behind: %w", err)
	}
	if stored != exports {
		report.Left = append(report.Left, fmt.Sprintf("%d files are stored for %d exports", stored, exports))
	}
	return nil
}

// tail returns the end of a log.
func tail(log string, lines int) string {
	all := strings.Split(strings.TrimSpace(log), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
