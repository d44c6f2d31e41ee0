// Package preview makes what is shown before a resume is exported: its page as HTML for a
// browser, and a picture of each template.
//
// The pictures are made by make picture and are part of the program, because whoever serves
// them has no browser. A test fails if they are not of the templates as they are now.
package preview

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// Page is a page of HTML.
type Page struct {
	HTML []byte
	// Style is the source of its stylesheet for a content security policy, such as
	// 'sha256-…'.
	Style string
}

// PageOf returns the page of a resume, as an export in the format html has it. An empty language is
// that of the resume. Its error is an *export.Error with DocumentTooLarge if the resume is too large.
func PageOf(r resume.Resume, template string, paper export.Paper, language string) (Page, error) {
	if err := r.CheckSize(); err != nil {
		return Page{}, export.Fail(export.DocumentTooLarge, "previewing a resume: %w", err)
	}
	r.Language = cmp.Or(language, r.Language)
	d, err := document.New(r)
	if err != nil {
		return Page{}, fmt.Errorf("previewing a resume: %w", err)
	}
	data, err := html.Write(d, html.Options{Template: template, Paper: paper, Standalone: true})
	if err != nil {
		return Page{}, fmt.Errorf("previewing a resume: %w", err)
	}
	style, err := styleOf(data)
	return Page{HTML: data, Style: style}, err
}

// styleOf returns the hash of the content of the only style element of a page, as browsers
// compute it (CSP level 3, section 8.3).
func styleOf(page []byte) (string, error) {
	_, rest, found := bytes.Cut(page, []byte("<style>"))
	style, _, closed := bytes.Cut(rest, []byte("</style>"))
	if !found || !closed {
		return "", errors.New("the page of a preview has no stylesheet")
	}
	sum := sha256.Sum256(style)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'", nil
}

//go:embed pictures
var pictures embed.FS

// Width is the width of the pictures in pixels.
const Width = 640

// sample is the resume in the pictures.
const sample = "senior-engineer"

// Picture returns the picture of a template as a PNG, or nil if there is none, which is so for
// no template of this program.
func Picture(template string) []byte {
	data, err := pictures.ReadFile("pictures/" + template + ".png")
	if err != nil { // it is not embedded
		return nil
	}
	return data
}

// Sample returns the resume in the pictures.
func Sample() (resume.Resume, error) {
	s, err := samples.Get(sample)
	if err != nil {
		return resume.Resume{}, err
	}
	return resume.Read(s.JSON, resume.ReadOptions{})
}

// Inputs returns a digest of everything that the picture of a template shows.
func Inputs(template string) (string, error) {
	r, err := Sample()
	if err != nil {
		return "", err
	}
	page, err := PageOf(r, template, export.A4, "")
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(page.HTML)
	return hex.EncodeToString(sum[:]), nil
}
