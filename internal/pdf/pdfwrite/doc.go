// Package pdfwrite finishes the PDFs that Chrome prints, in one pass: it reads the
// file (Parse), adds document information, XMP metadata and an attachment, makes the
// rest smaller, and writes the file (File.Write). It reads only the form of PDF that
// Chrome writes. Package pdf, which judges finished files, has its own reader.
//
// # Compaction
//
// Chrome writes PDF 1.4. Each element of the structure tree is a separate object in
// plain text, TrueType programs are embedded whole, and fonts with PostScript outlines
// (Noto's Chinese, Japanese and Korean) become Type 3 fonts of one or two glyphs each.
// The written file has the same appearance, text and structure, but:
//
//   - its objects are in a compressed object stream, with a compressed cross-reference
//     stream (PDF 1.5; ISO 32000-1, 7.5.7 and 7.5.8);
//   - its TrueType programs contain outlines and widths only;
//   - the Type 3 fonts of a face are merged into one font with a CFF program.
//
// # Text
//
// Most readers know no ActualText, guess blanks from moves, and put text from right to left
// in order only within one string. So the strings of a line are joined (textjoin.go),
// glyphs that are one cluster become one glyph that stands for its text (textcluster.go,
// textglyphs.go), and words from right to left become one text (textreversed.go).
//
// A part that is not in the expected form is left as Chrome wrote it and reported in
// Written.Uncompacted.
package pdfwrite
