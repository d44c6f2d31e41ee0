package main

import "syscall"

// childAttributes put children into their own process group, so that Ctrl-C does not reach
// them before this program, and end them when this program ends.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
