package render

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// rowTables are the tables of entries and the types of their sections.
var rowTables = []struct{ table, section string }{
	{"experience", "experience"}, {"education", "education"}, {"projects", "project"}, {"skills", "skill"}, {"strengths", "strength"},
}

// whyHidden gives the reason why a column is not shown on the page. All others must be
// shown, including those that later migrations add.
func whyHidden(table, column string) string {
	switch column {
	case "id", "user_id", "resume_id", "resume_section_id", "job_id":
		return "names a row"
	case "created_at", "updated_at", "is_active", "is_staff", "base":
		return "is about the row or the account"
	case "index":
		return "is the order"
	case "details":
		return "holds what JSON Resume says and no column does: package document tests it"
	}
	switch table + "." + column {
	case "user.dob":
		return "is nothing that employers may ask for in many countries"
	case "resumes.title":
		return "is the owner's name for the document"
	case "resumes.notes", "resumes.noted_at":
		return "is about the import, for its author"
	case "resumes.language":
		return "decides about words and dates"
	case "resumes.personal_info", "resume_section.type", "resume_section.content":
		return "has tests of its own"
	}
	return ""
}

// column is a column of a table.
type column struct {
	table, name, kind string
	nullable          bool
}

// tables is a database with one resume, all columns of which are filled.
type tables struct {
	*postgres.Store
	conn    *pgx.Conn
	columns []column
	marks   map[string]string // what has to be shown, by the column it is of
}

// years is the first year of the dates in a table. Those of a current row begin five years
// later.
const years = 1900

func newTables(t *testing.T) *tables {
	t.Helper()
	url := testenv.Database(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	db := &tables{Store: testenv.Open(t, url, postgres.Options{}), conn: conn, marks: map[string]string{}}
	db.insert(t, "user", map[string]any{"id": "u"}, nil)
	db.insert(t, "jobs", map[string]any{"id": "j", "title": "posting", "company_name": "posting"}, nil)
	db.insert(t, "resumes", map[string]any{"id": "r", "user_id": "u", "language": "en", "base": true}, nil)
	for n, row := range rowTables {
		section := fmt.Sprintf("00000000-0000-0000-0000-%012d", n)
		// The order of insertion is not that of the page.
		db.insert(t, "resume_section", map[string]any{"id": section, "resume_id": "r", "type": row.section, "index": 10 - n}, nil)
		whose := map[string]any{"user_id": "u", "resume_section_id": section}
		db.insert(t, row.table, whose, []string{"current"})
		if _, lasts := db.marks[row.table+".finished_at_year"]; lasts {
			start := years + 10*n + 5
			db.exec(t, fmt.Sprintf(`INSERT INTO %s (user_id, resume_section_id, "index", %s, started_from_month, started_from_year, "current")
				SELECT user_id, resume_section_id, 1, %s, 3, %d, true FROM %[1]s`, row.table, db.name(row.table), db.name(row.table), start))
			db.marks[row.table+".current"] = fmt.Sprintf("Mar %d – Present", start)
		}
	}
	return db
}

// name returns the columns that a row must have, as SQL.
func (db *tables) name(table string) string {
	var names []string
	for _, c := range db.columns {
		if c.table == table && !c.nullable && c.kind == "text" && whyHidden(table, c.name) == "" {
			names = append(names, c.name)
		}
	}
	return strings.Join(names, ", ")
}

// insert fills a row of a table: with what is given, and marks in all else that is
// shown, but for what is left out.
func (db *tables) insert(t *testing.T, table string, given map[string]any, leftOut []string) {
	t.Helper()
	rows, err := db.conn.Query(t.Context(), `SELECT column_name, udt_name, is_nullable = 'YES' FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position`, table)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (column, error) {
		c := column{table: table}
		return c, r.Scan(&c.name, &c.kind, &c.nullable)
	})
	if err != nil || len(columns) == 0 {
		t.Fatalf("the columns of %s: %v, %v", table, columns, err)
	}
	var names, places []string
	var values []any
	for _, c := range columns {
		value, fixed := given[c.name]
		if !fixed {
			if table == "jobs" || whyHidden(table, c.name) != "" || slices.Contains(leftOut, c.name) {
				continue
			}
			value = db.mark(t, c)
		}
		values = append(values, value)
		names = append(names, `"`+c.name+`"`)
		places = append(places, fmt.Sprintf("$%d", len(values)))
	}
	if known := func(c column) bool { return c.table == table }; table != "jobs" && !slices.ContainsFunc(db.columns, known) {
		db.columns = append(db.columns, columns...)
	}
	db.exec(t, fmt.Sprintf(`INSERT INTO %q (%s) VALUES (%s)`, table, strings.Join(names, ", "), strings.Join(places, ", ")), values...)
}

