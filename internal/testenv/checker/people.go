package checker

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/letrazapp/letraz-export/internal/auth"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// Person is a user with one resume. It contains a word, the canary, that no other resume
// contains.
type Person struct {
	*Client
	ID, Resume, Canary string
	Poison             Poison // empty for a healthy resume
}

// The samples whose text a PDF reader extracts exactly as it was written.
var samplesOfPeople = []string{"first-job", "nurse", "designer", "german", "french", "senior-engineer", "career-changer", "executive"}

// HealthyPeople returns the samples of people whose resumes have no defect.
func HealthyPeople() []string { return slices.Clone(samplesOfPeople) }

// NewPerson returns the i-th person and the resume, a sample with the canary, to be imported for it.
func NewPerson(i int, slug string, kind Poison) (*Person, []byte, error) {
	// Only letters and digits that are neither hyphenated nor part of a ligature.
	p := &Person{ID: fmt.Sprintf("user_%d", i+1), Canary: fmt.Sprintf("ZQ%dXW%d", 7310+97*i, 1000+31*i), Poison: kind}
	sample, err := samples.Get(slug)
	if err != nil {
		return nil, nil, err
	}
	var doc map[string]any
	if err := json.Unmarshal(sample.JSON, &doc); err != nil {
		return nil, nil, err
	}
	basics, ok := doc["basics"].(map[string]any)
	if !ok {
		return nil, nil, fmt.Errorf("the sample %s has no basics", slug)
	}
	basics["summary"] = fmt.Sprintf("%s edition 0 of this page.", p.Canary)
	data, err := json.Marshal(doc)
	return p, data, err
}

// Connect makes the person a client of these instances of the API, with a token signed with secret.
func (p *Person) Connect(apis []string, secret string) error {
	token, err := auth.Sign([]byte(secret), p.ID, 24*time.Hour, auth.Parties{})
	if err != nil {
		return err
	}
	p.Client = &Client{APIs: apis, Token: token, HTTP: &http.Client{Timeout: 10 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second}}}
	return nil
}

// Edit changes the resume as its owner would in an editor.
func (p *Person) Edit(ctx context.Context, db *pgxpool.Pool, edition int) error {
	_, err := db.Exec(ctx, `UPDATE "user" SET profile_text = $2 WHERE id = $1`, p.ID, p.text(edition))
	return err
}
