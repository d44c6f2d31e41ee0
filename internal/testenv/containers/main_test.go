package containers

import (
	"fmt"
	"os"
	"testing"

	"github.com/testcontainers/testcontainers-go/log"
)

func TestMain(m *testing.M) {
	log.SetDefault(log.NewNoopLogger())
	// This package removes what it starts. Its helper for that is not an image that is
	// available everywhere.
	settings := map[string]string{"TESTCONTAINERS_RYUK_DISABLED": "true", "TESTCONTAINERS_HOST_OVERRIDE": "127.0.0.1"} // where ports are published
	for name, value := range settings {
		if err := os.Setenv(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}
