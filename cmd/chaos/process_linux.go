package main

import "syscall"

// childAttributes keep Ctrl-C from reaching children before us, and end them with us.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
