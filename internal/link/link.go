// Package link signs and checks the tokens of links: URLs that give access to one thing until
// a time, to whoever has them, without a bearer token.
//
// A token contains what it is for, the id of an export or a user, its end, and an HMAC-SHA256
// over all of it. A Keyring signs with its first key and accepts every key, so that keys can be
// replaced without ending the links that exist. Whether what a token is for still exists is up
// to the caller, who looks it up.
package link

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// Purpose is what a token gives access to. A token for one purpose is not valid for another.
type Purpose byte

// The purposes. Their values are a part of tokens and must never change.
const (
	Download     Purpose = 'd' // the file of an export
	ExportEvents Purpose = 'e' // the events of an export
	UserEvents   Purpose = 'u' // the events of a user's exports
)

// Claim is the content of a token.
type Claim struct {
	Purpose Purpose
	// Subject is the id of the export or user.
	Subject string
	// Expires is when the token ends, in whole seconds; Sign rounds up.
	Expires time.Time
}

var (
	// ErrInvalid means that a token is malformed, forged, signed with a key that is not in use
	// any more, or for another purpose.
	ErrInvalid = errors.New("invalid link")
	// ErrExpired means that a token is valid but has ended.
	ErrExpired = errors.New("the link has expired")
)

const (
	// MinKey is the minimum length of a key in bytes: the size of the hash.
	MinKey = sha256.Size
	// maxKeys bounds the keys of a keyring: one that signs, and those of links that still exist.
	maxKeys = 8
	// maxSubject bounds a subject in bytes.
	maxSubject = 1024
)

// The form of a token, before it is written in base64 (RFC 4648 section 5, without padding):
//
//	1 byte   version
//	1 byte   purpose
//	4 bytes  id of the key
//	8 bytes  end, Unix time in seconds, big endian
//	         subject
//	32 bytes HMAC-SHA256 of domain and everything before
const (
	version   = 1
	keyAt     = 2
	expiresAt = keyAt + keyIDSize
	subjectAt = expiresAt + 8
	keyIDSize = 4
	macSize   = sha256.Size
	// domain keeps signatures apart from those that others make with the same key.
	domain = "letraz-export link\x00"
)

// encoding accepts one spelling of each token.
var encoding = base64.RawURLEncoding.Strict()

// Keyring signs and checks tokens. It is safe for concurrent use.
type Keyring struct {
	keys []key
}

type key struct {
	id     [keyIDSize]byte
	secret []byte
}

// NewKeyring returns a keyring that signs with the first key and accepts all of them. Each has
// at least MinKey bytes.
func NewKeyring(secrets ...[]byte) (*Keyring, error) {
	if len(secrets) == 0 || len(secrets) > maxKeys {
		return nil, fmt.Errorf("there are %d link keys; give 1 to %d", len(secrets), maxKeys)
	}
	ring := &Keyring{}
	for i, secret := range secrets {
		if len(secret) < MinKey {
			return nil, fmt.Errorf("link key %d has %d bytes and needs at least %d; make one with: openssl rand -hex 32", i+1, len(secret), MinKey)
		}
		k := key{secret: append([]byte(nil), secret...)}
		sum := sha256.Sum256(append([]byte(domain+"key id\x00"), secret...))
		copy(k.id[:], sum[:])
		if ring.key(k.id) != nil {
			return nil, fmt.Errorf("link key %d is given twice", i+1)
		}
		ring.keys = append(ring.keys, k)
	}
	return ring, nil
}

// key returns the secret of a key, or nil.
func (r *Keyring) key(id [keyIDSize]byte) []byte {
	for _, k := range r.keys {
		if k.id == id {
			return k.secret
		}
	}
	return nil
}

// Sign returns the token of a claim. The same claim has the same token as long as the first key
// stays.
func (r *Keyring) Sign(c Claim) string {
	first := r.keys[0]
	token := make([]byte, 0, subjectAt+len(c.Subject)+macSize)
	token = append(token, version, byte(c.Purpose))
	token = append(token, first.id[:]...)
	end := c.Expires.Add(time.Second - time.Nanosecond).Unix() // rounded up
	token = binary.BigEndian.AppendUint64(token, uint64(end))
	token = append(token, c.Subject...)
	return encoding.EncodeToString(append(token, mac(first.secret, token)...))
}

// Check returns the claim of a token for the purpose. The error is ErrExpired for a token that
// was valid until some time before now, and ErrInvalid for any other. The returned claim is
// empty unless the error is nil.
func (r *Keyring) Check(purpose Purpose, token string, now time.Time) (Claim, error) {
	if len(token) > encoding.EncodedLen(subjectAt+maxSubject+macSize) {
		return Claim{}, ErrInvalid
	}
	data, err := encoding.DecodeString(token)
	if err != nil || len(token) != encoding.EncodedLen(len(data)) { // DecodeString ignores line breaks
		return Claim{}, ErrInvalid
	}
	if len(data) <= subjectAt+macSize || data[0] != version {
		return Claim{}, ErrInvalid
	}
	signed, signature := data[:len(data)-macSize], data[len(data)-macSize:]
	secret := r.key([keyIDSize]byte(signed[keyAt:expiresAt]))
	if secret == nil || !hmac.Equal(signature, mac(secret, signed)) {
		return Claim{}, ErrInvalid
	}
	c := Claim{
		Purpose: Purpose(signed[1]),
		Expires: time.Unix(int64(binary.BigEndian.Uint64(signed[expiresAt:subjectAt])), 0),
		Subject: string(signed[subjectAt:]),
	}
	switch {
	case c.Purpose != purpose || !utf8.ValidString(c.Subject):
		return Claim{}, ErrInvalid
	case !now.Before(c.Expires):
		return Claim{}, ErrExpired
	}
	return c, nil
}

func mac(secret, signed []byte) []byte {
	h := hmac.New(sha256.New, secret)
	_, _ = h.Write([]byte(domain)) // never fails
	_, _ = h.Write(signed)
	return h.Sum(nil)
}
