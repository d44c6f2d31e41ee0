//go:build !linux

package main

import "syscall"

// childAttributes put children into their own process group, so that Ctrl-C does not reach
// them before this program.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
