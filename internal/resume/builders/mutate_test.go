package builders

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// mutate replaces a few values of root at random by values of other kinds, removes
// members and adds unknown ones. New texts are unlike all others.
func mutate(root *tree.Value, r *rand.Rand) {
	var all []*tree.Value
	var walk func(v *tree.Value)
	walk = func(v *tree.Value) {
		all = append(all, v)
		for _, item := range v.Items {
			walk(item)
		}
		for _, m := range v.Members {
			walk(m.Value)
		}
	}
	walk(root)
	text := func() *tree.Value { return tree.NewText("word" + strconv.Itoa(r.IntN(1e9)) + "end") }
	for range 1 + r.IntN(8) {
		v := all[r.IntN(len(all))]
		switch r.IntN(8) {
		case 0:
			*v = *text()
		case 1:
			*v = *tree.NewList(text(), tree.NewInt(r.Int64N(1e9)), tree.NewList(text()))
		case 2:
			*v = *tree.NewObject(tree.Member{Name: "name", Value: text()}, tree.Member{Name: "odd name", Value: tree.NewList(text())})
		case 3:
			*v = tree.Value{Kind: tree.Null}
		case 4:
			*v = *tree.NewInt(r.Int64N(1e9))
		case 5:
			*v = tree.Value{Kind: tree.Bool, Text: []string{"true", "false"}[r.IntN(2)]}
		case 6:
			if v.Kind == tree.Object && len(v.Members) > 0 {
				v.Take(v.Members[r.IntN(len(v.Members))].Name)
			}
		case 7:
			if v.Kind == tree.Object {
				v.Set("own"+strconv.Itoa(r.IntN(9)), text())
			}
		}
	}
}

// checkMutated converts a mutation of a sample and reports what is lost.
func checkMutated(t *testing.T, sample *tree.Value, seed uint64) {
	t.Helper()
	data := sample.Append(nil)
	var notes note.List
	root, err := tree.Parse(data, &notes)
	if err != nil {
		t.Fatal(err)
	}
	mutate(root, rand.New(rand.NewPCG(seed, 1))) // numbers that repeat
	mutated := string(root.Append(nil))
	result, ok := Convert(root, Options{})
	if !ok {
		return
	}
	if _, err := tree.Parse(result.Resume.Append(nil), &notes); err != nil {
		t.Fatalf("seed %d: the result is no JSON: %v", seed, err)
	}
	for _, l := range missing(leaves(root, ""), result.Resume, result.Notes) {
		t.Fatalf("seed %d: %s is lost: %q\nin %s\nfrom %s\nnotes %v", seed, l.path, l.text, result.Resume.Append(nil), mutated, result.Notes)
	}
}

func TestConvert_MutatedSamples(t *testing.T) {
	for _, name := range samples(t) {
		t.Run(name, func(t *testing.T) {
			sample, _ := readSample(t, name)
			for seed := range uint64(100) {
				checkMutated(t, sample, seed)
			}
		})
	}
}

func FuzzConvert(f *testing.F) {
	f.Add(uint64(1), uint(0))
	f.Fuzz(func(t *testing.T, seed uint64, sample uint) {
		names := samples(t)
		root, _ := readSample(t, names[sample%uint(len(names))])
		checkMutated(t, root, seed)
	})
}
