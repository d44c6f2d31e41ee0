package export

// Change says that a request has changed, and nothing else: who needs to know how reads the row.
type Change struct {
	ExportID string // empty: any of the owner's, such as when all were erased
	UserID   string // its owner
}

// ChangeOf returns the change of a request.
func ChangeOf(r Request) Change { return Change{ExportID: r.ID, UserID: r.UserID} }
