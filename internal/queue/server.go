package queue

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
)

// oldest is the oldest version of the server that is used: before it, replicas of a stream
// that refuses a second message on a subject could differ.
var oldest = [3]int{2, 12, 3}

// ErrServerTooOld means that the NATS server has to be updated.
var ErrServerTooOld = fmt.Errorf("the NATS server is older than %d.%d.%d, in which replicas of the queue can differ: update it", oldest[0], oldest[1], oldest[2])

// checkVersion returns ErrServerTooOld, with the version, for the server of the connection.
// A version that cannot be read is taken for a new one.
func checkVersion(conn *nats.Conn) error {
	version := conn.ConnectedServerVersion()
	number, _, _ := strings.Cut(version, "-") // 2.12.3-RC.1
	parts := strings.Split(number, ".")
	if len(parts) != len(oldest) {
		return nil
	}
	var is [3]int
	for i, part := range parts {
		var err error
		if is[i], err = strconv.Atoi(part); err != nil {
			return nil //nolint:nilerr // by contract
		}
	}
	if slices.Compare(is[:], oldest[:]) < 0 {
		return fmt.Errorf("%w (it has %s)", ErrServerTooOld, version)
	}
	return nil
}

// checkURLs refuses URLs of other protocols, which the client would take for its own.
func checkURLs(list string) error {
	for url := range strings.SplitSeq(list, ",") {
		scheme, _, found := strings.Cut(strings.TrimSpace(url), "://")
		if found && !slices.Contains([]string{"nats", "tls", "ws", "wss"}, strings.ToLower(scheme)) {
			return errors.New("connecting to NATS: its URL must begin with nats://, tls://, ws:// or wss://, as nats://host:4222 (http is that of its monitoring)")
		}
	}
	return nil
}
