package helm

import (
	"fmt"
	"os"
	"strings"
	"testing"

	yamlv3 "go.yaml.in/yaml/v3"
)

const docs = "../../docs/kubernetes.md"

// The table of values in the documentation is as generated from values.yaml.
func TestDocs_Values(t *testing.T) {
	data, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- values -->\n", "<!-- /values -->"
	before, rest, ok := strings.Cut(string(data), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no %s", docs, begin)
	}
	compare(t, docs, []byte(before+begin+valuesTable(t)+end+after))
}

// valuesTable returns a table with a row for each value, from the comments above them.
func valuesTable(t *testing.T) string {
	data, err := os.ReadFile(chartDir + "/values.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var document yamlv3.Node
	if err := yamlv3.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| value | default | meaning |\n|---|---|---|\n")
	var walk func(path string, n *yamlv3.Node)
	walk = func(path string, n *yamlv3.Node) {
		for i := 0; i < len(n.Content); i += 2 {
			name, value, meaning := path+n.Content[i].Value, n.Content[i+1], comment(n.Content[i])
			if group := value.Kind == yamlv3.MappingNode && commented(value); group {
				if meaning != "" {
					fmt.Fprintf(&b, "| `%s` | | %s |\n", name, meaning)
				}
				walk(name+".", value)
				continue
			}
			if meaning == "" {
				t.Errorf("values.yaml does not say what %s means", name)
			}
			fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", name, inline(t, value), meaning)
		}
	}
	walk("", document.Content[0])
	return b.String()
}

// comment returns the comment above a key; what stands before an empty line is not part of it.
func comment(key *yamlv3.Node) string {
	paragraphs := strings.Split(key.HeadComment, "\n\n")
	text := strings.ReplaceAll(paragraphs[len(paragraphs)-1], "\n", " ")
	return strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(text, "# "), " # ", " "), "|", `\|`)
}

// commented reports whether members of a map have comments; then it is a group of values.
func commented(n *yamlv3.Node) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].HeadComment != "" || n.Content[i+1].Kind == yamlv3.MappingNode && commented(n.Content[i+1]) {
			return true
		}
	}
	return false
}

// inline returns a value in one line.
func inline(t *testing.T, n *yamlv3.Node) string {
	if n.Kind == yamlv3.ScalarNode && n.Value == "" {
		return `""`
	}
	plain := *n
	plain.Style, plain.HeadComment = yamlv3.FlowStyle, ""
	data, err := yamlv3.Marshal(&plain)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}
