package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

type checkCmd struct {
	Files      []string `arg:"" help:"Files to check: ${files}"`
	Language   string   `placeholder:"TAG" help:"Language of the document, as fr or pt-BR; of a file with several, the one to check. Default: the one that is stated, or that the resume is written in."`
	JSON       bool     `name:"json" help:"Print the result as JSON."`
	strictFlag `embed:""`
}

// Validate is called by kong.
func (c *checkCmd) Validate() error { return checkLanguage(c.Language) }

// checkedFile is the result of a check as JSON.
type checkedFile struct {
	File     string      `json:"file"`
	Language string      `json:"language,omitempty"`
	Values   int         `json:"source_values"`
	Shown    int         `json:"source_found"`
	Notes    []note.Note `json:"notes"`
	Error    string      `json:"error,omitempty"`
}

// Run checks all files. It fails if one cannot be read, or, with --strict, has notes on faults.
func (c *checkCmd) Run(e *env) error {
	var problems []error
	results := []checkedFile{}
	for _, path := range c.Files {
		s, err := readSource(e, path, c.Language)
		result := checkedFile{File: path, Language: s.lang, Values: s.result.Values, Shown: s.result.Shown, Notes: []note.Note{}}
		if err != nil {
			result.Error = err.Error()
			problems = append(problems, err)
		} else {
			result.Notes = append(result.Notes, s.notes...)
			problems = append(problems, c.strictFlag.check(s))
			if !c.JSON {
				fmt.Fprintf(e.stdout, "%s: %d of %d values shown, in %s, notes: %d\n", s.name, s.result.Shown, s.result.Values, s.lang, len(s.notes))
				if err := printNotes(e.stderr, s.name, s.notes); err != nil {
					return err
				}
			}
		}
		results = append(results, result)
	}
	if c.JSON {
		out := json.NewEncoder(e.stdout)
		out.SetIndent("", "  ")
		if err := out.Encode(results); err != nil {
			return fmt.Errorf("printing the result: %w", err)
		}
	}
	return errors.Join(problems...)
}

// checkLanguage returns an error unless the value of --language is empty or a language.
func checkLanguage(tag string) error {
	if tag != "" && !document.KnownLanguage(tag) {
		return fmt.Errorf("--language %s is unknown: give a language tag (BCP 47), such as fr or pt-BR", terminal.Line(tag))
	}
	return nil
}
