package export

import (
	"crypto/sha256"
	"encoding/binary"
)

// KeyDigest stands for the caller's Idempotency-Key: the same key of two callers
// has two digests. Nil without a key.
func (n New) KeyDigest() []byte {
	if n.Key == "" {
		return nil
	}
	return digest(n.Caller.UserID, n.Key)
}

// RequestDigest stands for what is asked for, by whom and how, with defaults
// filled in; however it was written. Nil without a key.
func (n New) RequestDigest() []byte {
	if n.Key == "" {
		return nil
	}
	asked := []string{n.Caller.UserID, n.ResumeID, n.JobID, string(n.Format), n.Template, string(n.Paper), n.ExpiresIn.String()}
	return digest(append(asked, n.Options.digested()...)...)
}

// digest tells lists of texts apart, also those that are equal when joined.
func digest(texts ...string) []byte {
	h := sha256.New()
	for _, text := range texts {
		_ = binary.Write(h, binary.BigEndian, uint64(len(text))) // a hash takes everything
		_, _ = h.Write([]byte(text))
	}
	return h.Sum(nil)
}
