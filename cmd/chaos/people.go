package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/auth"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// person is a user with one resume. It contains a word, the canary, that no other resume
// contains.
type person struct {
	*client
	id, resume, canary string
	poison             poison // empty for a healthy resume
}

// The samples whose text a PDF reader extracts exactly as it was written.
var people = []string{"first-job", "nurse", "designer", "german", "french", "senior-engineer", "career-changer", "executive"}

// poisonedSample is the sample that poison is added to.
const poisonedSample = "portuguese"

// createUsers creates users and imports their resumes.
func createUsers(ctx context.Context, r *rig) ([]*person, error) {
	dir := filepath.Join(r.dir, "resumes")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	var list []*person
	for i := range len(people) + len(poisoned) {
		slug, kind := poisonedSample, poison("")
		if i < len(people) {
			slug = people[i]
		} else {
			kind = poisoned[i-len(people)]
		}
		// Only letters and digits that are neither hyphenated nor part of a ligature.
		p := &person{id: fmt.Sprintf("user_%d", i+1), canary: fmt.Sprintf("ZQ%dXW%d", 7310+97*i, 1000+31*i), poison: kind}
		sample, err := samples.Get(slug)
		if err != nil {
			return nil, err
		}
		var doc map[string]any
		if err := json.Unmarshal(sample.JSON, &doc); err != nil {
			return nil, err
		}
		basics, ok := doc["basics"].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("the sample %s has no basics", slug)
		}
		basics["summary"] = fmt.Sprintf("%s edition 0 of this page.", p.canary)
		data, err := json.Marshal(doc)
		if err != nil {
			return nil, err
		}
		file := filepath.Join(dir, p.id+".json")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			return nil, err
		}
		out, err := once(ctx, r.program, r.environment("sweep"), "import", "--user", p.id, file)
		if err != nil {
			return nil, err
		}
		p.resume, _, _ = strings.Cut(out, "\t")
		token, err := auth.Sign([]byte(r.secret), p.id, 24*time.Hour, auth.Parties{})
		if err != nil {
			return nil, err
		}
		p.client = &client{apis: r.apis, token: token, http: &http.Client{Timeout: 10 * time.Second,
			Transport: &http.Transport{MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second}}}
		if err := p.spoil(ctx, r.database, i); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// edit changes the resume as its owner would in an editor.
func (p *person) edit(ctx context.Context, d *database, edition int) error {
	_, err := d.pool.Exec(ctx, `UPDATE "user" SET profile_text = $2 WHERE id = $1`, p.id, p.text(edition))
	return err
}
