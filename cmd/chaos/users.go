package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// poisonedSample is the sample that poison is added to.
const poisonedSample = "portuguese"

// createUsers creates users and imports their resumes.
func createUsers(ctx context.Context, r *rig) ([]*checker.Person, error) {
	dir := filepath.Join(r.dir, "resumes")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	people := checker.HealthyPeople()
	var list []*checker.Person
	for i := range len(people) + len(poisoned) {
		slug, kind := poisonedSample, checker.Poison("")
		if i < len(people) {
			slug = people[i]
		} else {
			kind = poisoned[i-len(people)]
		}
		p, data, err := checker.NewPerson(i, slug, kind)
		if err != nil {
			return nil, err
		}
		file := filepath.Join(dir, p.ID+".json")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			return nil, err
		}
		out, err := once(ctx, r.program, r.environment("sweep"), "import", "--user", p.ID, file)
		if err != nil {
			return nil, err
		}
		p.Resume, _, _ = strings.Cut(out, "\t")
		if err := p.Connect(r.apis, r.secret); err != nil {
			return nil, err
		}
		if err := r.spoil(ctx, p, i); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}
