package chrome

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
)

// account is an unprivileged system account.
type account struct{ uid, gid uint32 }

// runAs returns the account that Chrome must run under, or nil to run it under the
// account of this process. Only root switches: Chrome's sandbox does not work for
// root, and a browser should never be root.
func runAs(name string) (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		return nil, fmt.Errorf("looking up the account %q: %w", name, err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("account %q: %w", name, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("account %q: %w", name, err)
	}
	if uid == 0 {
		return nil, errors.New("chrome must not run as root; name another account")
	}
	return &account{uid: uint32(uid), gid: uint32(gid)}, nil
}
