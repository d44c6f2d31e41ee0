package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/client"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// requests returns what to ask for, in the order of the arguments. It reads all files before
// anything is asked for.
func (x *exportCmd) requests(e *env) ([]client.CreateRequest, error) {
	list := make([]client.CreateRequest, len(x.Resumes))
	var problems []error
	for i, named := range x.Resumes {
		// The answer to the request has the id, so it should come before the time is over.
		list[i] = client.CreateRequest{JobID: x.JobID, Format: x.Format, Template: x.Template, Paper: x.Paper, Lane: x.Lane,
			EmbedSource: x.EmbedSource, ATS: x.ATS, Width: x.Width, Wrap: x.Wrap, Language: x.Language, Wait: x.Timeout / 2, Key: uuid.NewString()}
		if x.FitPages > 0 {
			list[i].Fit = &client.Fit{MaxPages: x.FitPages, MinFontPt: x.MinFontPt}
		}
		if !namesFile(named) {
			list[i].ResumeID = named
			continue
		}
		var err error
		if list[i].Resume, err = resumeToSend(e, named, x.Language); err != nil {
			problems = append(problems, err)
		}
	}
	return list, errors.Join(problems...)
}

// namesFile reports whether an argument names a file, not a stored resume.
func namesFile(arg string) bool {
	return arg == standardStream || strings.ContainsRune(arg, filepath.Separator) || slices.Contains([]string{".json", ".yaml", ".yml", ".zip", ".pdf"}, strings.ToLower(filepath.Ext(arg)))
}

// resumeToSend reads a resume file and returns it as a JSON object: as it is if it is one, so
// that the API's notes are on what its author wrote, otherwise as JSON Resume.
func resumeToSend(e *env, path, language string) (json.RawMessage, error) {
	s, err := readSource(e, path, language)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(bytes.TrimSpace(s.data), []byte("{")) && json.Valid(s.data) {
		return s.data, nil
	}
	return resume.MarshalJSONResume(s.resume)
}
