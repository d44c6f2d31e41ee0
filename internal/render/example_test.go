package render_test

import (
	"context"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Formats that need no browser are made without a Printer.
func ExampleRender() {
	r := resume.Resume{Language: "en", Person: resume.Person{FirstName: "Jane", LastName: "Doe", Headline: "Engineer", Website: "jane.example.com"}}
	a, err := render.Render(context.Background(), nil, r, render.Options{Format: export.Markdown})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Filename, a.ContentType)
	fmt.Print(string(a.Data))
	// Output:
	// Jane Doe Resume.md text/markdown; charset=utf-8; variant=CommonMark
	// # Jane Doe
	//
	// Engineer
	//
	// - [jane.example.com](https://jane.example.com)
}
