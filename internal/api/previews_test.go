package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/api"
)

func TestPreviewResume(t *testing.T) {
	t.Parallel()
	f := setup(t)
	f.put(t, ana, "r", strings.ReplaceAll(minimal, "Wrote", "<script>alert(1)</script><img src=https://example.org/x>")).resume(t, 201)
	a := f.call(t, ana, "GET", "/v1/resumes/r/preview?template=modern&paper=letter&language=fr", "")
	if a.status != 200 || a.header.Get("Content-Type") != "text/html; charset=utf-8" || a.header.Get("Cache-Control") != "private, no-cache" {
		t.Fatalf("%d %v", a.status, a.header)
	}
	for _, want := range []string{"Ketterschwang", `<html lang="fr"`, `class="modern letter"`} {
		if !bytes.Contains(a.body, []byte(want)) {
			t.Errorf("no %s in the page", want)
		}
	}
	if bytes.Contains(a.body, []byte("<script")) || bytes.Contains(a.body, []byte("<img")) {
		t.Errorf("markup of the resume is in the page: %s", a.body)
	}
	styles := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindAllSubmatch(a.body, -1)
	if len(styles) != 1 || regexp.MustCompile(`<[^>]* style=`).Match(a.body) {
		t.Fatalf("%d stylesheets, or a style attribute, which the policy refuses", len(styles))
	}
	sum := sha256.Sum256(styles[0][1])
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
	if got := a.header.Get("Content-Security-Policy"); got != want {
		t.Errorf("policy %s, want %s", got, want)
	}
	const path = "/v1/resumes/r/preview?template=modern&paper=letter&language=fr"
	if same := f.call(t, ana, "GET", path, "", "If-None-Match", a.header.Get("ETag")); same.status != 304 || len(same.body) > 0 {
		t.Errorf("unchanged: %d", same.status)
	}
	if other := f.call(t, ana, "GET", "/v1/resumes/r/preview", "", "If-None-Match", a.header.Get("ETag")); other.status != 200 {
		t.Errorf("in another template: %d", other.status)
	}
	f.put(t, ana, "r", minimal).resume(t, 200)
	if changed := f.call(t, ana, "GET", path, "", "If-None-Match", a.header.Get("ETag")); changed.status != 200 {
		t.Errorf("of another resume: %d", changed.status)
	}
}

func TestPreviewResume_FrameAncestors(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.FrameAncestors = "https://app.example.org" })
	a := f.call(t, ana, "GET", "/v1/resumes/"+f.anas+"/preview", "")
	if policy := a.header.Get("Content-Security-Policy"); !strings.Contains(policy, "; frame-ancestors https://app.example.org;") {
		t.Errorf("policy %s", policy)
	}
}

func TestPreview_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t)
	own := "/v1/resumes/" + f.anas + "/preview"
	for path, c := range map[string]struct {
		status   int
		location string
	}{
		own + "?template=baroque":               {422, "query.template"},
		own + "?paper=a5":                       {422, "query.paper"},
		own + "?language=xx-Nope-zz":            {422, "query.language"},
		own + "?format=pdf":                     {422, "query.format"},
		"/v1/resumes/" + f.bens + "/preview":    {404, ""},
		"/v1/resumes/none/preview":              {404, ""},
		"/v1/templates/baroque/preview.png":     {404, ""},
		"/v1/templates/modern/preview.png":      {404, ""}, // it has none here
		"/v1/templates/classic/preview.png?x=1": {422, "query.x"},
	} {
		a := f.call(t, ana, "GET", path, "")
		if c.location == "" {
			wantProblem(t, a, c.status)
		} else {
			wantProblem(t, a, c.status, c.location)
		}
	}
	wantProblem(t, f.call(t, "", "GET", own, ""), 401)
}

func TestPreviewTemplate(t *testing.T) {
	t.Parallel()
	f := setup(t)
	a := f.call(t, "", "GET", "/v1/templates/classic/preview.png", "")
	if a.status != 200 || string(a.body) != "a picture" || a.header.Get("Content-Type") != "image/png" || a.header.Get("Cache-Control") != "public, max-age=3600" {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
	if again := f.call(t, "", "GET", "/v1/templates/classic/preview.png", "", "If-None-Match", a.header.Get("ETag")); again.status != 304 {
		t.Errorf("again: %d", again.status)
	}
	var list struct{ Templates []api.Template }
	f.call(t, ana, "GET", "/v1/templates", "").decode(t, 200, &list)
	if list.Templates[0].PreviewURL != "/v1/templates/classic/preview.png" || list.Templates[1].PreviewURL != "" {
		t.Errorf("listed %+v", list.Templates)
	}
}