// mark returns a unique value for a column, and records how it is shown.
func (db *tables) mark(t *testing.T, c column) any {
	t.Helper()
	key := c.table + "." + c.name
	text := fmt.Sprintf("mark%03dx", len(db.marks))
	year := years + 10*slices.IndexFunc(rowTables, func(r struct{ table, section string }) bool { return r.table == c.table })
	show := func(shown string, value any) any {
		if _, again := db.marks[key]; again { // each section has a title
			key = fmt.Sprintf("%s#%d", key, len(db.marks))
		}
		db.marks[key] = shown
		return value
	}
	switch {
	case c.name == "started_from_year":
		return show(fmt.Sprint(year), year)
	case c.name == "started_from_month":
		return show(fmt.Sprintf("Mar %d", year), 3)
	case c.name == "finished_at_year":
		return show(fmt.Sprint(year+1), year+1)
	case c.name == "finished_at_month":
		return show(fmt.Sprintf("Nov %d", year+1), 11)
	case c.kind == "employment_type":
		return show("Self-employed", "self_employed")
	case c.kind == "proficiency":
		return show("advanced", "advanced")
	case c.kind == "_text":
		return show(text+"a, "+text+"b", []string{text + "a", text + "b"})
	case c.name == "email":
		return show(text+"@example.com", text+"@example.com")
	case c.name == "website", strings.HasSuffix(c.name, "_url"):
		return show(text+".example/page", "https://www."+text+".example/page")
	case c.kind == "text":
		return show(text, text)
	}
	t.Fatalf("no value for %s of type %s: say how it is shown, or why it is not", key, c.kind)
	return nil
}

func (db *tables) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := db.conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%v in %s", err, sql)
	}
}

func (db *tables) load(t *testing.T) resume.Resume {
	t.Helper()
	r, err := db.LoadResume(t.Context(), "r", "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// page returns the shown content, without the head of the HTML.
func (db *tables) page(t *testing.T) string {
	t.Helper()
	_, body, _ := strings.Cut(string(pageIn(t, db.load(t), "", "").HTML), "<body")
	return body
}

var markup = regexp.MustCompile(`<[^>]*>`)

func shownText(page string) string { return unescaped(markup.ReplaceAllString(page, "")) }

func TestColumns_Shown(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]string{"base": "", "tailored": `UPDATE resumes SET base = false, job_id = 'j'`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newTables(t)
			if kind != "" {
				db.exec(t, kind)
			}
			if len(db.marks) < 45 {
				t.Errorf("only %d columns are looked at", len(db.marks))
			}
			for _, template := range html.Templates() {
				file := extracted(t, renderIn(t, db.load(t), template.Name, export.A4).Data)
				for column, mark := range db.marks {
					if !contains(file, mark) {
						t.Errorf("%s: %s is not shown (%s)", template.Name, column, mark)
					}
				}
				if contains(file, "posting") {
					t.Errorf("%s: the posting is on the page", template.Name)
				}
			}
			checkOrder(t, db)
		})
	}
}

// checkOrder checks that the titles of the sections are in the order of "index".
func checkOrder(t *testing.T, db *tables) {
	t.Helper()
	rows, err := db.conn.Query(t.Context(), `SELECT title FROM resume_section ORDER BY "index"`)
	if err != nil {
		t.Fatal(err)
	}
	titles, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	text, from := shownText(db.page(t)), 0
	for _, title := range titles {
		at := strings.Index(text[from:], title)
		if title == "" || at < 0 {
			t.Fatalf("section %q does not come in its order %q", title, titles)
		}
		from += at
	}
}

func TestColumns_PersonalInfoOverrides(t *testing.T) {
	t.Parallel()
	db := newTables(t)
	for _, c := range db.columns {
		mark := db.marks["user."+c.name]
		if c.table != "user" || mark == "" {
			continue
		}
		override := strings.Replace(mark, "mark", "other", 1)
		db.exec(t, `UPDATE resumes SET personal_info = jsonb_build_object($1::text, $2::text)`, c.name, override)
		if text := shownText(db.page(t)); strings.Contains(text, mark) || !strings.Contains(text, override) {
			t.Errorf("%s is not replaced", c.name)
		}
		db.exec(t, `UPDATE resumes SET personal_info = jsonb_build_object($1::text, '')`, c.name)
		hidden := db.page(t)
		db.exec(t, `UPDATE resumes SET personal_info = '{}'`)
		db.exec(t, fmt.Sprintf(`UPDATE "user" SET %s = ''`, c.name))
		if empty := db.page(t); hidden != empty || strings.Contains(hidden, mark) {
			t.Errorf("%s is not hidden", c.name)
		}
		db.exec(t, fmt.Sprintf(`UPDATE "user" SET %s = $1`, c.name), mark)
	}
	for _, member := range []string{"headline", "region"} {
		db.exec(t, `UPDATE resumes SET personal_info = jsonb_build_object($1::text, 'only here')`, member)
		if !strings.Contains(db.page(t), "only here") {
			t.Errorf("%s is not shown", member)
		}
	}
}

