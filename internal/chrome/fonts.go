package chrome

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-rod/rod/lib/proto"
)

// FontSample is a text and the font families, in order of preference, to show it in.
type FontSample struct {
	Families []string
	Text     string
}

// Fonts returns, for every sample, the font families that the browser prints it in:
// those that are installed, that its account can read and that have glyphs for the
// text. It needs no slot.
func (e *Engine) Fonts(ctx context.Context, samples []FontSample) ([][]string, error) {
	b, err := e.take(ctx, false)
	if err != nil {
		return nil, fmt.Errorf("asking the browser for its fonts: %w", err)
	}
	defer e.put(b)
	ctx, cancel := withGrace(ctx, cancelGrace)
	defer cancel()
	shown, err := b.fonts(ctx, samples)
	if err != nil {
		return nil, fmt.Errorf("asking the browser for its fonts: %w", err)
	}
	return shown, nil
}

// fonts writes a paragraph for each sample into the tab and returns the fonts used.
func (b *browser) fonts(ctx context.Context, samples []FontSample) ([][]string, error) {
	page := fontPage(samples)
	err := b.stage(ctx, "content", b.limits.ContentTimeout, func(tab caller) error {
		return proto.PageSetDocumentContent{FrameID: b.frame, HTML: page}.Call(tab)
	})
	if err != nil {
		return nil, err
	}
	var shown [][]string
	err = b.stage(ctx, "fonts", b.limits.PrintTimeout, func(tab caller) (err error) {
		shown, err = paragraphFonts(tab)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(shown) != len(samples) {
		return nil, fmt.Errorf("the browser reported fonts for %d of %d samples", len(shown), len(samples))
	}
	return shown, b.stage(ctx, "reset", b.limits.ContentTimeout, func(tab caller) error { return b.reset(tab, []byte(page)) })
}

// paragraphFonts returns the fonts of every paragraph. It disables the CSS and DOM
// domains afterwards, because their bookkeeping would slow down every document.
func paragraphFonts(tab caller) ([][]string, error) {
	if err := (proto.DOMEnable{}).Call(tab); err != nil {
		return nil, err
	}
	if err := (proto.CSSEnable{}).Call(tab); err != nil {
		return nil, err
	}
	document, err := proto.DOMGetDocument{}.Call(tab)
	if err != nil {
		return nil, err
	}
	paragraphs, err := proto.DOMQuerySelectorAll{NodeID: document.Root.NodeID, Selector: "p"}.Call(tab)
	if err != nil {
		return nil, err
	}
	var shown [][]string
	for _, node := range paragraphs.NodeIDs {
		fonts, err := proto.CSSGetPlatformFontsForNode{NodeID: node}.Call(tab)
		if err != nil {
			return nil, err
		}
		var families []string
		for _, f := range fonts.Fonts {
			families = append(families, f.FamilyName)
		}
		shown = append(shown, families)
	}
	if err := (proto.CSSDisable{}).Call(tab); err != nil {
		return nil, err
	}
	return shown, proto.DOMDisable{}.Call(tab)
}

// fontPage returns an HTML document with a paragraph for each sample.
func fontPage(samples []FontSample) string {
	var b strings.Builder
	b.WriteString("<!doctype html><title>Fonts</title>")
	for _, s := range samples {
		var quoted []string
		for _, family := range s.Families {
			quoted = append(quoted, `"`+strings.Map(plainName, family)+`"`)
		}
		fmt.Fprintf(&b, "<p style='font-family: %s'>", strings.Join(quoted, ", "))
		for _, r := range s.Text {
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return b.String()
}

// plainName drops characters that would end a quoted family name in a style attribute.
func plainName(r rune) rune {
	if strings.ContainsRune(`"'\<>&`, r) || r < ' ' {
		return -1
	}
	return r
}
