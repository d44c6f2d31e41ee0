package builders

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// Limits of an archive. LinkedIn's has some 40 files, of which 15 are read.
const (
	maxArchiveFiles = 2000
	maxArchiveText  = 4 << 20 // bytes of all files that are read
	maxArchiveCells = 100_000 // cells of all tables
)

// linkedInFiles are the tables that are read. The others hold what is not part of a
// resume: messages, contacts, advertising.
func linkedInFiles() []string {
	return []string{"Profile", "Profile Summary", "Email Addresses", "PhoneNumbers", "Positions", "Education", "Skills", "Languages", "Certifications",
		"Projects", "Publications", "Patents", "Honors", "Courses", "Organizations", "Volunteering",
		"Causes You Care About", "Test Scores", "Recommendations_Received"}
}

// ErrNotLinkedIn means that an archive is not LinkedIn's.
var ErrNotLinkedIn = errors.New("the archive is not LinkedIn's data export: it has no Profile.csv or Positions.csv")

// ReadArchive reads LinkedIn's data export, a ZIP archive of CSV tables, as an object
// with a list of rows for each table. Tables that are not part of a resume are not read. The
// error says what the archive is instead, or which limit it exceeds.
func ReadArchive(data []byte) (*tree.Value, []note.Note, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, fmt.Errorf("the ZIP archive cannot be read: %w", err)
	}
	if len(archive.File) > maxArchiveFiles {
		return nil, nil, fmt.Errorf("the archive has more than %d files", maxArchiveFiles)
	}
	r := &archiveReader{text: maxArchiveText, cells: maxArchiveCells, root: tree.NewObject()}
	for _, f := range archive.File {
		if err := r.file(f); err != nil {
			return nil, nil, err
		}
	}
	if r.root.Get("Profile") == nil && r.root.Get("Positions") == nil {
		return nil, nil, ErrNotLinkedIn
	}
	var notes []note.Note
	if len(r.others) > 0 {
		slices.Sort(r.others)
		names := strings.Join(r.others[:min(len(r.others), 12)], ", ")
		notes = append(notes, note.Note{Code: note.Dropped, Message: fmt.Sprintf("%d files of the archive are not part of a resume and were not read: %s", len(r.others), names)})
	}
	return r.root, notes, nil
}

// archiveReader reads the tables of an archive within limits.
type archiveReader struct {
	text   int64 // bytes that may still come
	cells  int   // cells that may still come
	root   *tree.Value
	others []string
}

func (r *archiveReader) file(f *zip.File) error {
	base := path.Base(strings.ReplaceAll(f.Name, `\`, "/"))
	if f.FileInfo().IsDir() {
		return nil
	}
	for _, name := range linkedInFiles() {
		if strings.EqualFold(base, name+".csv") && r.root.Get(name) == nil {
			rows, err := r.table(f)
			if err != nil {
				return err
			}
			r.root.Set(name, rows)
			return nil
		}
	}
	if len(r.others) < maxArchiveFiles {
		r.others = append(r.others, tree.Quoted(base))
	}
	return nil
}

// table reads a table as a list of objects with the names of the columns.
func (r *archiveReader) table(f *zip.File) (*tree.Value, error) {
	in, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("the file %s of the archive cannot be read: %w", tree.Quoted(f.Name), err)
	}
	defer func() { _ = in.Close() }() // it is only read
	// The size in the archive's directory is not to be trusted.
	data, err := io.ReadAll(io.LimitReader(in, r.text+1))
	if err != nil {
		return nil, fmt.Errorf("the file %s of the archive cannot be read: %w", tree.Quoted(f.Name), err)
	}
	if r.text -= int64(len(data)); r.text < 0 {
		return nil, fmt.Errorf("the tables of the archive have more than %d bytes", maxArchiveText)
	}
	table := csv.NewReader(strings.NewReader(utf8Text(data)))
	table.FieldsPerRecord = -1
	table.LazyQuotes = true
	rows := &tree.Value{Kind: tree.List}
	var header []string
	for {
		record, err := table.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("the file %s of the archive cannot be read: %w", tree.Quoted(f.Name), err)
		}
		if header == nil {
			header = columnNames(record)
			continue
		}
		if r.cells -= len(record); r.cells < 0 {
			return nil, fmt.Errorf("the tables of the archive have more than %d cells", maxArchiveCells)
		}
		rows.Items = append(rows.Items, row(header, record))
	}
}

// columnNames returns the names of the columns, all different.
func columnNames(record []string) []string {
	var names []string
	used := map[string]bool{}
	for _, name := range record {
		name = strings.TrimSpace(name)
		for name == "" || used[name] {
			name += "_"
		}
		used[name] = true
		names = append(names, name)
	}
	return names
}

// row returns a row without its empty cells. Cells beyond the header have no name and are
// joined to the last.
func row(header, record []string) *tree.Value {
	out := tree.NewObject()
	if len(record) > len(header) {
		last := strings.Join(record[len(header)-1:], ",")
		record = append(slices.Clone(record[:len(header)-1]), last)
	}
	for i, cell := range record {
		if cell = strings.TrimSpace(strings.ReplaceAll(cell, "\x00", "")); cell != "" {
			out.Members = append(out.Members, tree.Member{Name: header[i], Value: tree.NewText(cell)})
		}
	}
	return out
}

// utf8Text returns data as UTF-8 without a byte order mark. Data in another encoding is
// taken for Latin-1.
func utf8Text(data []byte) string {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if utf8.Valid(data) {
		return string(data)
	}
	runes := make([]rune, len(data))
	for i, c := range data {
		runes[i] = rune(c)
	}
	return string(runes)
}
