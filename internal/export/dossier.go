package export

import "time"

// Dossier is what the row of a request says about its processing, for operators. It has
// nothing of the resume.
type Dossier struct {
	Request       Request // without what quotes the resume: see Redacted
	DispatchedAt  time.Time
	DispatchDueAt time.Time // meaningful while queued
	Announced     Status    // the last final status that every listener was told of; empty: none
	Told          []string  // listeners that were told of a status while others were not
	SweepUntil    time.Time // a sweeper is deleting its file until then; zero: none
	HasFile       bool
	Notes         int
}

// Redacted returns the request without what quotes the resume, and without what gives
// access: the file's name and key, notes, and the lease's token.
func (r Request) Redacted() Request {
	r.Artifact.Notes, r.Artifact.Filename, r.Artifact.BlobKey = nil, "", ""
	r.Artifact.Report = Report{}
	r.Lease.Token = ""
	return r
}
