package postgres_test

import (
	"os"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestMain(m *testing.M) { os.Exit(testenv.Main(m)) }
