//go:build !linux

package main

import "syscall"

// childAttributes keep Ctrl-C from reaching children before us.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
