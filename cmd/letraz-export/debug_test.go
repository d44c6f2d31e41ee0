package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/samples"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestDebug(t *testing.T) {
	dir := dataDir(t)
	nats := testenv.NATS(t, "").URL()
	p := start(t, ready, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--nats-url", nats, "--slots", "1")
	resumeID, _, _ := strings.Cut(must(t, "import", "--user", "user_1", "--data-dir", dir, sampleFile(t, "first-job")), "\t")
	must(t, "export", "--data-dir", dir, "--as", "user_1", "-o", t.TempDir(), resumeID)
	database := databaseOf(t, dir)
	id := testenv.Value(t, database, "SELECT id FROM export_request")
	testenv.Exec(t, database, `UPDATE export_request SET traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'`)
	log := filepath.Join(t.TempDir(), "serve.log")
	if err := os.WriteFile(log, []byte(p.output()), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"debug", id, "--data-dir", dir, "--nats-url", nats, "--logs", log}

	text := must(t, args...)
	for _, want := range []string{"export " + id, "status           ready", "trace            0af7651916cd43dd8448eb211c80319c", "attempts         1 of 5, 0 of them",
		"user user_1, resume " + resumeID, "  accepted\n", "  first claimed\n", "  first downloaded\n", "announced        ready", "file             true, ",
		"EXPORT_EVENTS exports.event.ready." + id, "workers-interactive 0 pending", "msg=\"export accepted\"", "msg=\"export ready\""} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}

	file := filepath.Join(t.TempDir(), "bundle.json")
	if out := must(t, append(args, "--json", "-o", file)...); out != "" {
		t.Errorf("printed %q", out)
	}
	data, err := os.ReadFile(file)
	var b bundle
	if err == nil {
		err = json.Unmarshal(data, &b)
	}
	if err != nil || b.Export.ID != id || b.Export.Status != "ready" || len(b.Messages) != 1 || len(b.History) < 6 || len(b.Log) < 6 || len(b.Problems) != 0 {
		t.Errorf("%v: %s", err, data)
	}
	for i := 1; i < len(b.History); i++ {
		if b.History[i].At.Before(b.History[i-1].At) {
			t.Errorf("the history is not in order: %+v", b.History)
		}
	}

	// Neither has anything of the resume or a secret.
	sample, err := samples.Get("first-job")
	if err != nil {
		t.Fatal(err)
	}
	var content struct {
		Basics struct{ Name, Email string }
	}
	if err := json.Unmarshal(sample.JSON, &content); err != nil || content.Basics.Name == "" {
		t.Fatal(content, err)
	}
	key := testenv.Value(t, database, "SELECT blob_key FROM export_request")
	for _, secret := range []string{content.Basics.Name, strings.ReplaceAll(content.Basics.Name, " ", "-"), content.Basics.Email, key} {
		if secret != "" && (strings.Contains(text, secret) || strings.Contains(string(data), secret)) {
			t.Errorf("it contains %q", secret)
		}
	}

	if status, _, errs := call(t, "debug", "01a21cb9-5450-7adc-8cd1-05eafec8408d", "--data-dir", dir); status != 1 || !strings.Contains(errs, "was never created, or it was erased or purged") {
		t.Errorf("an unknown id: status %d: %s", status, errs)
	}
	if status, _, errs := call(t, "debug", id, "--data-dir", dir, "--logs", dir+"/none"); status != 1 || !strings.Contains(errs, "reading the log") {
		t.Errorf("an unknown log: status %d: %s", status, errs)
	}
	if out := must(t, "debug", id, "--data-dir", dir, "--nats-url", "nats://127.0.0.1:1", "--timeout", "2s"); !strings.Contains(out, "not known: ") || !strings.Contains(out, "status           ready") {
		t.Errorf("without NATS: %s", out)
	}
}
