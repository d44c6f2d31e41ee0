package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"sync"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/letrazapp/letraz-export/internal/terminal"
)

// maxKeptBars is the maximum number of exports whose bars stay when they are finished.
const maxKeptBars = 10

// progress tells on standard error how far things are: with bars in a terminal, otherwise with
// a line for each that is finished. It is safe for concurrent use.
type progress struct {
	total int

	// In a terminal.
	bars  *mpb.Progress // nil: lines
	all   *mpb.Bar
	paint func(code, text string) string

	// Lines.
	mu   sync.Mutex
	out  io.Writer
	done int
}

// newProgress starts to tell about total things, which stand after their number as "exports".
// End must be called.
func newProgress(e *env, total int, things string) *progress {
	p := &progress{total: total, out: e.stderr, paint: plain}
	if e.terminal == nil {
		return p
	}
	if e.colors {
		p.paint = painted
	}
	// The bars do not end with e.ctx: what is canceled is told, too.
	p.bars = mpb.New(mpb.WithOutput(e.terminal))
	p.all = p.bars.New(int64(total), barStyle(), mpb.BarPriority(math.MaxInt),
		mpb.PrependDecorators(decor.Name(terminal.Fill(things, nameWidth))),
		mpb.AppendDecorators(decor.CountersNoUnit(" %d of %d"), decor.Elapsed(decor.ET_STYLE_MMSS, decor.WC{W: 6})))
	return p
}

// nameWidth is the width of the names before bars.
const nameWidth = 26

func barStyle() mpb.BarStyleComposer {
	return mpb.BarStyle().Lbound("[").Filler("=").Tip(">").Padding(" ").Rbound("]")
}

// set sets how many are finished, for things without bars of their own.
func (p *progress) set(done int) {
	if p.bars != nil {
		p.all.SetCurrent(int64(done))
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done != done || done == 0 {
		p.done = done
		fmt.Fprintf(p.out, "%d of %d finished\n", done, p.total)
	}
}

// end waits until the bars are drawn for the last time.
func (p *progress) end() {
	if p.bars != nil {
		p.all.Abort(false) // does nothing to one that is complete
		p.bars.Wait()
	}
}

// stages of an export, before it is finished.
const (
	stageWaiting = iota
	stageDownloading
	stages
)

// step is the progress of one export.
type step struct {
	p     *progress
	name  string
	bar   *mpb.Bar
	label atomic.Pointer[string]
}

// begin tells that an export begins.
func (p *progress) begin(name string) *step {
	s := &step{p: p, name: name}
	s.say("waiting")
	if p.bars != nil {
		s.bar = p.bars.New(stages, barStyle(), mpb.BarOptional(mpb.BarRemoveOnComplete(), p.total > maxKeptBars),
			mpb.PrependDecorators(decor.Name(terminal.Fill(name, nameWidth))),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return " " + *s.label.Load() }, decor.WCSyncSpaceR), decor.Elapsed(decor.ET_STYLE_MMSS)))
	}
	return s
}

func (s *step) say(label string) { s.label.Store(&label) }

// downloading tells that the export is ready and its file is fetched.
func (s *step) downloading() {
	s.say("downloading")
	if s.bar != nil {
		s.bar.SetCurrent(stageDownloading)
	}
}

// finished tells the result of the export.
func (s *step) finished(result string, err error) {
	p := s.p
	if s.bar == nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		if err != nil {
			result = err.Error()
		}
		fmt.Fprintf(p.out, "%s: %s\n", terminal.Line(s.name), terminal.Line(result))
		return
	}
	if err != nil {
		s.say(p.paint(red, "failed"))
		s.bar.Abort(p.total > maxKeptBars)
	} else {
		s.say(p.paint(green, terminal.Cut(result, nameWidth)))
		s.bar.SetCurrent(stages)
	}
	p.all.Increment()
}

// told reports whether errors were told as they happened.
func (p *progress) told() bool { return p.bars == nil }

// Colors of a terminal (SGR).
const (
	red   = "31"
	green = "32"
)

func plain(_, text string) string { return text }

func painted(code, text string) string { return "\x1b[" + code + "m" + text + "\x1b[0m" }

// terminalOf returns the terminal that w is, or nil. A terminal that cannot move its cursor
// counts as none.
func terminalOf(w io.Writer) *os.File {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return nil
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return f
}
