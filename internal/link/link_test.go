package link_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/letrazapp/letraz-export/internal/link"
)

var (
	oldKey = bytes.Repeat([]byte("o"), link.MinKey)
	newKey = bytes.Repeat([]byte("n"), link.MinKey)
	end    = time.Unix(2_000_000_000, 0)
)

func keyring(t testing.TB, keys ...[]byte) *link.Keyring {
	t.Helper()
	r, err := link.NewKeyring(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCheck(t *testing.T) {
	claim := link.Claim{Purpose: link.Download, Subject: "01a202b3-6b9e-7b9f-9aa2-567989566ad4", Expires: end}
	ring := keyring(t, newKey, oldKey)
	token := ring.Sign(claim)
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		ring    *link.Keyring
		purpose link.Purpose
		token   string
		now     time.Time
		want    error
	}{
		{"valid", ring, link.Download, token, end.Add(-time.Second), nil},
		{"at its end", ring, link.Download, token, end, link.ErrExpired},
		{"signed with the second key", ring, link.Download, keyring(t, oldKey).Sign(claim), end.Add(-time.Second), nil},
		{"first key is a former one now", keyring(t, oldKey, newKey), link.Download, token, end.Add(-time.Second), nil},
		{"key is not in use any more", keyring(t, oldKey), link.Download, token, end.Add(-time.Second), link.ErrInvalid},
		{"another purpose", ring, link.ExportEvents, token, end.Add(-time.Second), link.ErrInvalid},
		{"expired, and for another purpose", ring, link.ExportEvents, token, end, link.ErrInvalid},
		{"expired, and the key is not in use any more", keyring(t, oldKey), link.Download, token, end, link.ErrInvalid},
		{"empty", ring, link.Download, "", end.Add(-time.Second), link.ErrInvalid},
		{"cut", ring, link.Download, token[:len(token)-4], end.Add(-time.Second), link.ErrInvalid},
		{"without a subject", ring, link.Download, base64.RawURLEncoding.EncodeToString(append(raw[:14:14], raw[len(raw)-32:]...)), end.Add(-time.Second), link.ErrInvalid},
		{"longer", ring, link.Download, token + "AAAA", end.Add(-time.Second), link.ErrInvalid},
		{"huge", ring, link.Download, strings.Repeat("A", 1<<20), end.Add(-time.Second), link.ErrInvalid},
		{"padded", ring, link.Download, token + "=", end.Add(-time.Second), link.ErrInvalid},
		{"with a line break", ring, link.Download, token[:10] + "\n" + token[10:], end.Add(-time.Second), link.ErrInvalid},
		{"in standard base64", ring, link.Download, base64.RawStdEncoding.EncodeToString(raw) + "+", end.Add(-time.Second), link.ErrInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.ring.Check(c.purpose, c.token, c.now)
			if !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if want := claim; err == nil && got != want || err != nil && got != (link.Claim{}) {
				t.Errorf("claim %+v", got)
			}
		})
	}
}

// A token has one spelling, and no bit of it can be changed.
func TestCheck_EveryEdit(t *testing.T) {
	ring := keyring(t, newKey)
	token := ring.Sign(link.Claim{Purpose: link.Download, Subject: "01a202b3-6b9e-7b9f-9aa2-567989566ad4", Expires: end})
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range 8 * len(raw) {
		edited := bytes.Clone(raw)
		edited[bit/8] ^= 1 << (bit % 8)
		if _, err := ring.Check(link.Download, base64.RawURLEncoding.EncodeToString(edited), end.Add(-time.Second)); !errors.Is(err, link.ErrInvalid) {
			t.Errorf("bit %d: %v", bit, err)
		}
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range token {
		for _, c := range alphabet {
			edited := token[:i] + string(c) + token[i+1:]
			if edited == token {
				continue
			}
			if _, err := ring.Check(link.Download, edited, end.Add(-time.Second)); !errors.Is(err, link.ErrInvalid) {
				t.Fatalf("character %d as %c: %v", i, c, err)
			}
		}
	}
}

func TestSign_RoundsUpAndReturns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring, err := link.NewKeyring(newKey)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Unix(rapid.Int64Range(0, 1<<40).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds"))
		c := link.Claim{Purpose: rapid.SampledFrom([]link.Purpose{link.Download, link.ExportEvents, link.UserEvents}).Draw(t, "purpose"),
			Subject: rapid.StringMatching(`\PC{1,200}`).Draw(t, "subject"), Expires: at}
		got, err := ring.Check(c.Purpose, ring.Sign(c), at.Add(-time.Nanosecond))
		if err != nil || got.Subject != c.Subject || got.Expires.Before(at) || got.Expires.Sub(at) >= time.Second {
			t.Fatalf("%+v of %+v, %v", got, c, err)
		}
	})
}

func TestNewKeyring_Refuses(t *testing.T) {
	many := make([][]byte, 9)
	for i := range many {
		many[i] = []byte(fmt.Sprintf("%032d", i))
	}
	for name, c := range map[string]struct {
		keys [][]byte
		want string
	}{
		"none":      {nil, "0 link keys"},
		"too many":  {many, "9 link keys"},
		"too short": {[][]byte{newKey, oldKey[1:]}, "link key 2 has 31 bytes"},
		"twice":     {[][]byte{newKey, newKey}, "link key 2 is given twice"},
	} {
		if _, err := link.NewKeyring(c.keys...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, key := range many[:2] {
		if strings.Contains(fmt.Sprint(link.NewKeyring(key, key)), string(key)) {
			t.Error("the error quotes a key")
		}
	}
}
