package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/letrazapp/letraz-export/internal/export"
)

var update = flag.Bool("update", false, "write the generated parts of the README")

const readme = "../../README.md"

// The README's tables must be as generated from the code.
func TestReadme_TablesAreCurrent(t *testing.T) {
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for name, table := range map[string]string{"commands": commandTable(t), "configuration": flagTable(t), "failures": failureTable(), "formats": formatTable()} {
		text = replaceBetween(t, text, name, table)
	}
	if text == string(data) {
		return
	}
	if !*update {
		t.Fatal("README.md is not what the code says; run make generate")
	}
	if err := os.WriteFile(readme, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// replaceBetween replaces the text between a table's two marking comments.
func replaceBetween(t *testing.T, text, name, table string) string {
	t.Helper()
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, ok := strings.Cut(text, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("README.md has no %s…%s", strings.TrimSpace(begin), end)
	}
	return before + begin + table + end + after
}

func model(t *testing.T) *kong.Application {
	t.Helper()
	parser, err := newParser(&cli{}, kong.Vars{"data_dir": "/var/lib/letraz-export, or ~/.local/share/letraz-export"})
	if err != nil {
		t.Fatal(err)
	}
	return parser.Model
}

func commandTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| command | does |\n|---|---|\n")
	for _, c := range model(t).Children {
		fmt.Fprintf(&b, "| `%s` | %s |\n", strings.TrimSpace(strings.NewReplacer("[flags]", "", "<command>", "[<command>]").Replace(c.Summary())), cell(c.Help))
	}
	return b.String()
}

// formatTable returns a table with a row for each format.
func formatTable() string {
	var b strings.Builder
	b.WriteString("| format | is | takes |\n|---|---|---|\n")
	for _, f := range export.FormatTable() {
		var takes []string
		for _, c := range f.Takes {
			takes = append(takes, "`"+string(c)+"`")
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Name, f.Description, strings.Join(takes, ", "))
	}
	return b.String()
}

// flagTable returns a table with a row for each flag that an environment variable can set, and
// the commands that take it.
func flagTable(t *testing.T) string {
	type row struct {
		flag     *kong.Flag
		commands []string
	}
	var names []string
	rows := map[string]*row{}
	add := func(f *kong.Flag, command string) {
		if len(f.Envs) == 0 {
			return
		}
		key := f.Envs[0] + f.Name + f.Help
		if rows[key] == nil {
			rows[key] = &row{flag: f}
			names = append(names, key)
		}
		if !slices.Contains(rows[key].commands, command) {
			rows[key].commands = append(rows[key].commands, command)
		}
	}
	app := model(t)
	for _, c := range app.Children {
		for _, f := range c.Flags {
			add(f, c.Name)
		}
		for _, sub := range c.Children {
			for _, f := range sub.Flags {
				add(f, c.Name)
			}
		}
	}
	for _, f := range app.Flags {
		add(f, "every")
	}
	slices.SortStableFunc(names, func(a, b string) int { return strings.Compare(group(rows[a].flag), group(rows[b].flag)) })
	var b strings.Builder
	b.WriteString("| variable | flag | default | of | meaning |\n|---|---|---|---|---|\n")
	for _, name := range names {
		r := rows[name]
		def := r.flag.Default
		if def != "" {
			def = "`" + def + "`"
		}
		fmt.Fprintf(&b, "| `%s` | `--%s` | %s | %s | %s |\n", r.flag.Envs[0], r.flag.Name, def, strings.Join(r.commands, ", "), cell(r.flag.Help))
	}
	return b.String()
}

func group(f *kong.Flag) string {
	if f.Group == nil {
		return ""
	}
	return f.Group.Title
}

func failureTable() string {
	var b strings.Builder
	b.WriteString("| code | tried again | what the user reads |\n|---|---|---|\n")
	for _, c := range export.FailureCodes() {
		again := "yes"
		if c.Permanent() {
			again = "no"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c, again, c.Message())
	}
	return b.String()
}

// cell escapes text for a cell of a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
