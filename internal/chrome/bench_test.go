package chrome

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkPrint prints a one-page resume, one after the other and on two slots.
func BenchmarkPrint(b *testing.B) {
	for _, tagged := range []bool{true, false} {
		d := Document{HTML: resume(), Tagged: tagged}
		b.Run(fmt.Sprintf("sequential/tagged=%v", tagged), func(b *testing.B) {
			e := setup(b, func(o *Options) { o.Logger = nil })
			warm(b, e, d)
			for b.Loop() {
				mustPrint(b, e, d)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
		})
		b.Run(fmt.Sprintf("parallel=2/tagged=%v", tagged), func(b *testing.B) {
			e := setup(b, func(o *Options) { o.Logger = nil; o.Slots = 2 })
			warm(b, e, d)
			b.ResetTimer()
			b.SetParallelism(2)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					mustPrint(b, e, d)
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
		})
	}
}

func warm(b *testing.B, e *Engine, d Document) {
	full(b, e)
	for range 20 * e.size() {
		mustPrint(b, e, d)
	}
}

func resume() []byte {
	var h strings.Builder
	h.WriteString(`<!doctype html><html lang=en><head><meta charset=utf-8><title>Ada Lovelace – Resume</title><style>
@page{margin:14mm}body{font:10pt/1.35 sans-serif;color:#222}h1{font-size:20pt;margin:0}h2{font-size:12pt;border-bottom:1px solid #888;margin:10pt 0 4pt}
h3{font-size:10.5pt;margin:6pt 0 0}.r{float:right;font-weight:400}.o{margin:0;color:#555}ul{margin:2pt 0 0 14pt;padding:0}.item{break-inside:avoid}
.s{display:flex;flex-wrap:wrap;gap:4pt}.s span{border:1px solid #aaa;border-radius:3pt;padding:1pt 4pt}</style></head><body>
<h1>Ada Lovelace</h1><p>ada@example.com · +44 20 7946 0000 · <a href="https://example.com/ada">example.com/ada</a></p>
<h2>Profile</h2><p>Engineer who builds reliable systems from unreliable parts, with fifteen years of experience in distributed storage, compilers and developer tools.</p><h2>Experience</h2>`)
	for job := range 4 {
		fmt.Fprintf(&h, `<section class=item><h3>Senior Engineer %[1]d <span class=r>Jan 201%[1]d – Mar 202%[1]d</span></h3><p class=o>Company %[1]d · Berlin, Germany</p><ul>`, job)
		for item := range 3 {
			fmt.Fprintf(&h, `<li>Led the migration of service %d to a durable queue, cutting export latency by %d%% and on-call pages by <b>%d</b> a week across <i>three</i> teams.</li>`, item, 7*item, item)
		}
		h.WriteString(`</ul></section>`)
	}
	h.WriteString(`<h2>Skills</h2><div class=s>`)
	for _, s := range strings.Fields("Go Postgres NATS Kubernetes Terraform Rust Python TypeScript React Linux gRPC OpenTelemetry") {
		fmt.Fprintf(&h, "<span>%s</span>", s)
	}
	h.WriteString(`</div><h2>Education</h2><p>BSc Mathematics, University of London, 1998 – 2002</p></body></html>`)
	return []byte(h.String())
}
