package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/client"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// hostileInput has a running serve for tests of hostile resumes, and a client of it.
type hostileInput struct {
	dir      string
	database string
	url      string
	token    string
	client   *client.Client
}

// resume imports a JSON Resume document and returns its id.
func (h *hostileInput) resume(t *testing.T, doc map[string]any) string {
	t.Helper()
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "resume.json")
	write(t, file, string(data))
	id, _, _ := strings.Cut(must(t, "import", "--user", "user_hurt", "--data-dir", h.dir, file), "\t")
	return id
}

// exported requests an export and waits for its final status.
func (h *hostileInput) exported(t *testing.T, resumeID string) client.Export {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	a, err := h.client.Create(ctx, client.CreateRequest{ResumeID: resumeID})
	if err != nil {
		t.Fatal(err)
	}
	if a, err = h.client.Wait(ctx, a); err != nil {
		t.Fatal(err)
	}
	return a
}

// text returns the text of a ready export's PDF.
func (h *hostileInput) text(t *testing.T, a client.Export) string {
	t.Helper()
	if a.Status != "ready" {
		t.Fatalf("the export is %s: %s", a.Status, a.Reason())
	}
	data, err := h.client.Download(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	write(t, file, string(data))
	out, err := exec.Command("pdftotext", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}

type object = map[string]any

// person returns a resume with a name and a summary.
func person(name, summary string) object {
	return object{"basics": object{"name": name, "summary": summary}}
}

func many(n int, item func(int) object) []object {
	list := make([]object, n)
	for i := range list {
		list[i] = item(i)
	}
	return list
}

// Every resume's export ends with a file or a failure, and its texts are shown as text.
func TestServe_HostileResumes(t *testing.T) {
	dir := dataDir(t)
	p := start(t, ready, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--slots", "2", "--slots-min", "2")
	here, err := readRunning(dir)
	if err != nil {
		t.Fatal(err)
	}
	must(t, "import", "--user", "user_hurt", "--data-dir", dir, sampleFile(t, "nearly-empty")) // makes the user
	token := strings.TrimSpace(must(t, "token", "user_hurt", "--data-dir", dir))
	h := &hostileInput{dir: dir, database: here.DatabaseURL, url: here.URL, token: token, client: client.New(here.URL, token)}
	t.Run("inputs", func(t *testing.T) {
		t.Run("readable", h.readable)
		t.Run("too large", h.tooLarge)
		t.Run("rich text", h.richText)
		t.Run("noted", h.noted)
		t.Run("unreadable rows", h.unreadable)
		t.Run("changed after the request", h.changed)
	})
	// No browser died, and nothing of a resume is logged.
	for _, bad := range []string{"Ada Hurt", "panicked", "a browser died", "render_crashed"} {
		if strings.Contains(p.output(), bad) {
			t.Errorf("%q is in the log", bad)
		}
	}
	if state := p.stop(t, syscall.SIGTERM); state.ExitCode() != 0 {
		t.Errorf("it ended with %v", state)
	}
}

func (h *hostileInput) readable(t *testing.T) {
	for name, tc := range map[string]struct {
		doc  object
		want []string
		not  []string
	}{
		"nothing but a name":     {object{"basics": object{"name": "Ada Hurt"}}, []string{"Ada Hurt"}, nil},
		"every section empty":    {object{"basics": object{"name": "Ada Hurt"}, "work": []any{}, "education": []any{}, "skills": []any{}}, []string{"Ada Hurt"}, []string{"Experience", "Education"}},
		"empty items":            {object{"basics": object{"name": "Ada Hurt"}, "work": []any{object{}}, "education": []any{object{}}}, []string{"Ada Hurt"}, nil},
		"a word without an end":  {person("Ada Hurt", "begin "+strings.Repeat("x", 100_000)+" end"), []string{"begin", "end"}, nil},
		"right to left":          {person("עדה כאב", "مرحبا بالعالم"), []string{"עדה"}, nil},
		"no Latin at all":        {person("陳小美", "こんにちは世界 안녕하세요 नमस्ते"), []string{"陳小美", "안녕하세요"}, nil},
		"combining marks, emoji": {person("Ada Z̷̛͎a̶l̵g̶o̵", "family 👨‍👩‍👧‍👦 flag 🏳️‍🌈 "+"a"+strings.Repeat("\u0301", 500)), []string{"family", "flag"}, nil},
		// Markup in imported text is shown as text.
		"scripts and styles":      {person("Ada Hurt", `before <script>x()</script><style>*{display:none}</style> after`), []string{"before <script>x()</script><style>*{display:none}</style> after"}, nil},
		"pictures from elsewhere": {object{"basics": object{"name": "Ada Hurt", "image": "http://169.254.169.254/latest/meta-data/", "summary": "text"}}, []string{"text"}, nil},
		"a picture of the disk":   {object{"basics": object{"name": "Ada Hurt", "image": "file:///etc/passwd", "summary": "text"}}, []string{"text"}, []string{"root:"}},
		"a picture that explodes": {object{"basics": object{"name": "Ada Hurt", "image": "data:image/svg+xml," + strings.Repeat("<svg>", 5000), "summary": "text"}}, []string{"text"}, nil},
		"template syntax":         {person("{{.Name}} ${x} %s", "{{template \"x\"}} {% raw %}"), []string{"{{.Name}} ${x} %s", `{{template "x"}}`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := h.text(t, h.exported(t, h.resume(t, tc.doc)))
			for _, want := range tc.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in:\n%.2000s", want, got)
				}
			}
			for _, not := range tc.not {
				if strings.Contains(got, not) {
					t.Errorf("%q is in:\n%.2000s", not, got)
				}
			}
		})
	}
	t.Run("a name that would be a path", func(t *testing.T) {
		t.Parallel()
		a := h.exported(t, h.resume(t, person("../../etc/pass\r\nwd C:\\con", "x")))
		if a.Status != "ready" || strings.ContainsAny(a.Filename, "/\\\r\n:") || strings.HasPrefix(a.Filename, ".") {
			t.Errorf("status %s, file name %q", a.Status, a.Filename)
		}
	})
}

// Descriptions are HTML from an editor, and may contain any element.
func (h *hostileInput) richText(t *testing.T) {
	for name, tc := range map[string]struct {
		description string
		want        string
		not         []string
	}{
		"scripts and styles":      {`before <script>document.title="pwned"</script><style>*{display:none}</style> after`, "before after", []string{"pwned", "display"}},
		"links that do something": {`<p>see <a href="javascript:alert(1)">this</a> and <a href="file:///etc/passwd">that</a></p>`, "see this and that", []string{"root:", "alert"}},
		"pictures":                {`<p>kept<img src="file:///etc/passwd"><img src="http://169.254.169.254/x"></p>`, "kept", []string{"root:"}},
		"frames":                  {`<iframe src="file:///etc/passwd">inner</iframe><object data="file:///etc/passwd"></object><p>kept</p>`, "kept", []string{"root:"}},
		"styles from elsewhere":   {`<link rel=stylesheet href="http://127.0.0.1/x.css"><style>@import url(file:///etc/passwd)</style><p style="background:url(file:///etc/passwd)">kept</p>`, "kept", []string{"root:", "import"}},
		"deep nesting":            {strings.Repeat("<ul><li>", 2000) + "bottom", "bottom", nil},
		"ends that nobody opened": {`</li></ul></article></body></html><h1>still inside</h1>`, "still inside", nil},
		"characters by number":    {`a &#0; b &#xD800; c &#x110000; d &lt;b&gt; e`, "<b> e", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id := h.resume(t, object{"basics": object{"name": "Ada Hurt"}, "work": []object{{"name": "Employer", "position": "Clerk"}}})
			testenv.Exec(t, h.database, `UPDATE experience SET description = $2 WHERE resume_section_id IN (SELECT id FROM resume_section WHERE resume_id = $1)`, id, tc.description)
			got := strings.Join(strings.Fields(h.text(t, h.exported(t, id))), " ")
			if !strings.Contains(got, tc.want) {
				t.Errorf("%q is not in:\n%.2000s", tc.want, got)
			}
			for _, not := range tc.not {
				if strings.Contains(got, not) {
					t.Errorf("%q is in:\n%.2000s", not, got)
				}
			}
		})
	}
}

