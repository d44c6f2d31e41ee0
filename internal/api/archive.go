package api

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/filename"
)

// archive is the ZIP of a batch: manifest.json, then the file of each ready export, in the
// order of the request. The files are stored as they are, since nearly all are compressed.
//
// The header of a file has its size and CRC-32, which are known before the file is sent.
// Readers that read from the start, such as Java's ZipInputStream, need both there for stored
// files. So the size of the whole is known, too.
type archive struct {
	batch    export.Batch
	files    []archived
	manifest []byte
	size     int64
}

// archived is a file of the archive.
type archived struct {
	name    string
	request export.Request
}

// manifestName is the name of the list of exports.
const manifestName = "manifest.json"

// newArchive plans the archive of a batch.
func newArchive(b export.Batch, requests []export.Request) (*archive, error) {
	z := &archive{batch: b}
	names := uniqueNames{lower(manifestName): true}
	list := manifest{BatchID: b.ID, Exports: make([]manifestEntry, len(requests))}
	for i, r := range requests {
		list.Exports[i] = manifestEntry{ID: r.ID, ResumeID: r.ResumeID, JobID: r.JobID, Format: string(r.Format), Status: string(r.Status)}
		switch {
		case r.Status == export.Ready:
			f := archived{names.choose(r.Artifact.Filename), r}
			z.files = append(z.files, f)
			list.Exports[i].File, list.Exports[i].Size, list.Exports[i].SHA256 = f.name, r.Artifact.Size, hex.EncodeToString(r.Artifact.SHA256[:])
		case r.Status == export.Failed && r.Failure != nil:
			list.Exports[i].Failure = &Failure{Code: string(r.Failure.Code), Message: r.Failure.Message}
		}
	}
	var err error
	if z.manifest, err = json.MarshalIndent(list, "", "  "); err != nil {
		return nil, fmt.Errorf("writing the manifest of batch %s: %w", b.ID, err)
	}
	z.manifest = append(z.manifest, '\n')
	z.size, err = z.measure()
	return z, err
}

// manifest is the content of manifest.json.
type manifest struct {
	BatchID string          `json:"batch_id"`
	Exports []manifestEntry `json:"exports"`
}

// manifestEntry is an export, and its file if it has one.
type manifestEntry struct {
	ID       string   `json:"id"`
	ResumeID string   `json:"resume_id"`
	JobID    string   `json:"job_id,omitempty"`
	Format   string   `json:"format"`
	Status   string   `json:"status"`
	File     string   `json:"file,omitempty"`
	Size     int64    `json:"size,omitempty"`
	SHA256   string   `json:"sha256,omitempty"`
	Failure  *Failure `json:"failure,omitempty"`
}

// ready returns the exports whose files are in the archive.
func (z *archive) ready() []export.Request {
	list := make([]export.Request, len(z.files))
	for i, f := range z.files {
		list[i] = f.request
	}
	return list
}

// content is the content of an export's file, verified.
type content struct {
	io.ReadCloser
	crc uint32
}

// memberError says that the file of an export could not be read.
type memberError struct {
	request export.Request
	err     error
}

func (e *memberError) Error() string { return e.err.Error() }

// Unwrap returns the error itself.
func (e *memberError) Unwrap() error { return e.err }

// write writes the archive. Only one file is open at a time.
func (z *archive) write(w io.Writer, open func(export.Request) (*content, error)) error {
	out, buffer := zip.NewWriter(w), make([]byte, pieceSize)
	f, err := out.CreateRaw(storedHeader(manifestName, int64(len(z.manifest)), crc32.ChecksumIEEE(z.manifest), z.batch.CreatedAt))
	if err == nil {
		_, err = f.Write(z.manifest)
	}
	for i := 0; i < len(z.files) && err == nil; i++ {
		err = z.files[i].write(out, open, buffer)
	}
	if err != nil {
		return err
	}
	return out.Close()
}

// write writes one file.
func (f archived) write(out *zip.Writer, open func(export.Request) (*content, error), buffer []byte) error {
	m, err := open(f.request)
	if err != nil {
		return &memberError{f.request, err}
	}
	defer func() { _ = m.Close() }() // it was only read
	w, err := out.CreateRaw(storedHeader(f.name, f.request.Artifact.Size, m.crc, f.request.FinishedAt))
	if err != nil {
		return err
	}
	n, err := io.CopyBuffer(w, m.ReadCloser, buffer)
	if err == nil && n != f.request.Artifact.Size {
		err = &memberError{f.request, fmt.Errorf("the file of export %s has %d bytes instead of %d: %w", f.request.ID, n, f.request.Artifact.Size, export.ErrDamaged)}
	}
	return err
}

// storedHeader returns the header of a file that is stored without compression.
func storedHeader(name string, size int64, crc uint32, modified time.Time) *zip.FileHeader {
	const utf8Names, version20, unix = 0x800, 20, 3
	h := &zip.FileHeader{Name: name, Method: zip.Store, Flags: utf8Names, CRC32: crc,
		CreatorVersion: unix<<8 | version20, ReaderVersion: version20,
		CompressedSize64: uint64(size), UncompressedSize64: uint64(size)}
	h.SetModTime(modified) //nolint:staticcheck // CreateRaw writes these fields as they are
	h.SetMode(0o644)
	return h
}

// measure returns the size of the archive: it writes one with zeros.
func (z *archive) measure() (int64, error) {
	var size counter
	err := z.write(&size, func(r export.Request) (*content, error) {
		return &content{ReadCloser: io.NopCloser(io.LimitReader(zeros{}, r.Artifact.Size))}, nil
	})
	return int64(size), err
}

// counter counts what is written to it.
type counter int64

// Write counts the bytes.
func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// zeros is an endless file.
type zeros struct{}

// Read leaves the buffer as it is.
func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// openMember opens the file of an export and verifies it. A large one is read twice, so that
// not more than smallFile is in memory.
func (s *server) openMember(ctx context.Context, r export.Request) (*content, error) {
	file, verified, err := s.openFile(ctx, r)
	if err != nil {
		return nil, err
	}
	sum, crc := sha256.New(), crc32.NewIEEE()
	if _, err = io.Copy(io.MultiWriter(sum, crc), file); err == nil && !verified && !bytes.Equal(sum.Sum(nil), r.Artifact.SHA256[:]) {
		err = fmt.Errorf("reading the file of export %s: %w: its checksum is another", r.ID, export.ErrDamaged)
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		_ = file.Close() // it was only read
		return nil, err
	}
	return &content{file, crc.Sum32()}, nil
}

// uniqueNames are the names that are taken, in lower case.
type uniqueNames map[string]bool

// choose returns the name of a file, with a number if it is taken.
func (u uniqueNames) choose(wanted string) string {
	name := filename.Safe(wanted, "Resume")
	ending := path.Ext(name)
	stem := strings.TrimSuffix(name, ending)
	for n := 2; u[lower(name)]; n++ {
		name = fmt.Sprintf("%s (%d)%s", stem, n, ending)
	}
	u[lower(name)] = true
	return name
}
