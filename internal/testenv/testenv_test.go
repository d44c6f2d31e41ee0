package testenv_test

import (
	"os"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestMain(m *testing.M) { os.Exit(testenv.Main(m)) }

func TestFixtures(t *testing.T) {
	store := testenv.Open(t, testenv.Database(t), postgres.Options{})
	resumeID := testenv.ImportSample(t, store, "user_1", "first-job")
	r := testenv.Request(t, store, "user_1", resumeID)
	if r.Status != export.Queued || r.UserID != "user_1" || r.ResumeID != resumeID {
		t.Fatalf("request = %+v", r)
	}
	if err := testenv.Queue(t, testenv.NATS(t, "")).PublishRequest(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}
