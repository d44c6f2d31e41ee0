//go:build unix && !linux

package chrome

func helperReap(*Engine) int { return 1 }
