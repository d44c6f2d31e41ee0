package ats

import (
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"github.com/letrazapp/letraz-export/internal/pdf"
)

// readLinks compares the addresses of the document with those of the file.
func (r *report) readLinks(file *pdf.File, links []string) error {
	there, err := file.Links()
	if err != nil {
		return fmt.Errorf("reading the links: %w", err)
	}
	found := map[string]bool{} // by address, whether the document has it
	for _, l := range there {
		found[canonical(l.URI)] = false
	}
	seen := map[string]bool{}
	for _, l := range links {
		address := canonical(l)
		if seen[address] {
			continue
		}
		seen[address] = true
		r.Links++
		if _, ok := found[address]; ok {
			found[address] = true
			r.LinksFound++
		}
	}
	for _, own := range found {
		if !own {
			r.StrayLinks++
		}
	}
	return nil
}

// canonical returns an address in one of the forms in which browsers may write it.
func canonical(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return address
	}
	if host, err := idna.Lookup.ToASCII(u.Host); err == nil {
		u.Host = host
	}
	u.Host = strings.ToLower(u.Host)
	if u.Host != "" && u.Path == "" {
		u.Path = "/"
	}
	u.RawPath = ""
	u.Opaque, u.RawQuery = unescaped(u.Opaque), unescaped(u.RawQuery)
	return u.String()
}

// unescaped returns a part of an address without its escapes. Browsers write the same
// character escaped or not, and with digits in either case.
func unescaped(part string) string {
	if text, err := url.PathUnescape(part); err == nil {
		return text
	}
	return part
}
