package main

import (
	"maps"
	"slices"
)

// usage is an amount by process: go (this one), postgres, chrome.
type usage map[string]float64

func (u usage) names() []string { return slices.Sorted(maps.Keys(u)) }

func (u usage) add(other usage) {
	for name, amount := range other {
		u[name] += amount
	}
}

func (u usage) since(before usage) usage {
	diff := usage{}
	for name, amount := range u {
		diff[name] = amount - before[name]
	}
	return diff
}

func (u usage) perDocument(n int) usage {
	each := usage{}
	for name, amount := range u {
		each[name] = amount / float64(n)
	}
	return each
}
