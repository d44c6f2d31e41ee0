//go:build !linux

package embedded

import "testing"

// listeningSockets returns 0. On Linux the kernel's view is checked, too.
func listeningSockets(*testing.T, int) int { return 0 }
