package pdfwrite

import "bytes"

// This file reads PDF syntax (ISO 32000-1, 7.2 and 7.3): it finds the ends of values and the
// entries of dictionaries.

// spaces and delimiters are sets of characters below 64, one bit each. The delimiters [
// and ] are above 64 and compared separately.
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

// value splits off the first value of b. A reference, such as "5 0 R", is one value.
func value(b []byte) (v, rest []byte, ok bool) {
	b = skipSpace(b)
	end := valueEnd(b, 0)
	if end <= 0 {
		return nil, nil, false
	}
	return b[:end], b[end:], true
}

// cutWord splits off the first word of b, which ends at white space. The word is empty if
// there is none.
func cutWord(b []byte) (word, rest []byte) {
	b = skipSpace(b)
	for i, c := range b {
		if isSpace(c) {
			return b[:i], b[i:]
		}
	}
	return b, nil
}

// maxNesting is the largest depth of dictionaries and arrays that is read. Chrome nests
// them four deep.
const maxNesting = 32

// valueEnd returns the length of the value at the start of b, or 0 if there is none.
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

// listEnd returns the length of the dictionary or array at the start of b, or 0 if it does
// not end. Its values begin at from.
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

// stringEnd returns the length of the string in parentheses at the start of b, or 0 if it
// does not end.
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

// wordEnd returns the length of the number, name or keyword at the start of b, at least 1.
func wordEnd(b []byte) int {
	for end := 1; end < len(b); end++ {
		if c := b[end]; c < 64 && (spaces|delimiters)>>c&1 != 0 || c == '[' || c == ']' {
			return end
		}
	}
	return max(len(b), 1)
}

// referenceEnd returns the length of the reference "n 0 R" at the start of b, whose number
// ends at end, or 0 if it is not a reference.
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

// entries calls visit with each name and value of a dictionary until visit returns
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

// entry returns the value of a dictionary's entry, or nil.
func entry(dict []byte, name string) (v []byte) {
	if !bytes.Contains(dict, []byte(name)) {
		return nil // the usual case, without parsing
	}
	entries(dict, func(key, found []byte) bool {
		if string(key) == name {
			v = found
		}
		return v == nil
	})
	return v
}

// dictionary returns all entries of a dictionary.
func dictionary(dict []byte) map[string][]byte {
	all := map[string][]byte{}
	entries(dict, func(name, v []byte) bool {
		all[string(name)] = v
		return true
	})
	return all
}

// number reads the digits at the start of b. Applied to a reference it gives the object's
// number.
func number(b []byte) (int, bool) {
	n, i := 0, 0
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		if n = 10*n + int(b[i]-'0'); n > 1<<40 {
			return 0, false
		}
	}
	return n, i > 0
}

// reference returns the number of the object that a value refers to, or 0 if the value is
// not a reference.
func reference(v []byte) int {
	if !bytes.HasSuffix(v, []byte(" 0 R")) {
		return 0
	}
	n, _ := number(v)
	return n
}

// references calls visit with the number of each object that a value refers to, at any depth.
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
