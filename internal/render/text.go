package render

import (
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/theme"
)

// unprinted makes the formats that are neither pages nor pictures of one. It
// reports whether the format is one of them.
func unprinted(r resume.Resume, o Options) (data []byte, ok bool, err error) {
	switch o.Format {
	case export.JSON:
		if data, err = resume.MarshalJSONResume(r); err != nil {
			err = export.Fail(export.InvalidResume, "writing JSON Resume: %w", err)
		}
		return data, true, err
	case export.Text:
		data, err = theme.Text(r)
	case export.Markdown:
		data, err = theme.Markdown(r)
	case export.TeX:
		if !o.Paper.Valid() {
			return nil, true, export.Fail(export.InvalidRequest, "the paper %q is unknown", o.Paper)
		}
		data, err = theme.TeX(r, o.Paper)
	default:
		return nil, false, nil
	}
	if err != nil {
		// No resume makes it fail: what is wrong is this program.
		err = export.Fail(export.Internal, "writing %s: %w", o.Format, err)
	}
	return data, true, err
}