func (h *hostileInput) tooLarge(t *testing.T) {
	const long = 5 << 20 // bytes
	for name, resume := range map[string]func(t *testing.T) (id string){
		"10,000 items": func(t *testing.T) string {
			return h.resume(t, object{"basics": object{"name": "Ada Hurt"}, "work": many(10_000, func(i int) object { return object{"name": fmt.Sprintf("Employer %d", i), "position": "Clerk"} })})
		},
		"5 MB in one field": func(t *testing.T) string { // import refuses it, but another program may write it
			id := h.resume(t, object{"basics": object{"name": "Ada Hurt"}, "work": []object{{"name": "Employer", "position": "Clerk"}}})
			testenv.Exec(t, h.database, `UPDATE experience SET description = repeat('word ', $2) WHERE resume_section_id IN (SELECT id FROM resume_section WHERE resume_id = $1)`, id, long/len("word "))
			return id
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := h.exported(t, resume(t))
			if a.Status != "failed" || a.Failure == nil || a.Failure.Code != "document_too_large" || a.Attempt != 1 {
				t.Errorf("%s at attempt %d: %s", a.Status, a.Attempt, a.Reason())
			}
		})
	}
	t.Run("import", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "resume.json")
		data, err := json.Marshal(person("Ada Hurt", strings.Repeat("word ", long/len("word "))))
		if err != nil {
			t.Fatal(err)
		}
		write(t, file, string(data))
		if code, _, stderr := call(t, "import", "--user", "user_hurt", "--data-dir", h.dir, file); code == 0 || !strings.Contains(stderr, "the resume has more than 1048576 bytes of text") {
			t.Errorf("exit status %d: %s", code, stderr)
		}
	})
}

