package helm

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// A real API server accepts every object of every case: it knows all fields, has no warnings,
// and its admission enforces the restricted pod security standard. The standard is enforced for
// pods only, hence those of the templates are made as well.
func TestAPIServer_AcceptsObjects(t *testing.T) {
	c := startAPIServer(t)
	for _, priority := range []string{"normal", "high"} { // of the case everything
		c.must(t, fmt.Sprintf(`{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: %s}, value: 1}`, priority))
	}
	c.must(t, `{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: gvisor}, handler: runsc}`)
	for name, v := range cases(t) {
		t.Run(name, func(t *testing.T) {
			namespace := "case-" + name
			c.makeNamespace(t, namespace)
			text, err := render("test", v)
			if err != nil {
				t.Fatal(err)
			}
			for _, object := range inNamespace(t, text, namespace) {
				if warnings, err := c.create(t.Context(), object); err != nil || len(warnings) > 0 {
					t.Errorf("%s %s: %v, warnings %q", object.GetKind(), object.GetName(), err, warnings)
				}
			}
			pods := podsOf(decode(t, text))
			if len(pods) < 5 {
				t.Fatalf("only %d pods", len(pods))
			}
			for _, p := range pods {
				if p.role == "seccomp" { // its namespace must not enforce the standard
					continue
				}
				if warnings, err := c.create(t.Context(), p.object(t, namespace)); err != nil || len(warnings) > 0 {
					t.Errorf("a pod of %s: %v, warnings %q", p.role, err, warnings)
				}
			}
		})
	}
}

// The API server refuses what the test above says that it would.
func TestAPIServer_Refuses(t *testing.T) {
	c := startAPIServer(t)
	c.makeNamespace(t, "strict")
	text, err := render("test", cases(t)["minimal"])
	if err != nil {
		t.Fatal(err)
	}
	objects := inNamespace(t, text, "strict")
	for _, o := range objects {
		if o.GetKind() == "ServiceAccount" {
			if _, err := c.create(t.Context(), o); err != nil {
				t.Fatal(err)
			}
		}
	}
	deployment := objects[slices.IndexFunc(objects, func(o *unstructured.Unstructured) bool { return o.GetKind() == "Deployment" })]
	set := func(value any, path ...string) *unstructured.Unstructured {
		changed := deployment.DeepCopy()
		if err := unstructured.SetNestedField(changed.Object, value, path...); err != nil {
			t.Fatal(err)
		}
		return changed
	}
	if _, err := c.create(t.Context(), set(true, "spec", "template", "spec", "unknown")); !apierrors.IsBadRequest(err) || !strings.Contains(err.Error(), "unknown field") {
		t.Errorf("an unknown field: %v", err)
	}
	if _, err := c.create(t.Context(), set(int64(-1), "spec", "replicas")); !apierrors.IsInvalid(err) {
		t.Errorf("an invalid value: %v", err)
	}
	warnings, err := c.create(t.Context(), set(true, "spec", "template", "spec", "hostNetwork"))
	if err != nil || len(warnings) == 0 || !strings.Contains(warnings[0], `would violate PodSecurity "restricted`) {
		t.Errorf("a template with the host's network: %v, warnings %q", err, warnings)
	}
	p := podOf(t, cases(t)["minimal"], "api")
	p.spec.HostNetwork = true
	if _, err := c.create(t.Context(), p.object(t, "strict")); !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "PodSecurity") {
		t.Errorf("a pod with the host's network: %v", err)
	}
}

// object returns the pod as an object.
func (p pod) object(t *testing.T, namespace string) *unstructured.Unstructured {
	t.Helper()
	typed := &corev1.Pod{Spec: p.spec}
	typed.APIVersion, typed.Kind = "v1", "Pod"
	typed.Namespace, typed.GenerateName, typed.Labels = namespace, p.role+"-", p.labels
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
	if err != nil {
		t.Fatal(err)
	}
	delete(content, "status")
	return &unstructured.Unstructured{Object: content}
}

// inNamespace returns the rendered objects in another namespace, with those first that others
// refer to.
func inNamespace(t *testing.T, text map[string]string, namespace string) []*unstructured.Unstructured {
	t.Helper()
	var first, rest []*unstructured.Unstructured
	for _, name := range slices.Sorted(maps.Keys(text)) {
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		for _, document := range documents(text[name]) {
			object := &unstructured.Unstructured{}
			if err := yaml.Unmarshal([]byte(document), &object.Object); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if object.GetNamespace() == "exports" {
				object.SetNamespace(namespace)
			}
			if object.GetKind() == "ServiceAccount" {
				first = append(first, object)
			} else {
				rest = append(rest, object)
			}
		}
	}
	return append(first, rest...)
}

// must creates an object that is given as YAML.
func (c *apiServer) must(t *testing.T, text string) {
	t.Helper()
	object := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), &object.Object); err != nil {
		t.Fatal(err)
	}
	if _, err := c.create(t.Context(), object); err != nil && !apierrors.IsAlreadyExists(err) {
		t.Fatalf("%s %s: %v", object.GetKind(), object.GetName(), err)
	}
}

// makeNamespace makes a namespace that enforces the restricted standard and warns of what does
// not meet it, with the service accounts that a cluster or its operator makes.
func (c *apiServer) makeNamespace(t *testing.T, name string) {
	t.Helper()
	c.must(t, fmt.Sprintf(`{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {
		pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/warn: restricted}}}`, name))
	for _, account := range []string{"default", "exports-migrate"} {
		c.must(t, fmt.Sprintf(`{apiVersion: v1, kind: ServiceAccount, metadata: {name: %s, namespace: %s}}`, account, name))
	}
}
