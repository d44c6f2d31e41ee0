package helm

import (
	"fmt"
	"slices"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// pod is the pod, or the template of pods, of a role.
type pod struct {
	role   string
	labels map[string]string
	spec   corev1.PodSpec
	config map[string]string // of its ConfigMap
}

// podsOf returns the pods of the objects.
func podsOf(objects []runtime.Object) []pod {
	configs := map[string]map[string]string{}
	for _, object := range objects {
		if c, ok := object.(*corev1.ConfigMap); ok {
			configs[c.Name] = c.Data
		}
	}
	var pods []pod
	add := func(m metav1.ObjectMeta, spec corev1.PodSpec) {
		p := pod{role: m.Labels["app.kubernetes.io/component"], labels: m.Labels, spec: spec, config: map[string]string{}}
		for _, from := range p.container().EnvFrom {
			p.config = configs[from.ConfigMapRef.Name]
		}
		pods = append(pods, p)
	}
	for _, object := range objects {
		switch o := object.(type) {
		case *appsv1.Deployment:
			add(o.Spec.Template.ObjectMeta, o.Spec.Template.Spec)
		case *appsv1.DaemonSet:
			add(o.Spec.Template.ObjectMeta, o.Spec.Template.Spec)
		case *batchv1.Job:
			add(o.Spec.Template.ObjectMeta, o.Spec.Template.Spec)
		case *batchv1.CronJob:
			add(o.Spec.JobTemplate.Spec.Template.ObjectMeta, o.Spec.JobTemplate.Spec.Template.Spec)
		case *corev1.Pod:
			add(o.ObjectMeta, o.Spec)
		}
	}
	return pods
}

func (p pod) container() corev1.Container { return p.spec.Containers[0] }

func (p pod) hasPort(name string) bool {
	return slices.ContainsFunc(p.container().Ports, func(c corev1.ContainerPort) bool { return c.Name == name })
}

// env returns the value of a variable that is not secret.
func (p pod) env(name string) string {
	for _, e := range p.container().Env {
		if e.Name == name {
			return e.Value
		}
	}
	return p.config[name]
}

// checkMounts checks that what containers mount are the pod's volumes.
func (p pod) checkMounts(t *testing.T) {
	t.Helper()
	var volumes, mounts []string
	for _, v := range p.spec.Volumes {
		volumes = append(volumes, v.Name)
	}
	for _, c := range slices.Concat(p.spec.InitContainers, p.spec.Containers) {
		for _, m := range c.VolumeMounts {
			mounts = append(mounts, m.Name)
		}
	}
	slices.Sort(volumes)
	slices.Sort(mounts)
	if !slices.Equal(volumes, slices.Compact(mounts)) {
		t.Errorf("%s has volumes %q and mounts %q", p.role, volumes, mounts)
	}
}

// Pods meet the restricted pod security standard, except the one that has to mount a directory of the node.
func TestPods_Restricted(t *testing.T) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	restricted := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	eachCase(t, func(t *testing.T, _ values, objects []runtime.Object) {
		for _, p := range podsOf(objects) {
			results := evaluator.EvaluatePod(restricted, &metav1.ObjectMeta{Labels: p.labels}, &p.spec)
			res := policy.AggregateCheckResults(results)
			if res.Allowed == (p.role == "seccomp") {
				t.Errorf("%s is allowed: %v: %s", p.role, res.Allowed, res.ForbiddenDetail())
			}
		}
	})
}

// Beyond the standard: no token, no writable directory besides /tmp, no variables of services, a memory limit.
func TestPods_Hardened(t *testing.T) {
	eachCase(t, func(t *testing.T, _ values, objects []runtime.Object) {
		for _, p := range podsOf(objects) {
			if token := p.spec.AutomountServiceAccountToken; token == nil || *token {
				t.Errorf("%s mounts the token of its service account", p.role)
			}
			if links := p.spec.EnableServiceLinks; links == nil || *links {
				t.Errorf("%s has variables of services", p.role)
			}
			writable := func(m corev1.VolumeMount) bool { return m.MountPath == "/tmp" && m.Name == "tmp" && !m.ReadOnly }
			if known := []string{"seccomp", "test"}; !slices.Contains(known, p.role) && !slices.ContainsFunc(p.container().VolumeMounts, writable) {
				t.Errorf("%s has no writable /tmp", p.role)
			}
			for _, c := range slices.Concat(p.spec.InitContainers, p.spec.Containers) {
				if !*c.SecurityContext.ReadOnlyRootFilesystem || c.Resources.Limits.Memory().IsZero() || c.Resources.Requests.Cpu().IsZero() {
					t.Errorf("%s, container %s: %+v %+v", p.role, c.Name, c.SecurityContext, c.Resources)
				}
			}
		}
	})
}

// The kubelet kills a pod only after the program's own grace time.
func TestPods_Grace(t *testing.T) {
	v := minimal(t, `{api: {grace: 40, drain: 7}, worker: {grace: 90}}`)
	for role, want := range map[string]struct {
		grace string
		kill  int64
	}{"worker": {"90s", 105}, "api": {"40s", 62}} {
		p := podOf(t, v, role)
		if p.env("LETRAZ_GRACE") != want.grace || *p.spec.TerminationGracePeriodSeconds != want.kill {
			t.Errorf("%s has %s and is killed after %d s, want %+v", role, p.env("LETRAZ_GRACE"), *p.spec.TerminationGracePeriodSeconds, want)
		}
	}
}

// The program answers probes within 6 s; see healthcheck.
func TestPods_Probes(t *testing.T) {
	for _, role := range []string{"api", "worker", "dispatch"} {
		c := podOf(t, minimal(t, `{ops: {port: 9100}}`), role).container()
		for _, probe := range []*corev1.Probe{c.StartupProbe, c.LivenessProbe, c.ReadinessProbe} {
			if got := time.Duration(probe.TimeoutSeconds) * time.Second; got <= 6*time.Second || probe.HTTPGet.Port.String() != "ops" {
				t.Errorf("%s: %+v", role, probe)
			}
		}
		if c.Ports[len(c.Ports)-1].ContainerPort != 9100 {
			t.Errorf("%s: %+v", role, c.Ports)
		}
	}
}

// podOf renders the chart and returns the pod of a role.
func podOf(t *testing.T, v values, role string) pod {
	t.Helper()
	text, err := render("test", v)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range podsOf(decode(t, text)) {
		if p.role == role {
			return p
		}
	}
	t.Fatal(fmt.Errorf("there is no %s", role))
	return pod{}
}
