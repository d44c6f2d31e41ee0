package api_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCreate_InvalidBody(t *testing.T) {
	t.Parallel()
	f := setup(t)
	with := func(members string) string { return `{"resume_id":"` + f.anas + `",` + members + `}` }
	for name, c := range map[string]struct {
		body      string
		status    int
		locations []string
	}{
		"malformed":                  {`{"resume_id":`, 400, []string{"body"}},
		"no JSON":                    {`resume_id=1`, 400, []string{"body"}},
		"trailing data":              {with(`"paper":"a4"`) + `{}`, 400, []string{"body"}},
		"an array":                   {`[]`, 422, []string{"body"}},
		"null":                       {`null`, 422, []string{"body"}},
		"no resume":                  {`{}`, 422, []string{"body"}},
		"empty resume":               {`{"resume_id":""}`, 422, []string{"body.resume_id"}},
		"null resume":                {`{"resume_id":null}`, 422, []string{"body.resume_id"}},
		"number for a resume":        {`{"resume_id":7}`, 422, []string{"body.resume_id"}},
		"long resume":                {`{"resume_id":"` + strings.Repeat("x", 201) + `"}`, 422, []string{"body.resume_id"}},
		"NUL in a resume":            {`{"resume_id":"a\u0000b"}`, 422, []string{"body.resume_id"}},
		"NUL in a job":               {with(`"job_id":"a\u0000b"`), 422, []string{"body.job_id"}},
		"empty job":                  {with(`"job_id":""`), 422, []string{"body.job_id"}},
		"empty template":             {with(`"template":""`), 422, []string{"body.template"}},
		"unknown job":                {with(`"job_id":"job_none"`), 422, []string{"body.job_id"}},
		"unknown field":              {with(`"pages":1`), 422, []string{"body.pages"}},
		"field in capitals":          {with(`"Paper":"a4"`), 422, []string{"body.Paper"}},
		"field folded":               {`{"re` + "\u017f" + `ume_id":"` + f.anas + `"}`, 422, []string{"body.re\u017fume_id"}},
		"field twice":                {with(`"paper":"a4","paper":"letter"`), 422, []string{"body.paper"}},
		"resume twice":               {with(`"resume_id":"` + f.bens + `"`), 422, []string{"body.resume_id"}},
		"field twice, escaped":       {with(`"paper":"a4","p\u0061per":"letter"`), 422, []string{"body.paper"}},
		"unknown format":             {with(`"format":"rtf"`), 422, []string{"body.format"}},
		"format in capitals":         {with(`"format":"PDF"`), 422, []string{"body.format"}},
		"unknown template":           {with(`"template":"baroque"`), 422, []string{"body.template"}},
		"template with a path":       {with(`"template":"../classic"`), 422, []string{"body.template"}},
		"unknown paper":              {with(`"paper":"a5"`), 422, []string{"body.paper"}},
		"array for a paper":          {with(`"paper":["a4"]`), 422, []string{"body.paper"}},
		"expires_in 0":               {with(`"expires_in":0`), 422, []string{"body.expires_in"}},
		"expires_in negative":        {with(`"expires_in":-1`), 422, []string{"body.expires_in"}},
		"expires_in too soon":        {with(`"expires_in":59`), 422, []string{"body.expires_in"}},
		"expires_in too late":        {with(`"expires_in":2592001`), 422, []string{"body.expires_in"}},
		"expires_in huge":            {with(`"expires_in":9223372036854775807`), 422, []string{"body.expires_in"}},
		"expires_in beyond":          {with(`"expires_in":1e30`), 422, []string{"body.expires_in"}},
		"expires_in beyond numbers":  {with(`"expires_in":1e999`), 422, []string{"body.expires_in"}},
		"expires_in a fraction":      {with(`"expires_in":60.5`), 422, []string{"body.expires_in"}},
		"expires_in an exponent":     {with(`"expires_in":1e3`), 422, []string{"body.expires_in"}},
		"expires_in with a zero":     {with(`"expires_in":60.0`), 422, []string{"body.expires_in"}},
		"min_font_pt beyond numbers": {with(`"fit":{"max_pages":1,"min_font_pt":1e999}`), 422, []string{"body.fit.min_font_pt"}},
		"field twice, inside":        {with(`"fit":{"max_pages":1,"max_pages":1}`), 422, []string{"body.fit.max_pages"}},
		"half a surrogate pair":      {`{"resume_id":"a\ud800b"}`, 422, []string{"body.resume_id"}},
		"unknown field below":        {with(`"fit":{"max_pages":1,"pages":{"x":1}}`), 422, []string{"body.fit.pages"}},
		"expires_in text":            {with(`"expires_in":"60"`), 422, []string{"body.expires_in"}},
		"invalid UTF-8":              {"{\"resume_id\":\"\xff\"}", 422, []string{"body"}},
		"several at once":            {with(`"paper":"a5","format":"rtf"`), 422, []string{"body.paper", "body.format"}},
		"empty":                      {"", 400, []string{"body"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantProblem(t, f.call(t, ana, "POST", "/v1/exports", c.body, "Content-Type", "application/json"), c.status, c.locations...)
		})
	}
}

