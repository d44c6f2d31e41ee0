package auth

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// Claim is a claim that tokens are required to have.
type Claim struct {
	Name string
	// Value is what the claim is required to be, or, if it is a list of texts, to contain. If it
	// is empty, any value but null will do.
	Value string
}

// ParseClaim reads NAME or NAME=VALUE.
func ParseClaim(text string) (Claim, error) {
	name, value, hasValue := strings.Cut(text, "=")
	switch {
	case name == "" || strings.TrimSpace(name) != name:
		return Claim{}, errors.New("give a required claim as NAME or NAME=VALUE, as email_verified=true")
	case hasValue && value == "":
		return Claim{}, errors.New("the required claim " + name + " has an empty value; leave out the = to accept any value")
	case slices.Contains([]string{"sub", "exp", "iss", "aud"}, name):
		return Claim{}, errors.New("the claim " + name + " has a check of its own: sub and exp are always required, and iss and aud have flags")
	}
	return Claim{Name: name, Value: value}, nil
}

// metBy reports whether the claims of a token meet the requirement. Names and texts are compared
// exactly; numbers, true and false as they are written.
func (c Claim) metBy(claims map[string]json.RawMessage) bool {
	raw, ok := claims[c.Name]
	switch {
	case !ok || kind(raw) == 'n': // null
		return false
	case c.Value == "":
		return true
	case kind(raw) == '"' || kind(raw) == '[':
		var values []string
		return texts(&values)(raw) == nil && slices.Contains(values, c.Value)
	}
	return strings.TrimSpace(string(raw)) == c.Value
}
