package resume

import (
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// Leaf is one text, number or boolean of a source file.
type Leaf struct {
	Path string // such as "work[0].name"
	Text string // a number or boolean as it is written
}

// Leaves returns every text, number and boolean of a file that Read accepts, in the
// order of the file, except the settings of the program that wrote it. Empty texts and
// nulls are left out. An error is that of Read.
func Leaves(data []byte) ([]Leaf, error) {
	file, err := readSource(data, ReadOptions{}, &note.List{})
	if err != nil {
		return nil, err
	}
	return leavesOf(file.content), nil
}

func leavesOf(root *tree.Value) []Leaf {
	var leaves []Leaf
	var walk func(v *tree.Value, path string)
	walk = func(v *tree.Value, path string) {
		switch v.Kind {
		case tree.Text, tree.Number, tree.Bool:
			if v.Text != "" {
				leaves = append(leaves, Leaf{path, v.Text})
			}
		case tree.List:
			for i, item := range v.Items {
				if v.Parts {
					walk(item, path)
				} else {
					walk(item, tree.ItemPath(path, i))
				}
			}
		case tree.Object:
			for _, m := range v.Members {
				walk(m.Value, tree.MemberPath(path, m.Name))
			}
		}
	}
	walk(root, "")
	return leaves
}
