package richtext

import (
	"strings"
	"testing"
)

// BenchmarkParse parses texts of about 500 bytes.
func BenchmarkParse(b *testing.B) {
	sentence := "Led a team of five people, cut the cost of the platform by a third and wrote its docs. "
	for _, c := range []struct{ name, text string }{
		{"plain", strings.Repeat(sentence, 3) + "\n\n" + strings.Repeat(sentence, 3)},
		{"list", strings.Repeat("- "+sentence+"\n", 6)},
		{"HTML", "<p>" + sentence + "</p><ul><li>" + strings.Repeat(sentence+"</li><li>", 5) + "</li></ul>"},
		{"formatted HTML", "<p>" + strings.Repeat("Led a <b>team</b> of five people, cut the cost of <a href=\"https://x.example/\">the platform</a> by a <i>third</i>. ", 5) + "</p>"},
		{"umlauts", "<p>" + strings.Repeat("Führte fünf Leute, senkte die Kosten für die Plattform um ein Drittel – und schrieb alles auf. ", 5) + "</p>"},
		{"Markdown", "<p>" + strings.Repeat("Led a **team** of five people, cut the cost of [the platform](https://x.example/) by a *third*. ", 5) + "</p>"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Parse(c.text)
			}
		})
	}
}

// BenchmarkLine cleans texts of single-line fields.
func BenchmarkLine(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"name", "Lakeshore Medical Center"},
		{"name with signs", "Research & Development (R&D) - C#, node_modules"},
		{"umlauts", "Technische Universität München"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Line(c.text)
			}
		})
	}
}
