package erase

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// oneBatch is a store with some erased exports.
type oneBatch struct{ ids []string }

func (s oneBatch) EraseExports(context.Context, string, string, time.Duration, int) ([]string, error) {
	return s.ids, nil
}

func (s oneBatch) ErasedExports(_ context.Context, _, after string, _ int) ([]export.Swept, error) {
	if after != "" {
		return nil, nil
	}
	list := make([]export.Swept, len(s.ids))
	for i, id := range s.ids {
		list[i] = export.Swept{ID: id, BlobKey: "exports/ab/" + id}
	}
	return list, nil
}

func (s oneBatch) ForgetExports(_ context.Context, ids []string) (int64, error) {
	return int64(len(ids)), nil
}

// stuck deletes nothing.
type stuck struct{}

func (stuck) Delete(context.Context, string) error { return errors.New("read-only file system") }

func TestUser_LogsFilesThatStayOnce(t *testing.T) {
	t.Parallel()
	log, logger := testenv.NewLog(t)
	var s oneBatch
	for i := range 100 {
		s.ids = append(s.ids, fmt.Sprint(i))
	}
	res, err := Eraser{Store: s, Files: stuck{}, Logger: logger}.User(t.Context(), "user_1", 0)
	if err != nil || res != (Result{Requests: 100, Left: 100}) {
		t.Errorf("%+v, %v", res, err)
	}
	if lines := log.Lines("level=INFO", `msg="export erased"`, "export_id=", "user_id=user_1"); len(lines) != 100 {
		t.Errorf("%d erased exports are logged", len(lines))
	}
	if lines := log.Lines("level=WARN"); len(lines) != 1 || len(log.Lines("files of erased exports cannot be deleted", "read-only")) != 1 {
		t.Errorf("logged %q", lines)
	}
}
