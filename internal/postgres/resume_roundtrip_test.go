package postgres_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestRoundTrip_Samples(t *testing.T) {
	t.Parallel()
	store := testenv.Open(t, testenv.Database(t), postgres.Options{})
	for _, sample := range must(samples.All())(t) {
		t.Run(sample.Slug, func(t *testing.T) {
			id := testenv.ImportSample(t, store, "user_"+sample.Slug, sample.Slug)
			r := must(store.LoadResume(t.Context(), id, ""))(t)
			wantSameData(t, r, sample.JSON)
			if !r.Base || r.UserID != "user_"+sample.Slug || r.Title != sample.Slug || r.UpdatedAt.IsZero() {
				t.Errorf("resume = base %v, user %s, title %s, updated %s", r.Base, r.UserID, r.Title, r.UpdatedAt)
			}
		})
	}
}

func TestRoundTrip_OtherOwner(t *testing.T) {
	t.Parallel()
	s := setup(t)
	// The owner has a value in every column, so whatever a sample leaves empty has
	// to hide one.
	s.exec(t, `UPDATE "user" SET title = 'Dr.', last_name = 'L', email = 'e', phone = 'p', dob = '1990-01-02', nationality = 'n',
	           address = 'a', city = 'c', postal = 'p', country = 'c', website = 'w', profile_text = 't' WHERE id = $1`, s.userID)
	before := s.userRow(t)
	for _, sample := range must(samples.All())(t) {
		t.Run(sample.Slug, func(t *testing.T) {
			id := testenv.ImportSample(t, s.Store, s.userID, sample.Slug)
			r := must(s.LoadResume(t.Context(), id, ""))(t)
			wantSameData(t, r, sample.JSON)
			want := must(resume.ParseJSONResume(sample.JSON))(t).Person
			if diff := cmp.Diff(want, r.Person, cmp.Transformer("data", plainData)); diff != "" {
				t.Errorf("person (-want +got):\n%s", diff)
			}
			if r.Base {
				t.Error("a later resume became the user's base one")
			}
		})
	}
	if diff := cmp.Diff(before, s.userRow(t)); diff != "" {
		t.Errorf("an import changed the user (-before +after):\n%s", diff)
	}
}

// userRow returns the owner's row as JSON.
func (s stage) userRow(t *testing.T) (row string) {
	t.Helper()
	if err := s.Pool().QueryRow(t.Context(), `SELECT to_jsonb(u)::text FROM "user" u WHERE id = $1`, s.userID).Scan(&row); err != nil {
		t.Fatal(err)
	}
	return row
}

// wantSameData fails the test unless r, written as JSON Resume, is the same data
// as the document want.
func wantSameData(t *testing.T, r resume.Resume, want []byte) {
	t.Helper()
	got := must(resume.MarshalJSONResume(r))(t)
	if diff := cmp.Diff(plainData(want), plainData(got)); diff != "" {
		t.Errorf("document (-source +loaded):\n%s", diff)
	}
}

// plainData returns a document for comparison, without empty members (null, "", [] and {}).
func plainData(document json.RawMessage) any {
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err
	}
	return withoutEmpty(v)
}

func withoutEmpty(v any) any {
	switch v := v.(type) {
	case []any:
		kept := []any{}
		for _, item := range v {
			kept = append(kept, withoutEmpty(item))
		}
		return kept
	case map[string]any:
		kept := map[string]any{}
		for name, item := range v {
			item = withoutEmpty(item)
			if !cmp.Equal(item, nil) && !cmp.Equal(item, "") && !cmp.Equal(item, []any{}) && !cmp.Equal(item, map[string]any{}) {
				kept[name] = item
			}
		}
		return kept
	}
	return v
}
