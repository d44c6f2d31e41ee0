package api

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/apikey"
	"github.com/letrazapp/letraz-export/internal/audit"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// contexts is a store that remembers the context of its last call.
type contexts struct{ last context.Context }

func (c *contexts) Caller(ctx context.Context, _ string) (export.Caller, error) {
	c.last = ctx
	return export.Caller{}, nil
}

func (c *contexts) APIKey(ctx context.Context, _ string, _ int) (apikey.Presented, error) {
	c.last = ctx
	return apikey.Presented{}, nil
}

func (c *contexts) APIKeyUsed(ctx context.Context, _ string) error {
	c.last = ctx
	return nil
}

func (c *contexts) RecordCall(ctx context.Context, _ audit.Entry) error {
	c.last = ctx
	return nil
}

func (c *contexts) one(ctx context.Context) (export.Request, error) {
	c.last = ctx
	return export.Request{}, nil
}

func (c *contexts) CreateExport(ctx context.Context, _ export.New) (export.Request, error) {
	return c.one(ctx)
}
func (c *contexts) Export(ctx context.Context, _ string) (export.Request, error) { return c.one(ctx) }
func (c *contexts) FailDamaged(ctx context.Context, _, _ string) (export.Request, error) {
	return c.one(ctx)
}
func (c *contexts) CancelExport(ctx context.Context, _ string) (export.Request, error) {
	return c.one(ctx)
}
func (c *contexts) ExpireExport(ctx context.Context, _ string) (export.Request, error) {
	return c.one(ctx)
}
func (c *contexts) RetryExport(ctx context.Context, _ string) (export.Request, error) {
	return c.one(ctx)
}

func (c *contexts) Exports(ctx context.Context, _ export.Filter) ([]export.Request, error) {
	c.last = ctx
	return nil, nil
}

func (c *contexts) MarkDownloaded(ctx context.Context, _ string) error {
	c.last = ctx
	return nil
}

func (c *contexts) FinishSweep(ctx context.Context, _ []string) (int64, error) {
	c.last = ctx
	return 0, nil
}

func (c *contexts) RetryFailed(ctx context.Context, _ export.Failures) ([]string, error) {
	c.last = ctx
	return nil, nil
}

func (c *contexts) DispatchFailed(ctx context.Context, _ []string) error {
	c.last = ctx
	return nil
}

func (c *contexts) EraseExports(ctx context.Context, _, _ string, _ time.Duration, _ int) ([]string, error) {
	c.last = ctx
	return nil, nil
}

func (c *contexts) ErasedExports(ctx context.Context, _, _ string, _ int) ([]export.Swept, error) {
	c.last = ctx
	return nil, nil
}

func (c *contexts) ForgetExports(ctx context.Context, _ []string) (int64, error) {
	c.last = ctx
	return 0, nil
}

func (c *contexts) PutResume(ctx context.Context, _ export.Caller, _ resume.Put) (resume.Stored, error) {
	c.last = ctx
	return resume.Stored{}, nil
}

func (c *contexts) DeleteResume(ctx context.Context, _ export.Caller, _ string, _ resume.Condition) error {
	c.last = ctx
	return nil
}

func (c *contexts) Resumes(ctx context.Context, _ resume.Filter) ([]resume.Stored, error) {
	c.last = ctx
	return nil, nil
}

func (c *contexts) QueueState(ctx context.Context) (export.QueueState, error) {
	c.last = ctx
	return export.QueueState{}, nil
}

func (c *contexts) CreateBatch(ctx context.Context, _ export.NewBatch) (export.Batch, []export.Request, error) {
	c.last = ctx
	return export.Batch{}, nil, nil
}

func (c *contexts) Batch(ctx context.Context, _, _ string) (export.Batch, error) {
	c.last = ctx
	return export.Batch{}, nil
}

func (c *contexts) Batches(ctx context.Context, _, _ string, _ int) ([]export.Batch, error) {
	c.last = ctx
	return nil, nil
}

func (c *contexts) LoadResume(ctx context.Context, _, _ string) (resume.Resume, error) {
	c.last = ctx
	return resume.Resume{}, nil
}

func (c *contexts) BatchExports(ctx context.Context, _ export.BatchFilter) ([]export.Request, error) {
	c.last = ctx
	return nil, nil
}

func (c *contexts) BatchFiles(ctx context.Context, _, _ string) (map[string]string, error) {
	c.last = ctx
	return nil, nil
}

func (c *contexts) DeleteBatch(ctx context.Context, _, _ string) (canceled, expired []export.Request, err error) {
	c.last = ctx
	return nil, nil, nil
}

func (c *contexts) RetryBatch(ctx context.Context, _, _ string) ([]string, error) {
	c.last = ctx
	return nil, nil
}

func (c *contexts) MarkAllDownloaded(ctx context.Context, _ []string) error {
	c.last = ctx
	return nil
}

// The test finds the methods by reflection, so it covers new ones.
func TestBounded_EveryCallHasALimit(t *testing.T) {
	t.Parallel()
	inner := &contexts{}
	var store Store = bounded{store: inner, within: time.Minute}
	of := reflect.TypeFor[Store]()
	for i := range of.NumMethod() {
		m := of.Method(i)
		inner.last = nil
		args := []reflect.Value{reflect.ValueOf(store), reflect.ValueOf(t.Context())}
		for j := 1; j < m.Type.NumIn(); j++ {
			args = append(args, reflect.Zero(m.Type.In(j)))
		}
		reflect.ValueOf(store).MethodByName(m.Name).Call(args[1:])
		if inner.last == nil {
			t.Errorf("%s calls something else", m.Name)
			continue
		}
		if left, ok := inner.last.Deadline(); !ok || time.Until(left) > time.Minute {
			t.Errorf("%s has no limit", m.Name)
		}
		if inner.last.Err() == nil {
			t.Errorf("%s keeps its context", m.Name)
		}
	}
}
