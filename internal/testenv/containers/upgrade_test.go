package containers

import (
	"context"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// The previous version is upgraded under load: first the schema, then one container after the
// other, so that both versions work side by side on the new schema. In a short run the clock of
// the first host of each role is then an hour fast.
func TestCluster_RollingUpgrade(t *testing.T) {
	needEngine(t)
	if !previous.has(t) {
		t.Skip("there are no images of a previous version: this clone's history does not have it")
	}
	tr := newTrial(t, New(t, previous))
	defer tr.table(t)
	tr.fault(t, "upgrade: the previous version", func(t *testing.T, ctx context.Context) { checker.Pause(ctx, 3*time.Second) })
	tr.fault(t, "upgrade: the new schema and the old version", func(t *testing.T, ctx context.Context) {
		tr.images = current
		tr.migrate(t)
		checker.Pause(ctx, 5*time.Second)
	})
	first, clock := current, ""
	if short() && hasty.has(t) {
		first, clock = hasty, ", a host an hour fast"
	}
	tr.fault(t, "upgrade: one container after the other"+clock, func(t *testing.T, ctx context.Context) {
		for _, role := range []string{"sweep", "dispatch", "worker", "api"} {
			for i, n := range tr.Role(role) {
				images := current
				if i == 0 {
					images = first
				}
				tr.Replace(t, n, images)
				checker.Pause(ctx, time.Second)
			}
		}
		tr.load.Bulk.Store(true)
	})
	tr.fault(t, "upgrade: the new version alone"+clock, func(t *testing.T, ctx context.Context) { checker.Pause(ctx, 5*time.Second) })
}
