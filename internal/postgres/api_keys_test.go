package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/apikey"
	"github.com/letrazapp/letraz-export/internal/audit"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// newKey returns a key to be created.
func newKey(name string) apikey.New {
	text, id := apikey.Generate()
	return apikey.New{ID: id, Hash: apikey.Hash(text), Name: name, Scopes: []apikey.Scope{apikey.ExportsRead}, AllUsers: true}
}

func TestAPIKey_Life(t *testing.T) {
	t.Parallel()
	s := setup(t)
	n := newKey("shop")
	n.AllUsers, n.Users, n.ExpiresIn = false, []string{"user_1", "user_2"}, time.Hour
	made := must(s.CreateAPIKey(t.Context(), n))(t)
	if made.ID != n.ID || made.Name != "shop" || made.AllUsers || !made.MayActFor("user_2") || made.MayActFor("user_3") ||
		!made.Has(apikey.ExportsRead) || made.Has(apikey.ExportsWrite) || made.ExpiresAt.Sub(made.CreatedAt) != time.Hour || made.Ended {
		t.Errorf("created %+v", made)
	}
	read := must(s.APIKey(t.Context(), n.ID, 10))(t)
	if d := cmp.Diff(made, read.Key); d != "" || read.Hash != n.Hash || read.Waiting != 0 {
		t.Errorf("%s, %x, %d waiting", d, read.Hash, read.Waiting)
	}
	_, err := s.CreateAPIKey(t.Context(), newKey("shop"))
	wantError(t, "the same name", err, apikey.ErrNameTaken)
	_, err = s.APIKey(t.Context(), "none", 10)
	wantError(t, "an unknown id", err, apikey.ErrNotFound)

	for range 2 {
		if err := s.APIKeyUsed(t.Context(), n.ID); err != nil {
			t.Fatal(err)
		}
	}
	used := must(s.FindAPIKey(t.Context(), "shop"))(t).LastUsedAt
	if used.IsZero() {
		t.Error("the use is not recorded")
	}
	if err := s.APIKeyUsed(t.Context(), n.ID); err != nil || !must(s.FindAPIKey(t.Context(), n.ID))(t).LastUsedAt.Equal(used) {
		t.Errorf("recorded twice in a minute: %v", err)
	}

	s.exec(t, `UPDATE api_key SET created_at = now() - interval '2 hours', expires_at = now() - interval '1 second' WHERE id = $1`, n.ID)
	if !must(s.APIKey(t.Context(), n.ID, 10))(t).Key.Ended {
		t.Error("it has not ended at its expiry")
	}
	if k := must(s.RevokeAPIKey(t.Context(), n.ID))(t); k.RevokedAt.IsZero() {
		t.Errorf("revoked: %+v", k)
	}
	_, err = s.RevokeAPIKey(t.Context(), n.ID)
	wantError(t, "revoked again", err, apikey.ErrNotFound)
	_, err = s.FindAPIKey(t.Context(), "shop")
	wantError(t, "the name of a revoked key", err, apikey.ErrNotFound)
	must(s.CreateAPIKey(t.Context(), newKey("shop")))(t) // the name is free
	if a, b := must(s.APIKeys(t.Context(), false))(t), must(s.APIKeys(t.Context(), true))(t); len(a) != 1 || len(b) != 2 || b[0].ID != n.ID {
		t.Errorf("listed %v and %v", a, b)
	}
}

