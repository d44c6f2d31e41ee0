package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

type importCmd struct {
	Files         []string `arg:"" optional:"" help:"Files to import: ${files}"`
	Samples       bool     `help:"Import the sample resumes that come with this program."`
	User          string   `placeholder:"USER" help:"Owner of the resumes; created from the first file when there is no such user. Default: one owner per e-mail address, or name, found in the files."`
	Language      string   `placeholder:"TAG" help:"Language of the resumes, as fr or pt-BR; of a file with several, the one to take. Default: the one that is stated, or that a resume is written in."`
	strictFlag    `embed:""`
	dataFlags     `embed:""`
	databaseFlags `embed:""`
}

// Validate is called by kong.
func (i *importCmd) Validate() error { return checkLanguage(i.Language) }

// Run imports all files, or none if one cannot be read.
func (i *importCmd) Run(e *env) error {
	sources, err := i.read(e)
	if err != nil {
		return err
	}
	var c closers
	defer func() { c.close(e.log) }()
	url, err := databaseURL(i.databaseFlags, i.dataFlags)
	if err != nil {
		return err
	}
	store, err := openStore(e, url, i.databaseFlags, &c)
	if err != nil {
		return err
	}
	resumes := make([]resume.Resume, len(sources))
	for n, s := range sources {
		resumes[n] = s.resume
	}
	if err := store.ImportResumes(e.ctx, resumes); err != nil {
		return fmt.Errorf("nothing was imported: %w", err)
	}
	for _, s := range sources {
		r := s.resume
		fmt.Fprintf(e.stdout, "%s\t%s\t%s\t%s\n", r.ID, terminal.Line(r.UserID), s.name, terminal.Line(r.Person.FullName()))
	}
	return nil
}

// read reads all files and prints the notes on them. Its error lists the problems of all
// files; with --strict, notes are problems.
func (i *importCmd) read(e *env) (sources []source, err error) {
	if len(i.Files) == 0 && !i.Samples {
		return nil, errors.New("name the resume files to import, or give --samples")
	}
	var problems []error
	take := func(path string, s source, err error) {
		if err == nil {
			err = i.strictFlag.print(e, s)
		}
		if err != nil {
			problems = append(problems, err)
			return
		}
		s.name = terminal.Line(filepath.Base(path))
		s.resume.Title = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		s.resume.Notes = s.kept
		i.identify(&s.resume)
		sources = append(sources, s)
	}
	if i.Samples {
		all, err := samples.All()
		if err != nil {
			return nil, err
		}
		for _, s := range all {
			read, err := parseSource(s.Slug+".json", s.JSON, i.Language)
			take(s.Slug+".json", read, err)
		}
	}
	for _, file := range i.Files {
		s, err := readSource(e, file, i.Language)
		take(file, s, err)
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("nothing was imported:\n%w", errors.Join(problems...))
	}
	return sources, nil
}

// identify sets the resume's ids: new ones for the resume and its job posting, and an owner that
// is the same for all resumes of one person.
func (i *importCmd) identify(r *resume.Resume) {
	r.ID = "rsm_" + randomID()
	if r.Job != nil {
		r.Job.ID = "job_" + randomID()
	}
	if r.UserID = i.User; r.UserID == "" {
		who := strings.ToLower(r.Person.Email)
		if who == "" {
			who = r.Person.FullName()
		}
		sum := sha256.Sum256([]byte(who))
		r.UserID = "user_" + idText(sum[:10])
	}
}

// randomID returns an id of 100 random bits, as long as the web application's ids.
func randomID() string {
	b := make([]byte, 13)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return idText(b)[:20]
}

func idText(b []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}
