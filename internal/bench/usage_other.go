//go:build !linux

package bench

// cpuTimes is not supported on this system.
func cpuTimes() processes { return nil }

// memoryUsage is not supported on this system.
func memoryUsage(int) Usage { return Usage{} }

// openFiles is not supported on this system.
func openFiles(int) int { return 0 }

// alive is not supported on this system.
func alive(int) bool { return false }

// tree is not supported on this system.
func tree(int) []process { return nil }
