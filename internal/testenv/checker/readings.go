package checker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Readings reads documents. It reads each content once, because many exports share theirs.
type Readings struct {
	mu   sync.Mutex
	read map[string]Reading
}

// NewReadings returns a reader that has read nothing.
func NewReadings() *Readings { return &Readings{read: map[string]Reading{}} }

// Reading is the result of reading a document.
type Reading struct {
	Defect   string   // why the document is unsound; empty if it is sound
	Canaries []string // the canaries in its text
}

var canaryWord = regexp.MustCompile(`ZQ\d+XW\d+`)

// Of returns the reading of a document of this format.
func (p *Readings) Of(data []byte, format string) Reading {
	key := Sum(data)
	p.mu.Lock()
	known, ok := p.read[key]
	p.mu.Unlock()
	if ok {
		return known
	}
	// Reading takes tens of milliseconds, so do it without the lock.
	read := readDocument(data, format)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.read[key] = read
	return read
}

func readDocument(data []byte, format string) Reading {
	text := string(data)
	if format == "pdf" {
		var err error
		if text, err = readPDF(data); err != nil {
			return Reading{Defect: err.Error()}
		}
	}
	found := canaryWord.FindAllString(text, -1)
	slices.Sort(found)
	return Reading{Canaries: slices.Compact(found)}
}

// readPDF checks the file's structure with one program and reads its text with another.
func readPDF(data []byte) (string, error) {
	file, err := os.CreateTemp("", "letraz-chaos-*.pdf")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "qpdf", "--check", file.Name()).CombinedOutput(); err != nil {
		return "", fmt.Errorf("is no sound PDF: %w: %.200s", err, out)
	}
	out, err := exec.CommandContext(ctx, "pdftotext", "-q", file.Name(), "-").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("cannot be read: %w: %.200s", err, out)
	}
	return string(out), nil
}

// Trouble returns what is wrong with the document of the canary's owner, or "".
func (p Reading) Trouble(canary string) string {
	switch {
	case p.Defect != "":
		return p.Defect
	case len(p.Canaries) == 1 && p.Canaries[0] == canary:
		return ""
	case !slices.Contains(p.Canaries, canary):
		return fmt.Sprintf("does not say its owner's word %s, but: %s", canary, strings.Join(p.Canaries, " "))
	default:
		return "holds words of several owners: " + strings.Join(p.Canaries, " ")
	}
}
