package export

// Change says that a request has changed, and nothing else: who needs to know how reads the row.
type Change struct {
	ExportID string
	UserID   string // its owner
}

// ChangeOf returns the change of a request.
func ChangeOf(r Request) Change { return Change{ExportID: r.ID, UserID: r.UserID} }
