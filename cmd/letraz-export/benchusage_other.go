//go:build !linux

package main

// cpuUsage is not known here.
func cpuUsage() usage { return usage{} }

// memoryUsage is not known here.
func memoryUsage() usage { return usage{} }
