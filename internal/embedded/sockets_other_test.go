//go:build !linux

package embedded

import "testing"

// listeningSockets counts nothing here: the setting is checked, and the kernel's view of it on Linux.
func listeningSockets(*testing.T, int) int { return 0 }
