package export

import "fmt"

// ATSReport is what a program that reads the finished file finds of the resume, as
// the applicant tracking systems of employers do. Lists are cut off after 20 paths,
// which say where something stands, such as "experience[2].title", not what.
type ATSReport struct {
	Fields     int      // pieces of the resume that are shown
	Found      int      // of these, those in the text of the file
	Missing    []string // paths of those that are not
	OutOfOrder []string // paths of fields that do not follow the one before

	Words       int      // of the fields found
	BrokenWords int      // of these, those with a blank, a gap or a line break inside
	JoinedWords int      // those with nothing between it and the next
	Broken      []string // paths of fields with such words
	Ligatures   int      // glyphs that represent several letters
	Unreadable  int      // characters without a meaning, or for private use

	StrayLetters int // letters in the text that no field has

	SourceValues int // texts and numbers of the resume as it was written
	SourceFound  int // of these, those that the document shows
	// SourceMissing are paths in the source of the others, each of which has a note. They
	// are removed from the row at the expiry, because they hold member names of the author.
	SourceMissing []string

	Links      int // addresses the resume leads to
	LinksFound int // of these, those the file leads to
	StrayLinks int // other addresses that the file links to

	Tagged          bool   // it has a structure for screen readers
	Language        string // that it says it is in
	Titled          bool   // it has a title, and windows show it
	Headings        int    // in its structure
	HeadingsInOrder bool   // they begin with the first level, and none is left out
	Bookmarks       int    // in its outline
}

// Problems returns what is wrong, in words; none if all is well.
func (r ATSReport) Problems() []string {
	var list []string
	for _, p := range []struct {
		wrong bool
		what  string
	}{
		{r.Found < r.Fields, fmt.Sprintf("%d of %d fields are not in the text", r.Fields-r.Found, r.Fields)},
		{len(r.OutOfOrder) > 0, "the text is not in order"},
		{r.BrokenWords > 0, fmt.Sprintf("%d of %d words are broken", r.BrokenWords, r.Words)},
		{r.JoinedWords > 0, fmt.Sprintf("%d of %d words have no blank before the next", r.JoinedWords, r.Words)},
		{r.Ligatures > 0, fmt.Sprintf("%d ligatures stand for letters", r.Ligatures)},
		{r.Unreadable > 0, fmt.Sprintf("%d characters stand for nothing", r.Unreadable)},
		{r.StrayLetters > 0, fmt.Sprintf("%d letters are not the resume's", r.StrayLetters)},
		{r.LinksFound < r.Links, fmt.Sprintf("%d of %d links are missing", r.Links-r.LinksFound, r.Links)},
		{r.StrayLinks > 0, fmt.Sprintf("%d links are not the resume's", r.StrayLinks)},
		{!r.Tagged, "it has no structure for screen readers"},
		{r.Language == "", "it does not say its language"},
		{!r.Titled, "it does not show a title"},
		{!r.HeadingsInOrder, "its headings are not in order"},
		{r.Bookmarks < r.Headings, fmt.Sprintf("%d of %d headings have no bookmark", r.Headings-r.Bookmarks, r.Headings)},
	} {
		if p.wrong {
			list = append(list, p.what)
		}
	}
	return list
}
