package docx

import (
	"bytes"

	"golang.org/x/net/html"
)

type node = html.Node

const (
	elementNode = html.ElementNode
	textNode    = html.TextNode
)

// parse reads a page.
func parse(page []byte) (*node, error) { return html.Parse(bytes.NewReader(page)) }
