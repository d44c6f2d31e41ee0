package ooxml

// Picture is a portrait.
type Picture struct {
	Data          []byte
	Kind          string // "png" or "jpeg"
	Width, Height int    // in pixels, above zero
	Alt           string // alternate text
}

// Size of the portrait on paper, in English Metric Units (36,000 per millimetre).
const (
	portraitWidth  = 21 * 36000
	portraitHeight = 26 * 36000
)

func (p *Picture) extension() string { return p.Kind }

// file returns the path of the picture, relative to the document.
func (p *Picture) file() string { return "media/portrait." + p.extension() }

// crop returns how much of each side is cut off to fill the frame, in thousandths of a
// percent; one of the two is zero.
func (p *Picture) crop() (horizontal, vertical int) {
	wide, tall := p.Width*portraitHeight, p.Height*portraitWidth
	if wide > tall {
		return (wide - tall) * 50000 / wide, 0
	}
	return 0, (tall - wide) * 50000 / tall
}

// picture writes the portrait at the end of the first lines, which leave room for
// it. On a line of its own it would move the name down by its height.
func (s *sheet) picture(w *xmlWriter) {
	width, height := itoa(portraitWidth), itoa(portraitHeight)
	side := "right"
	if s.rtl {
		side = "left"
	}
	w.start("w:r")
	w.start("w:drawing")
	w.start("wp:anchor", "distT", "0", "distB", "0", "distL", "180000", "distR", "180000", "simplePos", "0", "relativeHeight", "1",
		"behindDoc", "0", "locked", "0", "layoutInCell", "1", "allowOverlap", "0")
	w.empty("wp:simplePos", "x", "0", "y", "0")
	w.start("wp:positionH", "relativeFrom", "margin")
	w.element("wp:align", side)
	w.end("wp:positionH")
	w.start("wp:positionV", "relativeFrom", "margin")
	w.element("wp:align", "top")
	w.end("wp:positionV")
	w.empty("wp:extent", "cx", width, "cy", height)
	w.empty("wp:effectExtent", "l", "0", "t", "0", "r", "0", "b", "0")
	w.empty("wp:wrapSquare", "wrapText", "bothSides")
	w.empty("wp:docPr", "id", "1", "name", "Portrait", "descr", s.portrait.Alt)
	w.start("wp:cNvGraphicFramePr")
	w.empty("a:graphicFrameLocks", "noChangeAspect", "1")
	w.end("wp:cNvGraphicFramePr")
	w.start("a:graphic")
	w.start("a:graphicData", "uri", nsPicture)
	w.start("pic:pic")
	w.start("pic:nvPicPr")
	w.empty("pic:cNvPr", "id", "1", "name", "Portrait")
	w.empty("pic:cNvPicPr")
	w.end("pic:nvPicPr")
	w.start("pic:blipFill")
	w.empty("a:blip", "r:embed", relPicture)
	h, v := s.portrait.crop()
	w.empty("a:srcRect", "l", itoa(h), "t", itoa(v), "r", itoa(h), "b", itoa(v))
	w.start("a:stretch")
	w.empty("a:fillRect")
	w.end("a:stretch")
	w.end("pic:blipFill")
	w.start("pic:spPr")
	w.start("a:xfrm")
	w.empty("a:off", "x", "0", "y", "0")
	w.empty("a:ext", "cx", width, "cy", height)
	w.end("a:xfrm")
	w.start("a:prstGeom", "prst", "rect")
	w.empty("a:avLst")
	w.end("a:prstGeom")
	w.end("pic:spPr")
	w.end("pic:pic")
	w.end("a:graphicData")
	w.end("a:graphic")
	w.end("wp:anchor")
	w.end("w:drawing")
	w.end("w:r")
}
