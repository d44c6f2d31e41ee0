package containers

import (
	"os"
	"os/exec"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// The images that scripts/cluster-images.sh makes. The clock of hasty is an hour fast.
var (
	current  = Images{API: "letraz-export:test-cluster", Worker: "letraz-export-worker:test-cluster"}
	previous = Images{API: "letraz-export:test-cluster-previous", Worker: "letraz-export-worker:test-cluster-previous"}
	hasty    = Images{API: "letraz-export:test-cluster-hasty", Worker: "letraz-export-worker:test-cluster-hasty"}
)

// has reports whether the engine has both images.
func (i Images) has(t *testing.T) bool {
	t.Helper()
	for _, image := range []string{i.API, i.Worker} {
		if exec.CommandContext(t.Context(), "docker", "image", "inspect", image).Run() != nil {
			return false
		}
	}
	return true
}

// people imports resumes of some users, who become clients of the cluster.
func people(t *testing.T, c *Cluster, n int) []*checker.Person {
	t.Helper()
	var list []*checker.Person
	for i, slug := range checker.HealthyPeople()[:n] {
		p, resume, err := checker.NewPerson(i, slug, "")
		if err != nil {
			t.Fatal(err)
		}
		p.Resume = c.Import(t, slug, p.ID, resume)
		if err := p.Connect(c.APIs, c.Secret); err != nil {
			t.Fatal(err)
		}
		p.Keys = true
		list = append(list, p)
	}
	return list
}

// needEngine skips the test where there is no container engine.
func needEngine(t *testing.T) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "docker", "info").CombinedOutput(); err != nil {
		if os.Getenv("CLUSTER_REQUIRED") != "" {
			t.Fatalf("no container engine answers: %v\n%s", err, out)
		}
		t.Skipf("no container engine answers: %v", err)
	}
}
