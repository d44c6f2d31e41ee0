package helm

import (
	"fmt"
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// A role gets the secrets that it needs and no others; workers, which open hostile documents, get the fewest.
func TestRoles_Secrets(t *testing.T) {
	want := map[string][]string{
		"api":      {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "DATABASE_URL", "JWT_SECRET", "LETRAZ_LINK_KEYS", "NATS_URL"},
		"worker":   {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "DATABASE_URL", "NATS_URL"},
		"dispatch": {"DATABASE_URL", "LETRAZ_OPS_TOKEN", "NATS_URL"},
		"sweep":    {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "DATABASE_URL"},
		"migrate":  {"DATABASE_URL", "NATS_URL"},
		"test":     nil,
	}
	text, err := render("test", cases(t)["keda"])
	if err != nil {
		t.Fatal(err)
	}
	pods := podsOf(decode(t, text))
	if len(pods) != len(want) {
		t.Errorf("%d pods, want %d", len(pods), len(want))
	}
	for _, p := range pods {
		var got []string
		for _, e := range p.container().Env {
			if e.ValueFrom != nil {
				got = append(got, e.Name)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want[p.role]) {
			t.Errorf("%s gets %q, want %q", p.role, got, want[p.role])
		}
	}
}

// The migration of the first install runs before anything else of the chart exists.
func TestRoles_MigrateNeedsNothingOfTheChart(t *testing.T) {
	eachCase(t, func(t *testing.T, v values, objects []runtime.Object) {
		for _, p := range podsOf(objects) {
			if p.role != "migrate" {
				continue
			}
			account := ""
			if m, ok := v["migrate"].(map[string]any); ok {
				account = m["serviceAccountName"].(string)
			}
			if len(p.container().EnvFrom) != 0 || p.spec.ServiceAccountName != account || p.env("LETRAZ_LOG_LEVEL") == "" {
				t.Errorf("it uses %+v and the service account %q", p.container().EnvFrom, p.spec.ServiceAccountName)
			}
		}
	})
}

// Each role reaches what it needs and is reached where it listens.
func TestRoles_NetworkPolicies(t *testing.T) {
	const dns = "UDP 53, TCP 53"
	for name, want := range map[string]map[string]string{
		"minimal": {
			"api":      "in: TCP http from 0; out: TCP 5432, TCP 4222, TCP 443, TCP 443, " + dns,
			"worker":   "in: nothing; out: TCP 5432, TCP 4222, TCP 443, " + dns,
			"dispatch": "in: nothing; out: TCP 5432, TCP 4222, " + dns,
			"sweep":    "in: nothing; out: TCP 5432, TCP 443, " + dns,
			"migrate":  "in: nothing; out: TCP 5432, TCP 4222, " + dns,
		},
		"everything": {
			"api":      "in: TCP http from 1, TCP ops from 1; out: TCP 5432, TCP 6432, TCP 4222, TCP 443, TCP 9000, TCP 443, TCP 4318, " + dns + ", TCP 3128",
			"worker":   "in: TCP ops from 1; out: TCP 5432, TCP 6432, TCP 4222, TCP 443, TCP 9000, TCP 4318, " + dns + ", TCP 3128",
			"dispatch": "in: TCP ops from 1; out: TCP 5432, TCP 6432, TCP 4222, TCP 4318, " + dns + ", TCP 3128",
			"sweep":    "in: nothing; out: TCP 5432, TCP 6432, TCP 443, TCP 9000, TCP 4318, " + dns + ", TCP 3128",
			"migrate":  "in: nothing; out: TCP 5432, TCP 6432, TCP 4222, " + dns + ", TCP 3128",
		},
		"keda": { // no key set of an identity provider; one peer is Prometheus, another KEDA
			"api":      "in: TCP http from 0, TCP ops from 1; out: TCP 5432, TCP 4222, TCP 443, " + dns,
			"worker":   "in: TCP ops from 1; out: TCP 5432, TCP 4222, TCP 443, " + dns,
			"dispatch": "in: TCP ops from 2; out: TCP 5432, TCP 4222, " + dns,
			"sweep":    "in: nothing; out: TCP 5432, TCP 443, " + dns,
			"migrate":  "in: nothing; out: TCP 5432, TCP 4222, " + dns,
		},
	} {
		text, err := render("test", cases(t)[name])
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range decode(t, text) {
			p, ok := object.(*networkingv1.NetworkPolicy)
			if !ok {
				continue
			}
			role := p.Spec.PodSelector.MatchLabels["app.kubernetes.io/component"]
			if got := describe(p.Spec); got != want[role] || len(p.Spec.PolicyTypes) != 2 {
				t.Errorf("%s, %s:\n%s, want\n%s", name, role, got, want[role])
			}
			delete(want, role)
		}
		if len(want) > 0 {
			t.Errorf("%s: no policy for %v", name, want)
		}
	}
}

// describe returns the ports of a policy, and the number of peers of ingress rules.
func describe(spec networkingv1.NetworkPolicySpec) string {
	in, out := "", ""
	for _, rule := range spec.Ingress {
		in += fmt.Sprintf(", %s %s from %d", *rule.Ports[0].Protocol, rule.Ports[0].Port, len(rule.From))
	}
	if in == "" {
		in = ", nothing"
	}
	for _, rule := range spec.Egress {
		for _, port := range rule.Ports {
			out += fmt.Sprintf(", %s %s", *port.Protocol, port.Port)
		}
	}
	return "in: " + in[2:] + "; out: " + out[2:]
}

// Workers are added at once and removed slowly, by HPA and KEDA alike, and nothing else sets their number.
func TestRoles_Scaling(t *testing.T) {
	for name, scaled := range map[string]bool{"minimal": false, "hpa": true, "keda": true, "keda-prometheus": true} {
		text, err := render("test", cases(t)[name])
		if err != nil {
			t.Fatal(err)
		}
		var behavior *autoscalingv2.HorizontalPodAutoscalerBehavior
		for _, object := range decode(t, text) {
			switch o := object.(type) {
			case *appsv1.Deployment:
				if worker := o.Labels["app.kubernetes.io/component"] == "worker"; worker && (o.Spec.Replicas == nil) != scaled {
					t.Errorf("%s: replicas %v", name, o.Spec.Replicas)
				}
			case *autoscalingv2.HorizontalPodAutoscaler:
				behavior = o.Spec.Behavior
			case *scaledObject:
				behavior = o.Spec.Advanced.HPA.Behavior
				target := map[string]string{"keda": "8", "keda-prometheus": "6"}[name] // twice the slots, or as set
				if m := o.Spec.Triggers[0].Metadata; m["targetValue"]+m["threshold"] != target || o.Spec.PollingInterval != 5 || o.Spec.CooldownPeriod != 300 {
					t.Errorf("%s: %+v", name, o.Spec)
				}
			}
		}
		if !scaled {
			continue
		}
		up, down := behavior.ScaleUp, behavior.ScaleDown
		if *up.StabilizationWindowSeconds != 0 || *up.SelectPolicy != autoscalingv2.MaxChangePolicySelect || up.Policies[0].Value != 100 || up.Policies[1].Value != 4 {
			t.Errorf("%s: scale up %+v", name, up)
		}
		if *down.StabilizationWindowSeconds != 300 || len(down.Policies) != 1 || down.Policies[0] != (autoscalingv2.HPAScalingPolicy{Type: autoscalingv2.PodsScalingPolicy, Value: 1, PeriodSeconds: 60}) {
			t.Errorf("%s: scale down %+v", name, down)
		}
	}
}
