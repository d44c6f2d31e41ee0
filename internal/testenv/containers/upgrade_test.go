package containers

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// The previous version is upgraded under load: first the schema, then one container after the
// other, so that both versions work side by side on the new schema.
func TestCluster_RollingUpgrade(t *testing.T) {
	needEngine(t)
	for _, image := range []string{previous.API, previous.Worker} {
		if err := exec.CommandContext(t.Context(), "docker", "image", "inspect", image).Run(); err != nil {
			t.Skipf("there is no image %s of a previous version: this clone's history does not have it", image)
		}
	}
	tr := newTrial(t, New(t, previous))
	defer tr.table(t)
	tr.fault(t, "upgrade: the previous version", func(t *testing.T, ctx context.Context) { checker.Pause(ctx, 3*time.Second) })
	tr.fault(t, "upgrade: the new schema and the old version", func(t *testing.T, ctx context.Context) {
		tr.images = current
		tr.migrate(t)
		checker.Pause(ctx, 5*time.Second)
	})
	tr.fault(t, "upgrade: one container after the other", func(t *testing.T, ctx context.Context) {
		for _, role := range []string{"sweep", "dispatch", "worker", "api"} {
			for _, n := range tr.Role(role) {
				tr.Replace(t, n, current)
				checker.Pause(ctx, time.Second)
			}
		}
		tr.load.Bulk.Store(true)
	})
}
