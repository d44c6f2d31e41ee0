package tree

import "strconv"

// MemberPath returns the path of a member of the object at path: "work.name", or
// `work["a b"]` for a name that needs quotes. The path of the root is empty.
func MemberPath(path, name string) string {
	plain := name != "" && len(name) <= 64
	for _, c := range name {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && c != '_' && c != '-' && c != '$' {
			plain = false
			break
		}
	}
	switch {
	case !plain:
		return path + "[" + Quoted(name) + "]"
	case path == "":
		return name
	}
	return path + "." + name
}

// ItemPath returns the path of entry i of the list at path: "work[0]".
func ItemPath(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// Quoted returns a text of the document for a message: in quotes, and shortened.
func Quoted(s string) string {
	const most = 40
	n := 0
	for i := range s {
		if n == most {
			return strconv.Quote(s[:i] + "…")
		}
		n++
	}
	return strconv.Quote(s)
}
