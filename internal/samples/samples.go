// Package samples holds the invented resumes that the project shows and tests with.
//
// Each is a JSON Resume document (schema 1.0.0) with this project's additions under meta: the language as a
// BCP 47 tag in meta.language, and strengths, own section titles or a job posting in meta.letraz. The order of
// a document's top-level keys is the order of its sections on the page. Together they use every section of
// the schema, and the texts that break layouts: long words, stacked marks, emoji, both writing directions.
//
// Every person, company and school is made up; addresses on the net lie in the domains reserved by RFC 2606.
// Reading the documents into the service's own types is left to the packages that import resumes.
package samples

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
)

//go:embed resumes/*.json
var files embed.FS

const (
	dir = "resumes"
	ext = ".json"
)

// Sample is one resume.
type Sample struct {
	// Slug names the sample, and is its file name without the extension: lower-case letters and hyphens.
	Slug string
	// JSON is the document, UTF-8 and indented. It is a copy that the caller may change.
	JSON []byte
}

// All returns every sample, sorted by slug.
func All() ([]Sample, error) {
	slugs, err := slugs()
	if err != nil {
		return nil, err
	}
	all := make([]Sample, 0, len(slugs))
	for _, slug := range slugs {
		s, err := read(slug)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// Get returns the sample called slug. The error for an unknown slug lists the known ones.
func Get(slug string) (Sample, error) {
	known, err := slugs()
	if err != nil {
		return Sample{}, err
	}
	if !slices.Contains(known, slug) {
		return Sample{}, fmt.Errorf("no sample resume %q; there are: %s", slug, strings.Join(known, ", "))
	}
	return read(slug)
}

// slugs returns the slugs in order. Directory order is not enough: it compares "a.json" with "a-b.json".
func slugs() ([]string, error) {
	entries, err := files.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("listing sample resumes: %w", err)
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ext))
	}
	slices.Sort(names)
	return names, nil
}

func read(slug string) (Sample, error) {
	doc, err := files.ReadFile(path.Join(dir, slug+ext))
	if err != nil {
		return Sample{}, fmt.Errorf("reading sample resume %q: %w", slug, err)
	}
	return Sample{Slug: slug, JSON: doc}, nil
}
