// Package pdfwrite finishes the PDFs that Chrome prints, in one pass: it reads the
// file (Parse), adds document information, XMP metadata and an attachment, makes the
// rest smaller, and writes the file (File.Write). It reads only what Chrome writes;
// package pdf, which judges finished files, is a reader of its own.
//
// # Compaction
//
// Chrome writes PDF 1.4: every element of the structure is an object of its own in
// plain text, TrueType programs are whole, and the glyphs of PostScript outlines
// (Noto's Chinese, Japanese and Korean) are procedures, in a font for each glyph or
// two. The written file shows, says and structures the same. Its objects are in
// compressed streams (PDF 1.5, ISO 32000-1, 7.5.7 and 7.5.8), its TrueType programs
// have outlines and widths only, and the procedures of a face are one font program.
//
// A part of a form that is not known stays as Chrome wrote it, and Written says so.
package pdfwrite
