package helm

import (
	"fmt"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"
)

// decode decodes the rendered objects strictly: an unknown or repeated field is an error.
func decode(t *testing.T, text map[string]string) []runtime.Object {
	t.Helper()
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	var objects []runtime.Object
	for name, content := range text {
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		for _, document := range documents(content) {
			var head metav1.TypeMeta
			if err := yaml.Unmarshal([]byte(document), &head); err != nil {
				t.Fatalf("%s: %v\n%s", name, err, document)
			}
			var object runtime.Object
			var err error
			if custom := customObject(head); custom != nil {
				err = yaml.UnmarshalStrict([]byte(document), custom)
				object = custom
			} else {
				object, _, err = decoder.Decode([]byte(document), nil, nil)
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, document)
			}
			objects = append(objects, object)
		}
	}
	return objects
}

// Objects have valid names and labels, also with the longest name that a release can have.
func TestObjects_Names(t *testing.T) {
	for name, v := range cases(t) {
		for _, release := range []string{"test", "letraz-export", strings.Repeat("long-", 10) + "er9"} {
			text, err := render(release, v)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for _, object := range decode(t, text) {
				m, err := meta.Accessor(object)
				if err != nil {
					t.Fatal(err)
				}
				problems := validation.IsDNS1123Label(m.GetName())
				if _, ok := object.(*batchv1.CronJob); ok && len(m.GetName()) > 52 {
					problems = append(problems, "the name of a CronJob has at most 52 characters")
				}
				for key, value := range m.GetLabels() {
					problems = append(problems, validation.IsQualifiedName(key)...)
					problems = append(problems, validation.IsValidLabelValue(value)...)
				}
				id := fmt.Sprintf("%T %s/%s", object, m.GetNamespace(), m.GetName())
				if seen[id] || m.GetNamespace() == "" {
					problems = append(problems, "it is rendered twice, or has no namespace")
				}
				seen[id] = true
				if len(problems) > 0 {
					t.Errorf("%s, release %s: %s: %q", name, release, id, problems)
				}
			}
		}
	}
}

// What objects refer to is rendered as well.
func TestObjects_References(t *testing.T) {
	eachCase(t, func(t *testing.T, _ values, objects []runtime.Object) {
		pods := podsOf(objects)
		names := map[string]bool{}
		for _, object := range objects {
			m, _ := meta.Accessor(object)
			names[fmt.Sprintf("%T %s", object, m.GetName())] = true
		}
		exists := func(kind runtime.Object, name string) {
			t.Helper()
			if !names[fmt.Sprintf("%T %s", kind, name)] {
				t.Errorf("there is no %T %s", kind, name)
			}
		}
		// selects checks that the selector selects the pods of one role, and that these have the ports.
		selects := func(of runtime.Object, selector labels.Selector, ports ...string) {
			t.Helper()
			var found []pod
			for _, p := range pods {
				if selector.Matches(labels.Set(p.labels)) {
					found = append(found, p)
				}
			}
			if len(found) != 1 {
				t.Fatalf("%T selects %d roles", of, len(found))
			}
			for _, port := range ports {
				if !found[0].hasPort(port) {
					t.Errorf("%T uses port %s, which %s does not have", of, port, found[0].role)
				}
			}
		}
		for _, p := range pods {
			for _, from := range p.container().EnvFrom {
				exists(&corev1.ConfigMap{}, from.ConfigMapRef.Name)
			}
			p.checkMounts(t)
		}
		for _, object := range objects {
			switch o := object.(type) {
			case *appsv1.Deployment:
				selects(o, toSelector(t, o.Spec.Selector))
			case *appsv1.DaemonSet:
				selects(o, toSelector(t, o.Spec.Selector))
			case *corev1.Service:
				for _, port := range o.Spec.Ports {
					selects(o, labels.SelectorFromSet(o.Spec.Selector), port.TargetPort.String())
				}
			case *policyv1.PodDisruptionBudget:
				selects(o, toSelector(t, o.Spec.Selector))
			case *networkingv1.NetworkPolicy:
				var ports []string
				for _, rule := range o.Spec.Ingress {
					ports = append(ports, rule.Ports[0].Port.String())
				}
				selects(o, toSelector(t, &o.Spec.PodSelector), ports...)
			case *networkingv1.Ingress:
				exists(&corev1.Service{}, o.Spec.Rules[0].HTTP.Paths[0].Backend.Service.Name)
			case *autoscalingv2.HorizontalPodAutoscaler:
				exists(&appsv1.Deployment{}, o.Spec.ScaleTargetRef.Name)
			case *scaledObject:
				exists(&appsv1.Deployment{}, o.Spec.ScaleTargetRef.Name)
				if trigger := o.Spec.Triggers[0]; trigger.Type == "metrics-api" {
					exists(&triggerAuthentication{}, trigger.AuthenticationRef.Name)
				}
			}
		}
	})
}

func toSelector(t *testing.T, s *metav1.LabelSelector) labels.Selector {
	t.Helper()
	selector, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		t.Fatal(err)
	}
	return selector
}