func TestCreate_UnknownOrForeignResume(t *testing.T) {
	t.Parallel()
	f := setup(t)
	unknown := f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"rsm_none"}`)
	others := f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.bens+`"}`)
	wantProblem(t, unknown, 404, "body.resume_id")
	if d := cmp.Diff(string(unknown.body), string(others.body)); d != "" || unknown.status != others.status {
		t.Errorf("somebody else's resume is told from an unknown one: %d %d %s", unknown.status, others.status, d)
	}
}

// A problem document repeats short values only. Otherwise a body of 64 KiB with 3,000
// unknown fields would be answered with 3,000 times 64 KiB.
func TestProblem_Bounded(t *testing.T) {
	t.Parallel()
	f := setup(t)
	var many bytes.Buffer
	for i := range 3000 {
		fmt.Fprintf(&many, `"field%s":1,`, strings.Repeat("x", i%7)+fmt.Sprint(i))
	}
	long := strings.Repeat("long", 10_000)
	for name, body := range map[string]string{
		"many fields":     `{` + many.String() + `"resume_id":"` + f.anas + `"}`,
		"a long value":    `{"resume_id":"` + long + `"}`,
		"a long name":     `{"` + long + `":1,"resume_id":"` + f.anas + `"}`,
		"a long template": `{"resume_id":"` + f.anas + `","template":"` + long[:40] + `"}`,
		"malformed":       `{"resume_id":"` + long + `"`,
	} {
		a := f.call(t, ana, "POST", "/v1/exports", body)
		if a.status != 400 && a.status != 422 {
			t.Errorf("%s: status %d", name, a.status)
		}
		for _, e := range wantProblem(t, a, a.status).Errors {
			if text, ok := e.Value.(string); e.Value != nil && (!ok || len(text) > 300) {
				t.Errorf("%s: it repeats %.100v", name, e.Value)
			}
		}
	}
	if !strings.Contains(string(f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`","paper":"a5"}`).body), `"value":"a5"`) {
		t.Error("a short value is not repeated")
	}
}

// Every field of every body in the OpenAPI document refuses null.
func TestBody_NullIsNoValue(t *testing.T) {
	t.Parallel()
	f := setup(t)
	c, err := contractOf()
	if err != nil {
		t.Fatal(err)
	}
	doc := c.doc
	g := requestGen{doc: doc}
	for path, operations := range doc.Paths {
		for method, op := range operations {
			if op.RequestBody == nil {
				continue
			}
			properties := g.resolve(op.RequestBody.Content["application/json"].Schema).Properties
			fields := map[string]string{} // locations, and bodies with null there
			for name, s := range properties {
				fields["body."+name] = fmt.Sprintf(`{%q:null}`, name)
				for inner := range g.resolve(s).Properties {
					fields["body."+name+"."+inner] = fmt.Sprintf(`{%q:{%q:null}}`, name, inner)
				}
			}
			for location, body := range fields {
				t.Run(op.OperationID+"/"+location, func(t *testing.T) {
					p := wantProblem(t, f.call(t, eve, strings.ToUpper(method), path, body), 422, location)
					if !strings.Contains(p.Errors[0].Message, "leave the field out") {
						t.Errorf("it says %+v", p.Errors)
					}
				})
			}
		}
	}
}
