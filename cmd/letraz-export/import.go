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
	Files         []string `arg:"" optional:"" help:"JSON Resume files, or PDFs made with --embed-source."`
	Samples       bool     `help:"Import the sample resumes that come with this program."`
	User          string   `placeholder:"USER" help:"Owner of the resumes; created from the first file when there is no such user. Default: one owner per e-mail address, or name, found in the files."`
	dataFlags     `embed:""`
	databaseFlags `embed:""`
}

// Run imports all files, or none if one cannot be read.
func (i *importCmd) Run(e *env) error {
	names, resumes, err := i.read()
	if err != nil {
		return err
	}
	var c closers
	defer func() { c.close(e.log) }()
	url, err := databaseURL(i.databaseFlags, i.dataFlags)
	if err != nil {
		return err
	}
	store, err := openStore(e.ctx, url, i.databaseFlags, &c)
	if err != nil {
		return err
	}
	if err := store.ImportResumes(e.ctx, resumes); err != nil {
		return fmt.Errorf("nothing was imported: %w", err)
	}
	for n, r := range resumes {
		fmt.Fprintf(e.stdout, "%s\t%s\t%s\t%s\n", r.ID, terminal.Line(r.UserID), terminal.Line(names[n]), terminal.Line(r.Person.FullName()))
	}
	return nil
}

// read parses all files. Its error lists the problems of all of them.
func (i *importCmd) read() (names []string, resumes []resume.Resume, err error) {
	if len(i.Files) == 0 && !i.Samples {
		return nil, nil, errors.New("name the JSON Resume files to import, or give --samples")
	}
	var problems []error
	take := func(name string, r resume.Resume, err error) {
		if err != nil {
			problems = append(problems, err)
			return
		}
		r.Title = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
		i.identify(&r)
		names, resumes = append(names, filepath.Base(name)), append(resumes, r)
	}
	if i.Samples {
		all, err := samples.All()
		if err != nil {
			return nil, nil, err
		}
		for _, s := range all {
			r, err := parseResume(s.Slug+".json", s.JSON)
			take(s.Slug+".json", r, err)
		}
	}
	for _, file := range i.Files {
		r, err := readResume(file)
		take(file, r, err)
	}
	if len(problems) > 0 {
		return nil, nil, fmt.Errorf("nothing was imported:\n%w", errors.Join(problems...))
	}
	return names, resumes, nil
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