// Rows that the tables allow and that another program may write.
func (h *hostileInput) unreadable(t *testing.T) {
	for name, tc := range map[string]struct {
		statement string // $1 is the resume's id
		code      string // of the failure; "" if the export succeeds
	}{
		"a section of a kind nobody knows": {`INSERT INTO resume_section (resume_id, "index", type, content) VALUES ($1, 90, 'other', '{"kind": 5, "items": "none"}')`, "invalid_resume"},
		"a section without content":        {`INSERT INTO resume_section (resume_id, "index", type, title) VALUES ($1, 90, 'other', '')`, ""},
		"personal info of wrong types":     {`UPDATE resumes SET personal_info = '{"email": {"x": [1]}, "first_name": 7}' WHERE id = $1`, "invalid_resume"},
		"a name of nothing":                {`UPDATE resumes SET personal_info = '{"first_name": "", "last_name": ""}' WHERE id = $1`, ""},
		"a language nobody speaks":         {`UPDATE resumes SET language = 'xx-"><script>' WHERE id = $1`, ""},
		"details of wrong types":           {`UPDATE resumes SET details = '{"meta": 7, "basics": [1]}' WHERE id = $1`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id := h.resume(t, person("Ada Hurt", "text"))
			testenv.Exec(t, h.database, tc.statement, id)
			a := h.exported(t, id)
			switch {
			case tc.code == "" && a.Status != "ready":
				t.Errorf("%s: %s", a.Status, a.Reason())
			case tc.code != "" && (a.Status != "failed" || a.Failure == nil || a.Failure.Code != tc.code || a.Attempt != 1):
				t.Errorf("%s at attempt %d: %s, want %s", a.Status, a.Attempt, a.Reason(), tc.code)
			}
		})
	}
}

// A worker exports the resume as it is at that time; of a deleted one it says so.
func (h *hostileInput) changed(t *testing.T) {
	id := h.resume(t, person("Ada Hurt", "first wording"))
	if got := h.text(t, h.exported(t, id)); !strings.Contains(got, "first wording") {
		t.Errorf("exported was\n%s", got)
	}
	testenv.Exec(t, h.database, `UPDATE resumes SET personal_info = personal_info || '{"profile_text": "second wording"}' WHERE id = $1`, id)
	if got := h.text(t, h.exported(t, id)); !strings.Contains(got, "second wording") || strings.Contains(got, "first wording") {
		t.Errorf("after an edit exported was\n%s", got)
	}
	// Delete the resume while several exports of it wait or render: each becomes ready or fails.
	var asked sync.WaitGroup
	for range 12 {
		asked.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			a, err := h.client.Create(ctx, client.CreateRequest{ResumeID: id})
			if err != nil {
				if !strings.Contains(err.Error(), "404") {
					t.Error(err)
				}
				return
			}
			if a, err = h.client.Wait(ctx, a); err != nil {
				t.Error(err)
				return
			}
			if a.Status != "ready" && (a.Failure == nil || a.Failure.Code != "resume_not_found") {
				t.Errorf("%s: %s", a.Status, a.Reason())
			}
		})
	}
	testenv.Exec(t, h.database, "DELETE FROM resumes WHERE id = $1", id)
	asked.Wait()
	if _, err := h.client.Create(t.Context(), client.CreateRequest{ResumeID: id}); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("creating an export of a deleted resume: %v", err)
	}
}
