package api

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
)

// formatName is the name of a format in a request. Its schema lists those of
// export.Formats.
type formatName string

// Schema implements huma.SchemaProvider.
func (formatName) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, f := range export.Formats() {
		s.Enum = append(s.Enum, string(f))
	}
	return s
}
