package export

import (
	"strings"
	"time"
)

// BlobRoot is the directory of the store that contains the files of exports, and nothing else.
const BlobRoot = "exports"

// ProbeRoot is the directory of the store for test files, which show whether it can be
// written. They are deleted at once; the sweeper deletes those that a killed process leaves.
const ProbeRoot = "exports-probe"

// StoreMarker is the key of a text that identifies the store.
const StoreMarker = "letraz-export-store"

// BlobKey returns the key of the file of the attempt that holds the lease. It contains the
// lease token, so that a worker that lost its lease cannot touch another's file. The file is
// in one of 256 directories, chosen by the end of the id: a UUIDv7 begins with the time, so
// only its end distributes the files.
func BlobKey(r Request) string {
	return BlobRoot + "/" + r.ID[max(0, len(r.ID)-2):] + "/" + r.ID + "." + r.Lease.Token + "." + string(r.Format)
}

// ParseBlobKey returns the request and the lease that a file was stored for, or
// false for a key that no export ever had. Older files have a directory for each
// export: exports/<id>/<token>.<format>.
func ParseBlobKey(key string) (id, token string, ok bool) {
	root, rest, _ := strings.Cut(key, "/")
	dir, name, _ := strings.Cut(rest, "/")
	if len(dir) == 2 {
		id, name, _ = strings.Cut(name, ".")
	} else {
		id = dir
	}
	token, format, _ := strings.Cut(name, ".")
	ok = root == BlobRoot && isUUID(id) && isUUID(token) && strings.HasSuffix(id, dir) && Format(format).Valid()
	if !ok {
		return "", "", false
	}
	return id, token, true
}

// isUUID reports ids as this service writes them: 8-4-4-4-12 lower-case hexadecimal digits.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') {
			return false
		} else if !dash && (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// StoredFile is a file in the file store.
type StoredFile struct {
	Key      string
	Size     int64     // bytes
	Modified time.Time // by the clock of the store; a copy may be as old as its source
	// WrittenFor is the key for which an incomplete file is being written, perhaps by a
	// process that has ended; empty for a complete file.
	WrittenFor string
}
