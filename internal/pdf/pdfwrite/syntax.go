package pdfwrite

import "bytes"

// What there is to read of PDF's syntax (ISO 32000-1, 7.2 and 7.3): where values
// end, and what a dictionary has under a name.

// Sets of characters below 64, a bit each; and those two above that delimit.
const (
	spaces     = 1<<' ' | 1<<'\n' | 1<<'\r' | 1<<'\t' | 1<<'\f' | 1<<0
	delimiters = 1<<'(' | 1<<')' | 1<<'<' | 1<<'>' | 1<<'/' | 1<<'%'
)

func isSpace(c byte) bool { return c < 64 && spaces>>c&1 != 0 }

func isDelimiter(c byte) bool { return c < 64 && delimiters>>c&1 != 0 || c == '[' || c == ']' }

func skipSpace(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	return b
}

// value splits off the value that b begins with. A reference is one value.
func value(b []byte) (v, rest []byte, ok bool) {
	b = skipSpace(b)
	end := valueEnd(b, 0)
	if end <= 0 {
		return nil, nil, false
	}
	return b[:end], b[end:], true
}

// maxNesting bounds the depth of values in values. Chrome nests four deep.
const maxNesting = 32

// valueEnd is the length of the value that b begins with; 0 if there is none.
func valueEnd(b []byte, depth int) int {
	switch {
	case len(b) == 0 || depth > maxNesting:
		return 0
	case bytes.HasPrefix(b, []byte("<<")):
		return listEnd(b, 2, ">>", depth)
	case b[0] == '[':
		return listEnd(b, 1, "]", depth)
	case b[0] == '<':
		return bytes.IndexByte(b, '>') + 1
	case b[0] == '(':
		return stringEnd(b)
	case isDelimiter(b[0]) && b[0] != '/':
		return 0
	}
	end := wordEnd(b)
	if _, isNumber := number(b[:end]); isNumber {
		if ref := referenceEnd(b, end); ref > 0 {
			return ref
		}
	}
	return end
}

// listEnd is the length of a dictionary or array whose first value may begin at from.
func listEnd(b []byte, from int, closing string, depth int) int {
	for at := from; at < len(b); {
		if isSpace(b[at]) {
			at++
			continue
		}
		if bytes.HasPrefix(b[at:], []byte(closing)) {
			return at + len(closing)
		}
		n := valueEnd(b[at:], depth+1)
		if n <= 0 {
			return 0
		}
		at += n
	}
	return 0
}

// stringEnd is the length of a string in parentheses.
func stringEnd(b []byte) int {
	open := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return i + 1
			}
		}
	}
	return 0
}

func wordEnd(b []byte) int {
	for end := 1; end < len(b); end++ {
		if c := b[end]; c < 64 && (spaces|delimiters)>>c&1 != 0 || c == '[' || c == ']' {
			return end
		}
	}
	return max(len(b), 1)
}

// referenceEnd is the length of "n 0 R", given that of its first number; 0 when it is
// something else.
func referenceEnd(b []byte, end int) int {
	const tail = " 0 R"
	if !bytes.HasPrefix(b[end:], []byte(tail)) {
		return 0
	}
	end += len(tail)
	if end < len(b) && !isSpace(b[end]) && !isDelimiter(b[end]) {
		return 0
	}
	return end
}

// entries calls visit with each name and value of a dictionary until it returns
// false.
func entries(dict []byte, visit func(name, v []byte) bool) {
	if !bytes.HasPrefix(dict, []byte("<<")) {
		return
	}
	rest := dict[2:]
	for {
		name, after, ok := value(rest)
		if !ok || name[0] != '/' {
			return
		}
		v, next, ok := value(after)
		if !ok || !visit(name[1:], v) {
			return
		}
		rest = next
	}
}

// entry is what a dictionary has under a name, or nil.
func entry(dict []byte, name string) (v []byte) {
	if !bytes.Contains(dict, []byte(name)) {
		return nil // most have no such thing, and need not be taken apart
	}
	entries(dict, func(key, found []byte) bool {
		if string(key) == name {
			v = found
		}
		return v == nil
	})
	return v
}

// dictionary is all that a dictionary has, for those who ask it more than once.
func dictionary(dict []byte) map[string][]byte {
	all := map[string][]byte{}
	entries(dict, func(name, v []byte) bool {
		all[string(name)] = v
		return true
	})
	return all
}

// number reads the digits that b begins with: of a reference the object's number.
func number(b []byte) (int, bool) {
	n, i := 0, 0
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		if n = 10*n + int(b[i]-'0'); n > 1<<40 {
			return 0, false
		}
	}
	return n, i > 0
}

// reference is the number of the object that a value refers to, or 0.
func reference(v []byte) int {
	if !bytes.HasSuffix(v, []byte(" 0 R")) {
		return 0
	}
	n, _ := number(v)
	return n
}

// references calls visit with each object that a value refers to, at any depth.
func references(v []byte, visit func(n int)) {
	for i := 0; i < len(v); {
		switch c := v[i]; {
		case c == '(':
			i += max(stringEnd(v[i:]), 1)
		case c >= '0' && c <= '9':
			end := wordEnd(v[i:])
			if ref := referenceEnd(v[i:], end); ref > 0 {
				if n, ok := number(v[i:]); ok {
					visit(n)
				}
				end = ref
			}
			i += end
		case isSpace(c) || isDelimiter(c) && c != '/':
			i++
		default:
			i += wordEnd(v[i:])
		}
	}
}
