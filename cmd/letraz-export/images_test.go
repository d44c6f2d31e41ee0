package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/letrazapp/letraz-export/internal/document/html"
)

// projectFile returns a file of the repository; name is relative to its root.
func projectFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("../../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// The worker's image installs every package of fonts that the worker checks for.
func TestImages_Fonts(t *testing.T) {
	const list = "/usr/share/letraz-export/fonts.txt"
	dockerfile := projectFile(t, "deploy/Dockerfile")
	if !strings.Contains(dockerfile, "COPY internal/document/html/fonts.txt "+list+"\n") {
		t.Errorf("the list of fonts is not copied to %s", list)
	}
	command := regexp.MustCompile(`(?m)^ +\$\((awk .*)\) \\$`).FindStringSubmatch(dockerfile)
	if command == nil {
		t.Fatal("nothing in the Dockerfile reads the list of fonts")
	}
	out, err := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(command[1], list, "../../internal/document/html/fonts.txt")).Output()
	if err != nil {
		t.Fatal(err)
	}
	fonts, err := html.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, f := range fonts {
		want = append(want, f.Package)
	}
	slices.Sort(want)
	want = slices.Compact(want)
	if got := strings.Fields(string(out)); !slices.Equal(got, want) {
		t.Errorf("the image installs %q instead of %q", got, want)
	}
}

// The commands and variables that the Dockerfiles name must exist: building an image does not check
// them.
func TestImages_FlagsExist(t *testing.T) {
	dockerfile := projectFile(t, "deploy/Dockerfile")
	commands, variables := map[string]bool{}, map[string]bool{"PATH": true, "HOME": true}
	app := model(t)
	for _, c := range append([]*kong.Node{app.Node}, app.Children...) {
		commands[c.Name] = true
		for _, f := range c.Flags {
			for _, name := range f.Envs {
				variables[name] = true
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?m)CMD \["(?:letraz-export", ")?([a-z]+)"`).FindAllStringSubmatch(dockerfile, -1) {
		if !commands[m[1]] {
			t.Errorf("there is no command %q", m[1])
		}
	}
	for _, line := range regexp.MustCompile(`(?m)^ENV (.*)$`).FindAllStringSubmatch(dockerfile, -1) {
		for _, pair := range strings.Fields(line[1]) {
			if name, _, _ := strings.Cut(pair, "="); !variables[name] {
				t.Errorf("nothing reads %s", name)
			}
		}
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(projectFile(t, "go.mod"))
	if version == nil || !strings.Contains(dockerfile, "ARG GOLANG=golang:"+version[1]+"-") {
		t.Errorf("the images are not built with the Go of go.mod, %q", version)
	}
	_, final, _ := strings.Cut(dockerfile, " AS api\n")
	api, worker, _ := strings.Cut(final, " AS worker\n")
	for name, stage := range map[string]string{"worker": worker, "api": api} {
		for _, line := range []string{`USER [1-9]\d*:[1-9]\d*`, `HEALTHCHECK .*`, `STOPSIGNAL SIGTERM`, `CMD \["` + name + `"\]`} {
			if !regexp.MustCompile(`(?m)^` + line + `$`).MatchString(stage) {
				t.Errorf("%s has no line like %s", name, line)
			}
		}
	}
}

// What the Compose files name must exist: commands, variables, and the base images that
// scripts/base-images.sh makes.
func TestCompose(t *testing.T) {
	compose := projectFile(t, "deploy/compose.yaml") + projectFile(t, "deploy/compose.cluster.yaml")
	variables, commands := map[string]bool{}, map[string]bool{}
	for _, c := range append([]*kong.Node{model(t).Node}, model(t).Children...) {
		commands[c.Name] = true
		for _, f := range c.Flags {
			for _, name := range f.Envs {
				variables[name] = true
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^ +(LETRAZ_\w+|\w+_URL|JWT_SECRET): `).FindAllStringSubmatch(compose, -1) {
		if !variables[m[1]] {
			t.Errorf("nothing reads %s", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^    command: \[([a-z]+)[],]`).FindAllStringSubmatch(compose, -1) {
		if !commands[m[1]] {
			t.Errorf("there is no command %q", m[1])
		}
	}
	nats := regexp.MustCompile(`nats-server/v2 v(\S+)`).FindStringSubmatch(projectFile(t, "go.mod"))[1]
	script := projectFile(t, "scripts/base-images.sh")
	for _, image := range regexp.MustCompile(`(?m)^  +image: ([^$\s]+)$`).FindAllStringSubmatch(compose, -1) {
		name, tag, _ := strings.Cut(image[1], ":")
		switch name {
		case "nats":
			if tag != nats {
				t.Errorf("NATS is %s instead of go.mod's %s", tag, nats)
			}
		case "versity/versitygw":
			if !strings.Contains(script, "versitygw_version="+tag+"\n") {
				t.Errorf("scripts/base-images.sh makes another version than %s", image[1])
			}
		case "postgres":
			if !strings.Contains(script, "echo "+image[1]+" ;;") {
				t.Errorf("scripts/base-images.sh does not make %s", image[1])
			}
		}
	}
}

// The seccomp profile must allow the calls that Chrome's sandbox needs, and not those that
// weaken the container's isolation.
func TestImages_SeccompAllowsSandbox(t *testing.T) {
	var profile struct {
		DefaultAction string
		Syscalls      []struct {
			Names  []string
			Action string
			Args   []any
		}
	}
	if err := json.Unmarshal([]byte(projectFile(t, "deploy/seccomp.json")), &profile); err != nil {
		t.Fatal(err)
	}
	var allowed []string
	for _, rule := range profile.Syscalls {
		if rule.Action == "SCMP_ACT_ALLOW" && len(rule.Args) == 0 {
			allowed = append(allowed, rule.Names...)
		}
	}
	for name, want := range map[string]bool{"clone": true, "unshare": true, "chroot": true, "mount": false, "ptrace": false, "bpf": false, "setns": false} {
		if slices.Contains(allowed, name) != want || profile.DefaultAction != "SCMP_ACT_ERRNO" {
			t.Errorf("%s is allowed: %v", name, !want)
		}
	}
}
