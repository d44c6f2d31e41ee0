package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/letrazapp/letraz-export/internal/export"
)

// smallFile is the maximum size of a file that is read whole and verified before the answer
// begins. Nearly all files are smaller.
const smallFile = 256 << 10

// nothing is a file in memory, whose Close does nothing.
type nothing struct{ *bytes.Reader }

func (nothing) Close() error { return nil }

// openFile opens the file of a ready export. A small one is verified already. The
// error is export.ErrDamaged when the file is another than was stored.
func (s *server) openFile(ctx context.Context, r export.Request) (opened io.ReadSeekCloser, verified bool, err error) {
	file, size, err := s.Files.Open(ctx, r.Artifact.BlobKey)
	if err != nil {
		return nil, false, fmt.Errorf("opening the file of export %s: %w", r.ID, err)
	}
	if size != r.Artifact.Size {
		_ = file.Close() // it was only looked at
		return nil, false, fmt.Errorf("opening the file of export %s: %w: it has %d bytes instead of %d", r.ID, export.ErrDamaged, size, r.Artifact.Size)
	}
	if size > smallFile {
		return file, false, nil
	}
	defer func() { _ = file.Close() }() // it was only read
	data := make([]byte, size)
	if _, err := io.ReadFull(file, data); err != nil {
		return nil, false, fmt.Errorf("reading the file of export %s: %w", r.ID, err)
	}
	if sha256.Sum256(data) != r.Artifact.SHA256 {
		return nil, false, fmt.Errorf("reading the file of export %s: %w: its checksum is another", r.ID, export.ErrDamaged)
	}
	return nothing{bytes.NewReader(data)}, true, nil
}

// verify reads the whole file of a ready export for its checksum.
func (s *server) verify(ctx context.Context, r export.Request) error {
	return s.Files.Verify(ctx, r.Artifact.BlobKey, r.Artifact.Size, r.Artifact.SHA256)
}

// damaged fails an export whose file was found damaged, after it was read once
// more, and returns what the caller is told.
func (s *server) damaged(ctx context.Context, r export.Request, found error) error {
	ctx = context.WithoutCancel(ctx) // the export is damaged, whether its caller waits or not
	switch err := s.verify(ctx, r); {
	case err == nil:
		return s.problem(ctx, fmt.Errorf("the file of export %s is undamaged when it is read again: %w", r.ID, found))
	case !errors.Is(err, export.ErrDamaged):
		return s.problem(ctx, err)
	}
	failed, err := s.Store.FailDamaged(ctx, r.ID, r.Artifact.BlobKey)
	if err != nil && !isWrongStatus(err) { // ErrWrongStatus means that the export was replaced, failed or has expired
		s.Logger.WarnContext(ctx, "an export whose file is damaged could not be failed", "export_id", r.ID, "error", err)
	}
	if err == nil {
		s.changed(failed)
		s.Logger.ErrorContext(ctx, "a stored file is damaged: its export has failed and can be tried again. Check the disk of the file store",
			"export_id", r.ID, "blob_key", r.Artifact.BlobKey, "error", found)
	}
	return fileDamaged()
}

// wholeFile reads a file from its start to its end. It gives the last bytes only
// when the checksum of the whole fits, so that a damaged file never arrives whole.
type wholeFile struct {
	file    io.ReadSeeker
	size    int64
	sum     [32]byte
	at      int64
	hash    hash.Hash
	damaged bool
}

func newWholeFile(file io.ReadSeeker, a export.Artifact) *wholeFile {
	return &wholeFile{file: file, size: a.Size, sum: a.SHA256, hash: sha256.New()}
}

// Read gives the next bytes.
func (w *wholeFile) Read(p []byte) (int, error) {
	left := w.size - w.at
	if left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) < left {
		n, err := w.file.Read(p)
		_, _ = w.hash.Write(p[:n]) // never fails
		w.at += int64(n)
		return n, err
	}
	n, err := io.ReadFull(w.file, p[:left])
	if err != nil {
		return 0, err
	}
	_, _ = w.hash.Write(p[:n])
	w.at += int64(n)
	if [32]byte(w.hash.Sum(nil)) != w.sum {
		w.damaged = true
		return 0, export.ErrDamaged
	}
	return n, nil
}

// Seek returns the size, or goes back to the start before anything is read.
func (w *wholeFile) Seek(offset int64, whence int) (int64, error) {
	switch {
	case whence == io.SeekEnd && offset == 0:
		return w.size, nil
	case whence == io.SeekStart && offset == 0 && w.at == 0:
		return 0, nil
	default:
		return 0, errors.New("a file that is verified while it is read is read from its start to its end")
	}
}
