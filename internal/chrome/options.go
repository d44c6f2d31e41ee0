package chrome

import (
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"time"
)

// Options configure an [Engine]. The zero value of a field means its default.
type Options struct {
	// Binary is the browser to run, a path or a name on PATH.
	// Default: the result of [Find].
	Binary string
	// Slots is how many documents are printed at the same time; [Engine.Resize]
	// changes it. Printing is CPU-bound, so more slots than cores gain nothing.
	// Default: GOMAXPROCS.
	Slots int
	// NoStandby leaves out the standby browser, for a program that prints a few
	// documents and exits. After a crash, a document then waits for a browser to start.
	NoStandby bool
	// User is the unprivileged account Chrome runs under when this process is
	// root; an account used for nothing else is best. Ignored otherwise.
	// Default: "nobody".
	User string
	// NoSandbox turns off Chrome's own sandbox. Set it only where the sandbox does not
	// work and Chrome is isolated by other means.
	NoSandbox bool
	// FontConfig is a fontconfig configuration file, for a browser that is to use
	// other fonts than the installed ones. Chrome's account must be able to read it.
	// Default: the configuration of the system.
	FontConfig string

	// StartTimeout bounds the start of one browser, including its first page.
	// Default: 20 s.
	StartTimeout time.Duration
	// ContentTimeout bounds writing the HTML into the tab, and afterwards emptying it.
	// Default: 10 s.
	ContentTimeout time.Duration
	// PrintTimeout bounds layout and printing of the document. Default: 30 s.
	PrintTimeout time.Duration
	// TotalTimeout bounds one call of Print, including a second attempt after a crash
	// but not the wait for a slot. Default: 45 s.
	TotalTimeout time.Duration

	// MaxHTML is the largest document accepted, in bytes; at most 16 MiB, because
	// the browser's pipe refuses messages over 100 MB and encoding may multiply
	// the size by six. Default: 16 MiB.
	MaxHTML int
	// MaxPDF is the largest PDF or picture returned, in bytes. It must
	// be at least 64 KiB, for the first page that a new browser prints. Default: 64 MiB.
	MaxPDF int

	// RecycleAfter is how many documents a browser prints before it is replaced;
	// negative for no limit. Default: 2000.
	RecycleAfter int
	// RecycleAge is the age at which a browser is replaced; negative for no limit.
	// Default: 1 h.
	RecycleAge time.Duration
	// RecycleMemory is the private memory of a browser's processes, in bytes, above
	// which it is replaced; negative for no limit. It is measured on Linux only.
	// Default: 768 MiB (one page needs about 150).
	RecycleMemory int64

	// TempDir is the directory for the browsers' profiles; Chrome's account must be
	// able to enter it. Default: [os.TempDir].
	TempDir string
	// Observer receives the events of the engine. Default: none.
	Observer Observer
	// Logger logs the events of browsers, never the content of documents.
	// Default: nothing is logged.
	Logger *slog.Logger
}

const (
	maxHTML = 16 << 20
	minPDF  = 64 << 10
)

// withDefaults replaces zero values by defaults and returns an error for invalid ones.
func (o Options) withDefaults() (Options, error) {
	if o.Slots < 0 || o.StartTimeout < 0 || o.ContentTimeout < 0 || o.PrintTimeout < 0 || o.TotalTimeout < 0 || o.MaxPDF < 0 {
		return o, fmt.Errorf("chrome: options: slots, timeouts and sizes cannot be negative")
	}
	if o.MaxHTML < 0 || o.MaxHTML > maxHTML {
		return o, fmt.Errorf("chrome: options: MaxHTML is %d, outside 0 to %d", o.MaxHTML, maxHTML)
	}
	if o.MaxPDF > 0 && o.MaxPDF < minPDF {
		return o, fmt.Errorf("chrome: options: MaxPDF is %d, less than %d", o.MaxPDF, minPDF)
	}
	setDefault(&o.Slots, runtime.GOMAXPROCS(0))
	setDefault(&o.User, "nobody")
	setDefault(&o.StartTimeout, 20*time.Second)
	setDefault(&o.ContentTimeout, 10*time.Second)
	setDefault(&o.PrintTimeout, 30*time.Second)
	setDefault(&o.TotalTimeout, 45*time.Second)
	setDefault(&o.MaxHTML, maxHTML)
	setDefault(&o.MaxPDF, 64<<20)
	setDefault(&o.RecycleAfter, 2000)
	setDefault(&o.RecycleAge, time.Hour)
	setDefault(&o.RecycleMemory, 768<<20)
	setDefault(&o.TempDir, os.TempDir())
	if o.Observer == nil {
		o.Observer = unobserved{}
	}
	setDefault(&o.Logger, slog.New(slog.DiscardHandler))
	return o, nil
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
