package main

import (
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
)

// The linker sets them when scripts/build.sh builds the program, also where there is no
// repository, as in an image's build.
var (
	buildVersion  string
	buildRevision string
)

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(e *env) error {
	_, err := fmt.Fprintln(e.stdout, versionLine())
	return err
}

// versionLine returns the program's name, version, commit and the Go it was built with.
func versionLine() string {
	commit := revision()
	if commit == "" {
		commit = "unknown"
	}
	return fmt.Sprintf("letraz-export %s (commit %s, %s, %s/%s)", version(), commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// version returns the version that the build set, else the one that the Go toolchain recorded.
func version() string {
	if buildVersion != "" {
		return buildVersion
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// revision returns the commit that the program was built from, or "" if that is not known.
func revision() string {
	if buildRevision != "" {
		return buildRevision
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}

// serverHeader returns a handler whose answers name the program and its version (RFC 9110
// section 10.2.4), refusals and probes included.
func serverHeader(next http.Handler) http.Handler {
	// The parentheses of (devel) would make it a comment.
	name := "letraz-export/" + strings.Trim(version(), "()")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", name)
		next.ServeHTTP(w, r)
	})
}
