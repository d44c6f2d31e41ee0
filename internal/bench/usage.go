package bench

import (
	"maps"
	"slices"
)

// Usage is an amount by process: go (this one), postgres, chrome.
type Usage map[string]float64

func (u Usage) names() []string { return slices.Sorted(maps.Keys(u)) }

func (u Usage) add(other Usage) {
	for name, amount := range other {
		u[name] += amount
	}
}

// process is this process or a descendant.
type process struct {
	pid    int
	parent int
	name   string
	cpuMS  float64 // its own and that of children that have ended
}

func (p process) alive() bool { return alive(p.pid) }

// processes are counted separately, so that one that ends, such as a replaced browser, does
// not reduce the sum of the others.
type processes map[int]process

// since returns the processor time used after before, in milliseconds. Processes that have
// ended since are not included.
func (p processes) since(before processes) Usage {
	used := Usage{}
	for pid, now := range p {
		used[now.name] += now.cpuMS - before[pid].cpuMS
	}
	return used
}

func (u Usage) perDocument(n int) Usage {
	each := Usage{}
	for name, amount := range u {
		each[name] = amount / float64(n)
	}
	return each
}
