package richtext_test

import (
	"fmt"
	"strings"

	"github.com/letrazapp/letraz-export/internal/richtext"
)

// HTML of an editor and text that was typed become the same blocks.
func ExampleParse() {
	for _, source := range []string{
		`<p>Led <b>five</b> people:</p><ul><li>at <a href="https://acme.example/">Acme</a></li></ul>`,
		"Led five people:\n- at Acme",
	} {
		for _, block := range richtext.Parse(source) {
			indent := strings.Repeat("  ", block.Level)
			if block.Kind == richtext.Bullet {
				indent += "• "
			}
			fmt.Print(indent)
			for _, span := range block.Spans {
				switch {
				case span.URL != "":
					fmt.Printf("[%s](%s)", span.Text, span.URL)
				case span.Bold:
					fmt.Printf("**%s**", span.Text)
				default:
					fmt.Print(span.Text)
				}
			}
			fmt.Println()
		}
	}
	// Output:
	// Led **five** people:
	//   • at [Acme](https://acme.example/)
	// Led five people:
	//   • at Acme
}
