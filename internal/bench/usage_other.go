//go:build !linux

package bench

// cpuTimes are not known here.
func cpuTimes() processes { return nil }

// memoryUsage is not known here.
func memoryUsage(int) Usage { return Usage{} }

// openFiles are not known here.
func openFiles(int) int { return 0 }

// alive is not known here.
func alive(int) bool { return false }

// tree is not known here.
func tree(int) []process { return nil }
