package api

import (
	"bytes"
	"context"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/letrazapp/letraz-export/internal/resume"
)

const (
	// maxResume is the maximum size of a resume in a request in bytes: the longest texts and
	// the largest portrait that one may have.
	maxResume = resume.MaxText + resume.MaxImage
	// resumeTimeout bounds the time in which the caller has to send it.
	resumeTimeout = 30 * time.Second
)

// resumeMedia lists the media types of resume files. The first is that of a body without a
// type.
var resumeMedia = []string{jsonType, "application/yaml", "application/zip", "application/pdf"}

// otherMedia has other names of these types.
var otherMedia = map[string]string{"application/x-yaml": "application/yaml", "text/yaml": "application/yaml", "text/x-yaml": "application/yaml"}

type resumeFileKey struct{}

// resumeFileOf returns the body of a request that is a resume file.
func resumeFileOf(ctx context.Context) []byte {
	data, _ := ctx.Value(resumeFileKey{}).([]byte)
	return data
}

// takesFile is in the metadata of operations whose body is a resume file.
const takesFile = "takes a resume file"

// resumeFileOperation is operation for one whose body is a resume file. huma does not read
// it: takesResumeFile describes it in the document, once the operation is registered.
func resumeFileOperation(op huma.Operation, errors ...int) huma.Operation {
	op = operation(op, bodyErrors(errors...)...)
	op.Metadata = map[string]any{takesFile: true}
	return op
}

// takesResumeFile describes the body of a registered operation.
func takesResumeFile(op *huma.Operation) {
	content := map[string]*huma.MediaType{}
	for _, media := range resumeMedia {
		content[media] = &huma.MediaType{}
	}
	content[jsonType].Schema = anyObject("JSON Resume, or the JSON of another resume builder")
	content["application/yaml"].Schema = &huma.Schema{Type: huma.TypeString, Description: "The same in YAML"}
	content[jsonType].Example = exampleResume
	content["application/yaml"].Example = "basics:\n  name: Ana Ribeiro\n"
	op.RequestBody = &huma.RequestBody{Required: true, Content: content, Description: "A resume of at most 13 MiB"}
}

// anyObject is the schema of an object with any members.
func anyObject(description string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Description: description, AdditionalProperties: true}
}

// readResumeFile reads the body of an operation that takes a resume file into the context.
func readResumeFile(h huma.API, ctx huma.Context, next func(huma.Context), log *slog.Logger) {
	req, w := humago.Unwrap(ctx)
	kind, f := resumeMediaOf(req.Header)
	if f != nil {
		f.answer(h, ctx)
		return
	}
	data, f := readBody(w, req, log, bodyBounds{maxResume, resumeTimeout})
	if f == nil {
		f = mislabeled(kind, data)
	}
	if f != nil {
		f.answer(h, ctx)
		return
	}
	next(huma.WithValue(ctx, resumeFileKey{}, data))
}

// resumeMediaOf returns the media type of a resume file, or what is wrong with the headers.
func resumeMediaOf(header http.Header) (kind string, f *fault) {
	kind = resumeMedia[0]
	if types := header.Values("Content-Type"); len(types) == 1 {
		named, parameters, err := mime.ParseMediaType(types[0])
		if other, ok := otherMedia[named]; ok {
			named = other
		}
		if err == nil && slices.Contains(resumeMedia[1:], named) {
			if charset, ok := parameters["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
				f = &fault{status: http.StatusUnsupportedMediaType, detail: "send text in UTF-8"}
				f.add("header.Content-Type", "names another charset than UTF-8")
				return kind, f
			}
			header = header.Clone()
			header.Del("Content-Type") // what is left is checked below
			kind = named
		}
	}
	if f = mediaFault(header); f != nil && !f.coding {
		f.detail = "send a resume as " + strings.Join(resumeMedia, ", ") + ", without a content coding"
	}
	return kind, f
}

// mislabeled returns a fault if a file is of another type than its media type says, so that
// nobody in between reads it as something else.
func mislabeled(kind string, data []byte) *fault {
	begin := bytes.TrimLeft(data, " \t\r\n\ufeff")
	is := "application/yaml"
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		is = "application/pdf"
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		is = "application/zip"
	case len(begin) > 0 && bytes.IndexByte([]byte(`{["/`), begin[0]) >= 0:
		is = jsonType
	}
	text := is == jsonType || is == "application/yaml"
	switch {
	case is == kind:
		return nil
	case text && kind == "application/yaml": // JSON is YAML
		return nil
	case text && kind == jsonType && (bytes.IndexByte(data, 0) >= 0 || len(begin) == 0): // UTF-16, or nothing: the reader says so
		return nil
	}
	f := &fault{status: http.StatusUnprocessableEntity, detail: "the body is not " + kind}
	f.add("body", "looks like "+is+"; send it with that Content-Type")
	return f
}
