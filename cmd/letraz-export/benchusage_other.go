//go:build !linux

package main

// cpuTimes are not known here.
func cpuTimes() processes { return nil }

// memoryUsage is not known here.
func memoryUsage() usage { return usage{} }
