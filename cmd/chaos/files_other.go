//go:build !linux

package main

import "errors"

var errLinuxOnly = errors.New("only Linux can do that")

func mountDisk(string) error        { return errLinuxOnly }
func shrinkDisk(string) error       { return errLinuxOnly }
func growDisk(string) error         { return errLinuxOnly }
func unmountDisk(string) error      { return errLinuxOnly }
func exchange(string, string) error { return errLinuxOnly }
