package compact

import "fmt"

// PDF returns the file in fewer bytes. The same file gives the same bytes. An
// error means that it is not in the form that Chrome writes; the data itself is
// never changed.
func PDF(data []byte) ([]byte, error) {
	f, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("making a PDF smaller: %w", err)
	}
	f.mergeOutlines()
	f.slimFonts()
	out, err := f.write()
	if err != nil {
		return nil, fmt.Errorf("making a PDF smaller: %w", err)
	}
	return out, nil
}
