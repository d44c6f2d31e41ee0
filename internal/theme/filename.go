package theme

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// Bounds of a file name's parts in bytes, so that with the label, a number and
// an extension it stays under the 255 bytes that file systems allow.
const (
	maxNameBytes    = 110
	maxCompanyBytes = 60
)

// FileName is what people would call the resume's file, without extension:
// "Jane Doe Resume", and "Jane Doe Resume - Acme" when it is tailored to a
// posting. It is safe on every common system, and for a header.
func FileName(r resume.Resume) string {
	label := "Resume"
	if l, err := localeOf(r); err == nil {
		label = l.Resume
	}
	name := join(" ", fileText(r.Person.FullName(), maxNameBytes), label)
	if r.Job != nil {
		name = join(" - ", name, fileText(r.Job.CompanyName, maxCompanyBytes))
	}
	if reserved(name) {
		return "_" + name
	}
	return name
}

// fileText makes a part of a file name of what somebody typed.
func fileText(s string, size int) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, ""))
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r), unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case r == '\u200c', r == '\u200d': // joiners, part of spelling
			return r
		case unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	s = strings.TrimLeft(s, " .-~_\u200c\u200d")
	return strings.TrimRight(cut(s, size), " .-\u200c\u200d")
}

// cut shortens s to so many bytes, never inside a character nor before a mark
// that belongs to the last one.
func cut(s string, size int) string {
	if len(s) <= size {
		return s
	}
	end := 0
	for i, r := range s {
		if i > size {
			break
		}
		if !unicode.IsMark(r) && r != '\u200d' {
			end = i
		}
	}
	return s[:end]
}

// reserved reports the names of devices on Windows, which are so with any
// extension.
func reserved(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	switch stem = strings.ToUpper(strings.TrimSpace(stem)); stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	stem, found := strings.CutPrefix(stem, "COM")
	if !found {
		stem, found = strings.CutPrefix(stem, "LPT")
	}
	return found && len([]rune(stem)) == 1 && strings.ContainsAny(stem, "0123456789¹²³")
}
