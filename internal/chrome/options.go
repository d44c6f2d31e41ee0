package chrome

import (
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"time"
)

// Options set an [Engine] up. The zero value of every field stands for the
// default named beside it.
type Options struct {
	// Binary is the browser to run, a path or a name on PATH.
	// Default: what [Find] finds.
	Binary string
	// Slots is how many documents are printed at the same time; [Engine.Resize]
	// changes it. Printing is bound by the processor, so more slots than cores
	// gain nothing.
	// Default: one for every core Go may use.
	Slots int
	// NoStandby leaves out the extra warm browser, for a program that prints a
	// document or two and ends. A crash or a recycling then waits for a start.
	NoStandby bool
	// User is the unprivileged account Chrome runs under when this process is
	// root; an account used for nothing else is best. Ignored otherwise.
	// Default: "nobody".
	User string
	// NoSandbox turns Chrome's own sandbox off. Only for a place that cannot
	// have one and is isolated by other means.
	NoSandbox bool
	// FontConfig is a configuration file of fontconfig, for a browser that is to see
	// other fonts than the machine's. Its account must be able to read it.
	// Default: the machine's configuration.
	FontConfig string

	// StartTimeout bounds the start of one browser, up to its first printed page.
	// Default: 20 s.
	StartTimeout time.Duration
	// ContentTimeout bounds writing the HTML into the tab, and afterwards emptying it.
	// Default: 10 s.
	ContentTimeout time.Duration
	// PrintTimeout bounds laying the document out and printing it. Default: 30 s.
	PrintTimeout time.Duration
	// TotalTimeout bounds one call of Print, a second attempt after a crash
	// included, but not the wait for a slot. Default: 45 s.
	TotalTimeout time.Duration

	// MaxHTML is the largest document accepted, in bytes; at most 16 MiB, because
	// the browser's pipe refuses messages over 100 MB and encoding may multiply
	// the size by six. Default: 16 MiB.
	MaxHTML int
	// MaxPDF is the largest PDF or picture returned, in bytes. The page that a new browser
	// prints first must fit: at least 64 KiB. Default: 64 MiB.
	MaxPDF int

	// RecycleAfter is how many documents a browser prints before it is replaced;
	// negative for no limit. Default: 2000.
	RecycleAfter int
	// RecycleAge is the age at which a browser is replaced; negative for no limit.
	// Default: 1 h.
	RecycleAge time.Duration
	// RecycleMemory is the private memory of a browser's processes, in bytes, over
	// which it is replaced; negative for no limit. It is only known on Linux.
	// Default: 768 MiB (one page needs about 150).
	RecycleMemory int64

	// TempDir is where the browsers' profiles live; the account they run under
	// must be able to enter it. Default: the system's.
	TempDir string
	// Observer is told what the engine does.
	// Default: nobody is.
	Observer Observer
	// Logger receives what happens to browsers; never what is in a document.
	// Default: nothing is logged.
	Logger *slog.Logger
}

const (
	maxHTML = 16 << 20
	minPDF  = 64 << 10
)

// withDefaults fills in what was left zero and refuses what makes no sense.
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