func TestRotateAPIKey(t *testing.T) {
	t.Parallel()
	s := setup(t)
	old := must(s.CreateAPIKey(t.Context(), newKey("shop")))(t)
	call := &audit.Call{Entry: audit.Entry{Actor: "root", Kind: audit.Command, Action: "key rotate", Status: 200}}
	next := must(s.RotateAPIKey(audit.NewContext(t.Context(), call), old.ID, "shop, before", time.Hour, newKey("shop")))(t)
	now := must(s.FindAPIKey(t.Context(), old.ID))(t)
	if next.Name != "shop" || now.Name != "shop, before" || now.Ended || now.ExpiresAt.IsZero() {
		t.Errorf("now %+v, next %+v", now, next)
	}
	if log := must(s.AuditLog(t.Context(), audit.Filter{Limit: 9}))(t); len(log) != 1 || log[0].Resource != old.ID || !call.IsRecorded() {
		t.Errorf("audit log %+v", log)
	}
	// It never lives longer than it would have.
	must(s.RotateAPIKey(t.Context(), old.ID, "shop, before", 24*time.Hour, newKey("another")))(t)
	if again := must(s.FindAPIKey(t.Context(), old.ID))(t); !again.ExpiresAt.Equal(now.ExpiresAt) {
		t.Errorf("expires at %s, was %s", again.ExpiresAt, now.ExpiresAt)
	}
	_, err := s.RotateAPIKey(t.Context(), "none", "x", time.Hour, newKey("y"))
	wantError(t, "an unknown key", err, apikey.ErrNotFound)
}

func TestAPIKey_CountsWaitingExports(t *testing.T) {
	t.Parallel()
	s := setup(t)
	k := must(s.CreateAPIKey(t.Context(), newKey("shop")))(t)
	var made []export.Request
	for range 4 {
		n := testenv.NewExport(s.userID, s.resumeID)
		n.Caller.KeyID = k.ID
		made = append(made, must(s.CreateExport(t.Context(), n))(t))
	}
	s.request(t) // the user's own
	must(s.CancelExport(t.Context(), made[0].ID))(t)
	must(s.ClaimExport(t.Context(), made[1].ID, lease))(t)
	s.expire(t, made[2].ID)
	for upTo, want := range map[int]int{10: 2, 1: 1} {
		if got := must(s.APIKey(t.Context(), k.ID, upTo))(t).Waiting; got != want {
			t.Errorf("%d waiting of up to %d, want %d", got, upTo, want)
		}
	}
}

func TestCreateExport_TooManyWaiting(t *testing.T) {
	t.Parallel()
	s := setup(t)
	create := func(key, resume string) (export.Request, error) {
		n := testenv.NewExport(s.userID, resume)
		n.MaxWaiting, n.Key = 3, key
		return s.CreateExport(t.Context(), n)
	}
	first := must(create("key", s.resumeID))(t)
	claimed := s.claimed(t)
	expired := s.request(t)
	_, err := create("", s.resumeID)
	wantError(t, "three are waiting", err, export.ErrTooManyWaiting)
	if again := must(create("key", s.resumeID))(t); again.ID != first.ID {
		t.Errorf("a repeated request made %s", again.ID)
	}
	_, err = create("", "rsm_none")
	wantError(t, "an unknown resume", err, export.ErrResumeNotFound)
	n := testenv.NewExport(s.userID, s.resumeID)
	n.MaxWaiting, n.JobID = 3, "job_none"
	_, err = s.CreateExport(t.Context(), n)
	wantError(t, "an unknown job", err, export.ErrJobNotFound)

	s.expire(t, expired.ID) // not swept yet
	must(create("", s.resumeID))(t)
	_, err = create("", s.resumeID)
	wantError(t, "three again", err, export.ErrTooManyWaiting)
	must(s.CompleteExport(t.Context(), claimed, artifact(claimed)))(t)
	must(create("", s.resumeID))(t)

	other := testenv.ImportSample(t, s.Store, "user_2", "first-job")
	n = testenv.NewExport("user_2", other)
	n.MaxWaiting = 3
	must(s.CreateExport(t.Context(), n))(t)
	n = testenv.NewExport("user_2", s.resumeID)
	n.MaxWaiting, n.Caller.Staff = 3, true
	_, err = s.CreateExport(t.Context(), n)
	wantError(t, "by staff for the same owner", err, export.ErrTooManyWaiting)
}
