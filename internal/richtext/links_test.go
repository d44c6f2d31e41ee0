package richtext

import "testing"

func TestWebURL(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"address", "https://jane.example/a?b=c#d", "https://jane.example/a?b=c#d"},
		{"host", "jane.example/cv", "https://jane.example/cv"},
		{"port", "jane.example:8080", "https://jane.example:8080"},
		{"blanks around", " http://jane.example ", "http://jane.example"},
		{"user", "https://a@jane.example/", ""},
		{"user and password", "https://good.example:x@jane.example/", ""},
		{"user without a scheme", "a@jane.example", ""},
		{"no host", "https:///x", ""},
		{"no slashes", "https:jane.example", ""},
		{"backslashes", `https:\\jane.example`, ""},
		{"script", "javascript:alert(1)//x.y", ""},
		{"data", "data:text/html,x", ""},
		{"relative", "/cv", ""},
		{"markup", "https://jane.example/<b>", ""},
		{"nothing", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got, ok := WebURL(tc.in); got != tc.want || ok != (tc.want != "") {
				t.Errorf("%q, %t, want %q", got, ok, tc.want)
			}
		})
	}
}

func TestParse_LinkTargets(t *testing.T) {
	t.Parallel()
	for href, want := range map[string]string{
		"https://x.example/y": "https://x.example/y", "HTTP://X.example": "http://X.example", "www.x.example/y": "https://www.x.example/y", "//x.example": "https://x.example",
		"mailto:a@b.example?subject=x": "mailto:a@b.example?subject=x", "tel:+15550100": "tel:+15550100",
		"https://a@x.example/": "", "https://a%40x.example@y.example/": "", "//a@x.example": "", "https:///y": "", "https:x.example": "", "javascript:alert(1)": "", "java\nscript:x": "",
		"data:text/html,x": "", "vbscript:x": "", "file:///etc/passwd": "", "cv.pdf": "", "#top": "", "/y": "", "": "", "https://x.example/a b": "",
	} {
		got := ""
		if text := Parse(`<a href="` + href + `">x</a>`); len(text) > 0 {
			got = text[0].Spans[0].URL
		}
		if got != want {
			t.Errorf("%q leads to %q, want %q", href, got, want)
		}
	}
}
