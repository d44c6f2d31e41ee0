package export

import (
	"crypto/sha256"
	"encoding/binary"
)

// KeyDigest returns a digest of the caller and their Idempotency-Key, so that equal keys of
// two callers differ. It is nil without a key.
func (n New) KeyDigest() []byte {
	if n.Key == "" {
		return nil
	}
	return digest(n.Caller.UserID, n.Key)
}

// RequestDigest returns a digest of the caller and what is requested, with defaults filled in,
// so that it does not depend on how the request is written. It is nil without a key.
func (n New) RequestDigest() []byte {
	if n.Key == "" {
		return nil
	}
	return digest(append([]string{n.Caller.UserID}, n.digested()...)...)
}

// digested returns what is requested as texts for a digest.
func (n New) digested() []string {
	asked := []string{n.ResumeID, n.JobID, string(n.Format), n.Template, string(n.Paper), n.ExpiresIn.String()}
	asked = append(asked, n.Options.digested()...)
	if n.Lane != "" && n.Lane != Lanes()[0] {
		asked = append(asked, "lane="+string(n.Lane))
	}
	if n.Document != nil {
		asked = append(asked, "document", string(n.Document.JSON))
	}
	return asked
}

// digest returns a digest of a list of texts. Lists that are equal when joined have different
// digests.
func digest(texts ...string) []byte {
	h := sha256.New()
	for _, text := range texts {
		_ = binary.Write(h, binary.BigEndian, uint64(len(text))) // a hash takes everything
		_, _ = h.Write([]byte(text))
	}
	return h.Sum(nil)
}
