package render

import (
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// BenchmarkTemplates compares every template with the default one, turn by turn in
// the same browser: what it costs in time (x-time) and bytes (x-bytes).
func BenchmarkTemplates(b *testing.B) {
	for _, slug := range []string{"nearly-empty", "senior-engineer", "academic", "japanese"} {
		r := sample(b, slug)
		draft := func(b *testing.B, template string) Draft {
			d, err := Prepare(r, Options{Format: export.PDF, Template: template, Paper: export.A4})
			if err != nil {
				b.Fatal(err)
			}
			return d
		}
		for _, template := range html.Templates() {
			b.Run(slug+"/"+template.Name, func(b *testing.B) {
				slot, err := testenv.Engine(b).Acquire(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				defer slot.Release()
				var took [2]time.Duration
				var bytes, pages [2]int
				drafts := [2]Draft{draft(b, html.Default), draft(b, template.Name)}
				finish := func(i int) {
					began := time.Now()
					a, err := drafts[i].Render(b.Context(), slot)
					if err != nil {
						b.Fatal(err)
					}
					took[i] += time.Since(began)
					bytes[i], pages[i] = len(a.Data), a.Pages
				}
				for range 3 { // the browser loads the fonts
					finish(0)
					finish(1)
				}
				took = [2]time.Duration{}
				for b.Loop() {
					finish(0)
					finish(1)
				}
				b.ReportMetric(float64(took[1].Milliseconds())/float64(b.N), "ms")
				b.ReportMetric(float64(took[1])/float64(took[0]), "x-time")
				b.ReportMetric(float64(bytes[1]), "bytes")
				b.ReportMetric(float64(bytes[1])/float64(bytes[0]), "x-bytes")
				b.ReportMetric(float64(pages[1]), "pages")
				b.ReportMetric(0, "ns/op") // of both together
			})
		}
	}
}
