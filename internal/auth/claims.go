package auth

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"
)

// claims are the claims of a token. Their names are matched exactly; encoding/json
// would accept "Sub" for "sub", and the last of two.
type claims struct {
	subject, issuer           string
	audience                  []string
	expires, notBefore, issue *jwt.NumericDate
	all                       map[string]json.RawMessage
}

// UnmarshalJSON refuses repeated names, and claims of another type than RFC 7519
// section 4.1 defines.
func (c *claims) UnmarshalJSON(data []byte) error {
	m, err := object(data)
	if err != nil {
		return fmt.Errorf("the claims: %w", err)
	}
	c.all = m
	read := func(name string, into func(json.RawMessage) error) {
		if raw, ok := m[name]; ok && err == nil {
			if err = into(raw); err != nil {
				err = fmt.Errorf("the claim %s: %w", name, err)
			}
		}
	}
	read("sub", text(&c.subject))
	read("iss", text(&c.issuer))
	read("aud", texts(&c.audience))
	read("exp", date(&c.expires))
	read("nbf", date(&c.notBefore))
	read("iat", date(&c.issue))
	return err
}

// The methods of jwt.Claims.

func (c *claims) GetExpirationTime() (*jwt.NumericDate, error) { return c.expires, nil }
func (c *claims) GetNotBefore() (*jwt.NumericDate, error)      { return c.notBefore, nil }
func (c *claims) GetIssuedAt() (*jwt.NumericDate, error)       { return c.issue, nil }
func (c *claims) GetIssuer() (string, error)                   { return c.issuer, nil }
func (c *claims) GetSubject() (string, error)                  { return c.subject, nil }
func (c *claims) GetAudience() (jwt.ClaimStrings, error)       { return c.audience, nil }

// checkHeader refuses a header with repeated names, and one that requires extensions
// (RFC 7515 section 4.1.11), because none are supported.
func checkHeader(token string) error {
	segment, _, _ := strings.Cut(token, ".")
	data, err := base64.RawURLEncoding.DecodeString(segment)
	if err != nil {
		return fmt.Errorf("the header: %w", err)
	}
	m, err := object(data)
	if err != nil {
		return fmt.Errorf("the header: %w", err)
	}
	if _, ok := m["crit"]; ok {
		return errors.New("the header has crit: no extension is supported")
	}
	return nil
}

// object reads the members of a JSON object. It refuses names that occur twice, in
// whatever case.
func object(data []byte) (map[string]json.RawMessage, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("it is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return nil, errors.New("it is not a JSON object")
	}
	m, seen := map[string]json.RawMessage{}, map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("it is not JSON: %w", err)
		}
		name, _ := token.(string) // a member's name is always one
		folded := fold(name)
		if seen[folded] {
			return nil, errors.New("a name occurs twice")
		}
		seen[folded] = true
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, fmt.Errorf("it is not JSON: %w", err)
		}
		m[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("it is not JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows it")
	}
	return m, nil
}

// fold maps names that are equal under strings.EqualFold to the same name.
func fold(name string) string {
	return strings.Map(func(c rune) rune {
		least := c
		for r := unicode.SimpleFold(c); r != c; r = unicode.SimpleFold(r) {
			least = min(least, r)
		}
		return least
	}, name)
}

// kind returns the first character of a JSON value, which tells its type.
func kind(raw json.RawMessage) byte {
	if raw = bytes.TrimSpace(raw); len(raw) > 0 {
		return raw[0]
	}
	return 0
}

func text(to *string) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		if kind(raw) != '"' {
			return errors.New("it is not a string")
		}
		return json.Unmarshal(raw, to)
	}
}

// texts reads one string or an array of them.
func texts(to *[]string) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		if kind(raw) == '"' {
			*to = make([]string, 1)
			return text(&(*to)[0])(raw)
		}
		var list []json.RawMessage
		if kind(raw) != '[' || json.Unmarshal(raw, &list) != nil {
			return errors.New("it is neither a string nor an array of strings")
		}
		*to = make([]string, len(list))
		for i := range list {
			if err := text(&(*to)[i])(list[i]); err != nil {
				return err
			}
		}
		return nil
	}
}

// latestDate is the first second after the year 9999, in seconds since 1970.
const latestDate = 253402300800

// date reads seconds since 1970 (NumericDate of RFC 7519 section 2).
func date(to **jwt.NumericDate) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		seconds, err := strconv.ParseFloat(string(bytes.TrimSpace(raw)), 64)
		if k := kind(raw); err != nil || k != '-' && (k < '0' || k > '9') || math.Abs(seconds) >= latestDate {
			return errors.New("it is not a number of seconds since 1970")
		}
		whole, part := math.Modf(seconds)
		*to = &jwt.NumericDate{Time: time.Unix(int64(whole), int64(part*1e9))}
		return nil
	}
}
