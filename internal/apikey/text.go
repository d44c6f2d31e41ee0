package apikey

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"hash/crc32"
	"math/big"
	"strings"
)

// A key's text is letraz_ID_SECRET, of letters and digits:
//
//	letraz      finds keys in files, for people and secret scanners
//	ID          12 characters, public; finds the row
//	SECRET      43 characters (256 random bits) and 6 of a checksum (CRC-32 of all that precedes)
//
// The checksum is no protection: it tells a key that was cut or mistyped from one that is
// unknown, without asking the database.
const (
	// Prefix begins the text of every key.
	Prefix = "letraz_"

	idLength       = 12
	secretLength   = 43
	checksumLength = 6
	textLength     = len(Prefix) + idLength + 1 + secretLength + checksumLength
)

// ErrMalformed means that a text is no key: it has another form, or another checksum.
var ErrMalformed = errors.New("malformed API key")

// Generate returns the text of a new key and its id.
func Generate() (text, id string) {
	id = random(9, idLength) // 72 bits are 12.1 characters: the first is cut off
	text = Prefix + id + "_" + random(32, secretLength)
	return text + checksum(text), id
}

// Parse returns the id in the text of a key, or ErrMalformed.
func Parse(text string) (id string, err error) {
	rest, ok := strings.CutPrefix(text, Prefix)
	if !ok || len(text) != textLength || rest[idLength] != '_' || !alphanumeric(rest[:idLength]) || !alphanumeric(rest[idLength+1:]) {
		return "", ErrMalformed
	}
	if body := text[:textLength-checksumLength]; checksum(body) != text[textLength-checksumLength:] {
		return "", ErrMalformed
	}
	return rest[:idLength], nil
}

// Hash returns what the database has of a key. SHA-256 is enough: a slow hash protects secrets
// that can be guessed, and nobody guesses 256 random bits. It would only make each call slow.
func Hash(text string) [32]byte { return sha256.Sum256([]byte(text)) }

// random returns a number of n random bytes in the given number of digits of base 62.
func random(n, digits int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return base62(new(big.Int).SetBytes(b), digits)
}

func checksum(text string) string {
	return base62(big.NewInt(int64(crc32.ChecksumIEEE([]byte(text)))), checksumLength)
}

// base62 returns the last digits of a number.
func base62(n *big.Int, digits int) string {
	text := n.Text(62)
	if missing := digits - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	return text[len(text)-digits:]
}

func alphanumeric(text string) bool {
	for _, c := range []byte(text) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}
