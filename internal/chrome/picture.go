package chrome

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/go-rod/rod/lib/proto"
)

// maxPicture is the largest width and height of a picture in pixels.
const maxPicture = 4096

// cssInch is a CSS inch in CSS pixels.
const cssInch = 96

// pictureHeight returns the height in pixels of a picture of the page.
func (d *Document) pictureHeight() int {
	return int(math.Round(float64(d.PictureWidth) * d.Paper.Height / d.Paper.Width))
}

// checkPicture returns an [ErrInvalid] if the picture would be too large.
func (d *Document) checkPicture() error {
	if d.PictureWidth < 0 || d.PictureWidth > maxPicture || d.pictureHeight() > maxPicture {
		return fmt.Errorf("%w: a picture is at most %d pixels wide and high", ErrInvalid, maxPicture)
	}
	return nil
}

// setWindow prepares the window for a picture: print media, the size of the paper, and
// one pixel per CSS pixel, so that the layout is that of the printed page.
func (d *Document) setWindow(tab caller) error {
	if d.PictureWidth == 0 {
		return nil
	}
	if err := (proto.EmulationSetEmulatedMedia{Media: "print"}).Call(tab); err != nil {
		return err
	}
	return proto.EmulationSetDeviceMetricsOverride{
		Width: int(math.Ceil(d.Paper.Width * cssInch)), Height: int(math.Ceil(d.Paper.Height * cssInch)), DeviceScaleFactor: 1,
	}.Call(tab)
}

// resetWindow undoes setWindow.
func (d *Document) resetWindow(tab caller) error {
	if d.PictureWidth == 0 {
		return nil
	}
	if err := (proto.EmulationClearDeviceMetricsOverride{}).Call(tab); err != nil {
		return err
	}
	return proto.EmulationSetEmulatedMedia{}.Call(tab)
}

// picture takes a picture of the window. The scale to PictureWidth applies to
// painting only, so that it does not change the layout.
func (b *browser) picture(ctx context.Context, d Document) ([]byte, error) {
	width, height := d.Paper.Width*cssInch, d.Paper.Height*cssInch
	var png []byte
	err := b.stage(ctx, "print", b.limits.PrintTimeout, func(tab caller) error {
		shot, err := proto.PageCaptureScreenshot{
			Format:           proto.PageCaptureScreenshotFormatPng,
			Clip:             &proto.PageViewport{Width: width, Height: height, Scale: float64(d.PictureWidth) / width},
			OptimizeForSpeed: true, // fast compression; callers that store the file compress it again
		}.Call(tab)
		if png = b.proc.pipe.takeData(); png == nil && err == nil {
			png = shot.Data // in a form that pipe.cutData does not recognise
		}
		return err
	})
	if tooLarge, ok := errors.AsType[*TooLargeError](err); ok {
		tooLarge.What = "picture"
	}
	if err != nil {
		return nil, err
	}
	if len(png) > b.limits.MaxPDF {
		b.kill()
		return nil, &TooLargeError{What: "picture", Limit: b.limits.MaxPDF}
	}
	if !completePNG(png) {
		b.kill()
		return nil, fmt.Errorf("%w: the picture is cut off", ErrCrashed)
	}
	return png, nil
}

// completePNG reports whether the file has its signature and its last chunk.
func completePNG(png []byte) bool {
	return bytes.HasPrefix(png, []byte("\x89PNG\r\n\x1a\n")) && bytes.HasSuffix(png, []byte("IEND\xaeB`\x82"))
}
