package preview

import (
	"bytes"
	"image/png"
	"os"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// The pictures must be of the templates as they are now.
func TestPicture_Current(t *testing.T) {
	t.Parallel()
	recorded, err := os.ReadFile("pictures/inputs.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, tm := range html.Templates() {
		data := Picture(tm.Name)
		config, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil || config.Width != Width || config.Height < Width || len(data) > 200<<10 {
			t.Errorf("%s: %d bytes, %d x %d, %v", tm.Name, len(data), config.Width, config.Height, err)
		}
		inputs, err := Inputs(tm.Name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(recorded), inputs+"  "+tm.Name+"\n") {
			t.Errorf("the picture of %s is of an earlier template; run make picture and look at it", tm.Name)
		}
	}
	if lines := strings.Count(string(recorded), "\n"); lines != len(html.Templates()) {
		t.Errorf("inputs.txt has %d lines", lines)
	}
}

func TestPageOf_TooLarge(t *testing.T) {
	t.Parallel()
	r := resume.Resume{Person: resume.Person{FirstName: "Ada", ProfileText: resume.RichText(strings.Repeat("a ", resume.MaxText))}}
	_, err := PageOf(r, "classic", export.A4, "")
	if failure := export.FailureOf(err); failure.Code != export.DocumentTooLarge {
		t.Errorf("%v", err)
	}
}
