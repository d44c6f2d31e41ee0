package helm

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

const chartDir = "letraz-export"

// load reads the chart once.
var load = sync.OnceValues(func() (*chart.Chart, error) { return loader.LoadDir(chartDir) })

// values are those of a user.
type values map[string]any

// parse reads values as YAML.
func parse(t *testing.T, text string) values {
	t.Helper()
	v := values{}
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// render renders the chart as `helm install` does, and returns the text of each template.
func render(release string, v values) (map[string]string, error) {
	c, err := load()
	if err != nil {
		return nil, err
	}
	options := common.ReleaseOptions{Name: release, Namespace: "exports", Revision: 1, IsInstall: true}
	all, err := util.ToRenderValues(c, v, options, common.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	return engine.Render(c, all)
}

// cases returns the values of each file in testdata by its name, with the release "test".
func cases(t *testing.T) map[string]values {
	t.Helper()
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in testdata: %v", err)
	}
	all := map[string]values{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".yaml")] = parse(t, string(data))
	}
	return all
}

// eachCase runs f for each case, with its objects.
func eachCase(t *testing.T, f func(t *testing.T, v values, objects []runtime.Object)) {
	for name, v := range cases(t) {
		t.Run(name, func(t *testing.T) {
			text, err := render("test", v)
			if err != nil {
				t.Fatal(err)
			}
			f(t, v, decode(t, text))
		})
	}
}

// manifests returns the rendered objects as `helm template` prints them, sorted by template,
// without those that are also in same.
func manifests(text, same map[string]string) string {
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(text)) {
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		known := documents(same[name])
		for _, document := range documents(text[name]) {
			if slices.Contains(known, document) {
				continue
			}
			fmt.Fprintf(&b, "---\n# Source: %s\n%s\n", name, document)
		}
	}
	return b.String()
}

// documents splits YAML into its documents that are not empty.
func documents(text string) []string {
	var all []string
	for _, document := range strings.Split("\n"+text, "\n---\n") {
		if document = strings.TrimSpace(document); document != "" {
			all = append(all, document)
		}
	}
	return all
}