// blanks are texts without visible characters.
var blanks = []string{"", "   ", "\n\t\r\n", "\u00a0", "\u200b", "\ufeff \u2060", "\u3000"}

// richBlanks is the HTML that editors leave of a deleted text.
var richBlanks = []string{"<p></p>", "<p><br></p>", "<p>&nbsp;</p>", "<ul><li></li></ul>", "<p>\u200b</p>", "<div><br/></div>", "<h2> </h2>", "<!-- -->"}

func TestColumns_Empty(t *testing.T) {
	t.Parallel()
	db := newTables(t)
	for _, c := range db.columns {
		if whyHidden(c.table, c.name) != "" || c.kind != "text" {
			continue
		}
		db.exec(t, fmt.Sprintf(`CREATE TEMP TABLE kept AS SELECT * FROM %q`, c.table))
		set := func(value any) string {
			db.exec(t, fmt.Sprintf(`UPDATE %q SET %q = $1`, c.table, c.name), value)
			return db.page(t)
		}
		want := set("")
		if c.nullable && set(nil) != want {
			t.Errorf("%s.%s: NULL shows otherwise than an empty text", c.table, c.name)
		}
		values := blanks
		if strings.Contains(c.name, "description") || c.name == "profile_text" {
			values = append(slices.Clone(blanks), richBlanks...)
		}
		for _, blank := range values {
			if got := set(blank); got != want {
				t.Errorf("%s.%s: %q leaves a trace", c.table, c.name, blank)
			}
		}
		if strings.Contains(want, db.marks[c.table+"."+c.name]) {
			t.Errorf("%s.%s: still there", c.table, c.name)
		}
		checkSeparators(t, c.table+"."+c.name, want)
		db.exec(t, fmt.Sprintf(`UPDATE %q t SET %q = k.%[2]q FROM kept k WHERE t.id = k.id`, c.table, c.name))
		db.exec(t, `DROP TABLE kept`)
	}
}

func TestColumns_EntriesWithoutText(t *testing.T) {
	t.Parallel()
	db := newTables(t)
	db.exec(t, `UPDATE projects SET skills_used = '{}'`)
	want := db.page(t)
	db.exec(t, `UPDATE projects SET skills_used = ARRAY['', ' ', E'\u00a0', E'\u200b']`)
	if db.page(t) != want {
		t.Error("blank skills_used leave a trace")
	}
	for _, blank := range blanks {
		for _, c := range db.columns {
			if whyHidden(c.table, c.name) == "" && c.kind == "text" && c.table != "resume_section" {
				db.exec(t, fmt.Sprintf(`UPDATE %q SET %q = $1`, c.table, c.name), blank)
			}
		}
		for _, row := range rowTables[:3] {
			db.exec(t, fmt.Sprintf(`UPDATE %s SET started_from_month = NULL, started_from_year = NULL, finished_at_month = NULL, finished_at_year = NULL, "current" = false`, row.table))
		}
		db.exec(t, `UPDATE experience SET employment_type = NULL`)
		if page := db.page(t); strings.Contains(page, "<section") || strings.Contains(page, "mark") || strings.Contains(page, "<address") {
			t.Errorf("%q: the page is not empty: %s", blank, page)
		}
	}
}

// loose matches separators and labels without a value.
var loose = regexp.MustCompile(`^[·,–:]|[·,–:]$|\(\s*\)|[·,–]\s*[·,–]`)

// checkSeparators checks every line of a page for loose separators.
func checkSeparators(t *testing.T, what, page string) {
	t.Helper()
	// Items of contact data stand on one line.
	page = strings.ReplaceAll(page, `</li><li><span class="sep"> · </span>`, " · ")
	for _, element := range regexp.MustCompile(`</?(?:p|li|div|h1|h2|h3|header|article|section|address|ul)[^>]*>`).Split(page, -1) {
		if line := strings.TrimSpace(shownText(element)); loose.MatchString(line) {
			t.Errorf("%s: a separator stands loose in %q", what, line)
		}
	}
}
