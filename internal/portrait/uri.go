package portrait

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// payload returns the bytes of the picture in a data: URI (RFC 2397) or in bare base64.
// URIs are written in many ways: with parameters, without ";base64", percent-encoded,
// with line breaks, in the alphabet for URLs, without padding.
func payload(s string) ([]byte, error) {
	s = strings.Trim(s, " \t\r\n\"'")
	text := s
	isURI := len(s) >= 5 && strings.EqualFold(s[:5], "data:")
	if isURI {
		comma := comma(s)
		if comma < 0 {
			return nil, &Unusable{"the data: URI of the picture has no comma, after which the picture stands", embed}
		}
		text = s[comma+1:]
	}
	if data, err := base64.StdEncoding.DecodeString(text); err == nil && (isURI || known(data)) {
		return data, nil // the usual spelling
	}
	if isURI && strings.IndexByte(text, '%') >= 0 {
		if plain, err := url.PathUnescape(text); err == nil {
			text = plain
		}
	}
	if isURI && known([]byte(text)) { // the bytes themselves
		return []byte(text), nil
	}
	data, err := base64.RawStdEncoding.DecodeString(canonical(text))
	if err == nil && len(data) > 0 && (isURI || known(data)) {
		return data, nil
	}
	if isURI {
		return nil, &Unusable{"the data: URI of the picture is not valid base64", embed}
	}
	return nil, &Unusable{"the picture is an address or the name of a file, and an export fetches nothing", embed}
}

// comma returns the index of the comma before the data, or -1. Parameters such as file
// names may have commas, too.
func comma(uri string) int {
	const mark = ";base64,"
	head := strings.ToLower(uri[:min(len(uri), 500)])
	if at := strings.Index(head, mark); at >= 0 {
		return at + len(mark) - 1
	}
	return strings.IndexByte(uri, ',')
}

// canonical returns base64 in the standard alphabet without blanks, line breaks and
// padding.
func canonical(text string) string {
	text = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '\r', '\n':
			return -1
		case '-':
			return '+'
		case '_':
			return '/'
		}
		return r
	}, text)
	return strings.TrimRight(text, "=")
}

// known reports whether data begins as a picture of some format.
func known(data []byte) bool {
	_, err := formatOf(data)
	return err == nil || otherFormat(data) != ""
}
