// Package samples contains invented resumes for the gallery and for tests.
//
// Each is a JSON Resume document (schema 1.0.0) with this project's additions in meta: the language as a
// BCP 47 tag in meta.language, and strengths, section titles or a job posting in meta.letraz. The order of
// a document's root members is the order of its sections on the page. Together they use every section of
// the schema, and texts that are difficult for layout: long words, stacked marks, emoji, both writing directions.
//
// Every person, company and school is invented; URLs are in the domains reserved by RFC 2606.
// Use resume.ParseJSONResume to parse the documents.
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

// Sample is one sample resume.
type Sample struct {
	// Slug is the name of the sample and of its file without extension: lower-case letters and hyphens.
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

// slugs returns the sorted slugs. The order of the directory differs, because it sorts file names with extensions.
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
