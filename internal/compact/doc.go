// Package compact makes the PDFs that Chrome prints smaller without changing
// what they show, say or how they are structured.
//
// Chrome writes PDF 1.4: every element of the structure an object of its own in
// plain text, font programs with all that only a screen needs, and outlines of
// PostScript flavor (Noto's Chinese, Japanese and Korean) as procedures, a font
// for each glyph or two. The rewritten file has the same objects in compressed
// streams (PDF 1.5, ISO 32000-1, 7.5.7 and 7.5.8), TrueType programs of outlines and widths alone,
// and those procedures as one font program for each face.
//
// It reads only what this project's browser and internal/render write. What is
// unknown to it stays as it was: a large file is better than none.
package compact
