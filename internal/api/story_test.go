package api_test

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// What callers do with an export is in the log, with its id and theirs.
func TestLog_StoryOfAnExport(t *testing.T) {
	t.Parallel()
	log, logger := testenv.NewLog(t)
	f := setup(t, func(c *api.Config) { c.Logger = logger })
	id := f.ask(t, ana, "k", "").export(t, 202).ID
	f.fail(t, id, export.Internal)
	f.call(t, ana, "POST", "/v1/exports/"+id+"/retry", "").export(t, 202)
	f.delete(t, ana, id)
	f.delete(t, ana, id)
	for _, message := range []string{"export accepted", "export retried", "export canceled", "export deleted"} {
		if lines := log.Lines("level=INFO", `msg="`+message+`"`, "export_id="+id, "user_id="+ana, "request_id="); len(lines) != 1 {
			t.Errorf("%s: logged %q", message, lines)
		}
	}
	if lines := log.Lines(`msg="export published"`, "export_id="+id, "lane=interactive"); len(lines) != 2 {
		t.Errorf("published: logged %q", lines)
	}
	if lines := log.Lines(`msg="export canceled"`, "caller_id="+ana); len(lines) != 1 {
		t.Errorf("who canceled it: logged %q", lines)
	}
	f.eraseAll(t, ana, "?all=true")
	if lines := log.Lines("level=INFO", `msg="export erased"`, "export_id="+id, "user_id="+ana, "caller_id="+ana, "request_id="); len(lines) != 1 {
		t.Errorf("erased: logged %q", lines)
	}
	if lines := log.Lines("level=ERROR"); len(lines) != 0 {
		t.Errorf("what a caller did is an error: %q", lines)
	}
	wantProblem(t, f.call(t, ben, "DELETE", "/v1/exports/"+id, ""), 404)
	if lines := log.Lines("caller_id=" + ben); len(lines) != 0 {
		t.Errorf("a refused call: logged %q", lines)
	}
}
