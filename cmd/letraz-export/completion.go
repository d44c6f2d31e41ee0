package main

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/template"

	"github.com/alecthomas/kong"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

//go:embed completion.tmpl
var completionTemplates string

// Run prints a script that completes commands, flags, values and files.
func (c *completionCmd) Run(e *env) error {
	parser, err := newParser(&cli{})
	if err != nil {
		return err
	}
	return writeCompletion(e.stdout, c.Shell, parser.Model.Node)
}

// completed is a command as the templates need it. The root has the path "".
type completed struct {
	Path   string // as /bench/queue
	Name   string
	Help   string
	Parent string
	Subs   []completed
	Flags  []completedFlag
}

type completedFlag struct {
	Name  string
	Help  string
	Value bool     // takes a value
	Enum  []string // the values it takes; nil: any
	Path  bool     // the value is a file or directory
}

func writeCompletion(w io.Writer, shell string, root *kong.Node) error {
	t, err := template.New("").Funcs(template.FuncMap{"quote": shellQuote, "colon": zshItem}).Parse(completionTemplates)
	if err != nil {
		return fmt.Errorf("reading the templates of completion: %w", err)
	}
	var all []completed
	collect(completed{}, root, nil, &all)
	if err := t.ExecuteTemplate(w, shell, all); err != nil {
		return fmt.Errorf("writing the completion of %s: %w", shell, err)
	}
	return nil
}

// collect adds the command and those below it to all. inherited are flags of the commands above.
func collect(parent completed, n *kong.Node, inherited []completedFlag, all *[]completed) completed {
	c := completed{Name: n.Name, Help: firstSentence(n.Help), Parent: parent.Path}
	if n.Type == kong.CommandNode {
		c.Path = parent.Path + "/" + n.Name
	}
	for _, f := range n.Flags {
		if !f.Hidden {
			c.Flags = append(c.Flags, completedFlag{
				Name: f.Name, Help: firstSentence(f.Help), Value: !f.IsBool(), Enum: enumOf(f), Path: f.Tag.Type == "path" || f.PlaceHolder == "FILE" || f.PlaceHolder == "DIR",
			})
		}
	}
	c.Flags = append(c.Flags, inherited...)
	at := len(*all)
	*all = append(*all, c)
	for _, child := range n.Children {
		if child.Type == kong.CommandNode && !child.Hidden {
			c.Subs = append(c.Subs, collect(c, child, c.Flags, all))
		}
	}
	(*all)[at] = c
	return c
}

// enumOf returns the values that a flag takes, or nil if there are others.
func enumOf(f *kong.Flag) []string {
	if f.Enum == "" {
		return nil
	}
	return slices.DeleteFunc(f.EnumSlice(), func(value string) bool { return value == "" }) // none is the default
}

// firstSentence returns the help up to the first full stop that ends a sentence.
func firstSentence(help string) string {
	sentence, _, _ := strings.Cut(help, ". ")
	return strings.TrimSuffix(sentence, ".")
}

// shellQuote returns s as one word of a shell.
func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// zshItem returns a name and its description as zsh's _describe takes them.
func zshItem(name, help string) string {
	return shellQuote(strings.ReplaceAll(name, ":", `\:`) + ":" + help)
}
