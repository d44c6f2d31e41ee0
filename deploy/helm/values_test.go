package helm

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common/util"
)

// minimal returns the values that have to be given, with others merged into them.
func minimal(t *testing.T, others string) values {
	t.Helper()
	return util.MergeTables(parse(t, others), cases(t)["minimal"])
}

// Wrong values are refused with a message that names them.
func TestValues_Refused(t *testing.T) {
	for name, c := range map[string]struct {
		values string
		want   []string
	}{
		"unknown value":            {`{replicas: 3}`, []string{"additional properties 'replicas' not allowed"}},
		"unknown value of a role":  {`{worker: {slot: 3}}`, []string{"/worker", "additional properties 'slot' not allowed"}},
		"a secret as a value":      {`{database: {url: "postgres://user:pass@db/exports"}}`, []string{"/database", "additional properties 'url' not allowed"}},
		"a password in a URL":      {`{nats: {url: "nats://user:pass@nats:4222"}}`, []string{"/nats/url", "does not match pattern"}},
		"a file URL":               {`{files: {url: "/var/lib/files"}}`, []string{"/files/url", "does not match pattern"}},
		"a number as text":         {`{worker: {slots: "4"}}`, []string{"/worker/slots", "got string, want integer"}},
		"no slots":                 {`{worker: {slots: 0}}`, []string{"/worker/slots", "minimum"}},
		"more standby than slots":  {`{worker: {slotsMin: 3}}`, []string{"worker.slotsMin 3 is more than worker.slots 2"}},
		"grace with a unit":        {`{worker: {grace: 20s}}`, []string{"/worker/grace", "got string, want integer"}},
		"a duration without unit":  {`{worker: {lease: "30"}}`, []string{"/worker/lease", "does not match pattern"}},
		"a log level":              {`{log: {level: trace}}`, []string{"/log/level", "one of 'debug', 'info', 'warn', 'error'"}},
		"a profile above the root": {`{worker: {seccompProfile: {localhostProfile: ../worker.json}}}`, []string{"/worker/seccompProfile/localhostProfile"}},
		"an absolute profile":      {`{worker: {seccompProfile: {localhostProfile: /worker.json}}}`, []string{"/worker/seccompProfile/localhostProfile"}},
		"sandbox without profile":  {`{worker: {seccompProfile: {type: RuntimeDefault}}}`, []string{"use Localhost, or set worker.sandbox to false"}},
		"ops on the API's port":    {`{ops: {port: 8080}}`, []string{"/ops/port"}},
		"HPA to zero":              {`{worker: {autoscaling: {mode: hpa, minReplicas: 0}}}`, []string{"minReplicas 0 needs mode keda"}},
		"more at least than most":  {`{worker: {autoscaling: {mode: hpa, minReplicas: 11}}}`, []string{"minReplicas 11 is more than maxReplicas 10"}},
		"KEDA without token":       {`{worker: {autoscaling: {mode: keda}}}`, []string{"needs ops.existingSecret"}},
		"KEDA without Prometheus":  {`{worker: {autoscaling: {mode: keda, keda: {trigger: prometheus}}}}`, []string{"prometheus.serverAddress"}},
		"ingress without host":     {`{ingress: {enabled: true}}`, []string{"ingress.enabled needs ingress.hosts"}},
		"host as a URL":            {`{ingress: {hosts: ["https://exports.example.com/"]}}`, []string{"/ingress/hosts/0"}},
		"an unknown peer":          {`{networkPolicy: {apiFrom: [{namespace: web}]}}`, []string{"/networkPolicy/apiFrom/0", "'namespace' not allowed"}},
		"two places for files":     {`{files: {existingClaim: files}}`, []string{"files.url or files.existingClaim, and not both"}},
		"two kinds of tokens":      {`{auth: {existingSecret: tokens}}`, []string{"auth.jwksUrl or auth.existingSecret, and not both"}},
		"two addresses of NATS":    {`{nats: {existingSecret: nats}}`, []string{"nats.url or nats.existingSecret, and not both"}},
		"a setting of one pod":     {`{sweep: {pod: {replicas: 2}}}`, []string{"/sweep/pod", "'replicas' not allowed"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := render("test", minimal(t, c.values))
			if err == nil {
				t.Fatal("the values are accepted")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v\ndoes not say %q", err, want)
				}
			}
		})
	}
}

// Without values, everything that is required is named at once.
func TestValues_Required(t *testing.T) {
	_, err := render("test", nil)
	if err == nil {
		t.Fatal("no values are accepted")
	}
	for _, want := range []string{"database.existingSecret", "nats.url", "files.url", "auth.jwksUrl"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\ndoes not name %s", err, want)
		}
	}
}

// The schema has no value that values.yaml does not have, and everything in it is strict.
func TestValues_SchemaIsStrict(t *testing.T) {
	data, err := os.ReadFile(chartDir + "/values.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type schema struct {
		Ref        string             `json:"$ref"`
		Properties map[string]*schema `json:"properties"`
		Additional any                `json:"additionalProperties"`
		Defs       map[string]*schema `json:"$defs"`
	}
	var root schema
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	c, err := load()
	if err != nil {
		t.Fatal(err)
	}
	var walk func(path string, s *schema, v any)
	walk = func(path string, s *schema, v any) {
		if name, ok := strings.CutPrefix(s.Ref, "#/$defs/"); ok {
			s = root.Defs[name]
		}
		if s.Properties == nil {
			return
		}
		if s.Additional != false {
			t.Errorf("%s allows unknown members", path)
		}
		members, ok := v.(map[string]any)
		if !ok || len(members) == 0 || slices.Contains([]string{".resources", ".strategy", ".appArmorProfile"}, path[strings.LastIndex(path, "."):]) {
			return // its members are those of Kubernetes, or stand at pods
		}
		for name, member := range s.Properties {
			value, ok := members[name]
			if !ok && name != "global" {
				t.Errorf("values.yaml has no %s.%s", path, name)
				continue
			}
			walk(fmt.Sprintf("%s.%s", path, name), member, value)
		}
	}
	walk(".", &root, c.Values)
}
