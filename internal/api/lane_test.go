package api_test

import (
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
)

func TestCreate_Lane(t *testing.T) {
	t.Parallel()
	f := setup(t)
	create := func(lane, key string) api.Export {
		return f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"`+lane+`}`, "Idempotency-Key", key).export(t, 202)
	}
	if e := create("", "a"); e.Lane != "interactive" {
		t.Errorf("the default lane is %q", e.Lane)
	}
	bulk := create(`,"lane":"bulk"`, "b")
	if bulk.Lane != "bulk" {
		t.Errorf("the lane is %q", bulk.Lane)
	}
	r, err := f.queue.Receive(t.Context(), export.Bulk)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Stop)
	d, err := r.Next(t.Context(), 9*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := d.Message(); err != nil || m.ExportID != bulk.ID {
		t.Errorf("the lane bulk has %+v, %v", m, err)
	}
	// The lane belongs to what a key stands for; stating the default does not.
	if e := create(`,"lane":"bulk"`, "b"); e.ID != bulk.ID {
		t.Error("the same request with the same key is another export")
	}
	create(`,"lane":"interactive"`, "a")
	wantProblem(t, f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`, "Idempotency-Key", "b"), 422, "header.Idempotency-Key")
	for _, lane := range []string{`""`, `"retry"`, `"Bulk"`, `null`, `1`} {
		wantProblem(t, f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`","lane":`+lane+`}`), 422, "body.lane")
	}
}
