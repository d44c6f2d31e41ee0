package render

import "html"

// unescaped is text of HTML as it is shown.
func unescaped(s string) string { return html.UnescapeString(s) }
