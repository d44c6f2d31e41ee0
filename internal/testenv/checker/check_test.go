package checker

import (
	"slices"
	"testing"
	"time"
)

const (
	id     = "01a2"
	token  = "7ca9"
	other  = "d275"
	key    = "exports/01a2/7ca9.pdf"
	canary = "ZQ1XW1"
)

var noon = time.Date(2031, 5, 6, 12, 0, 0, 0, time.UTC)

// good returns the facts of one successful export, downloaded once.
func good() Facts {
	return Facts{
		Poison:  map[string]Poison{},
		Whole:   func(Span) bool { return true },
		Damaged: func(string) bool { return false },
		Told:    map[string]*Told{id: {ID: id, User: "user_1", Canary: canary, Format: "pdf", Full: []Span{{noon, noon.Add(time.Second)}}}},
		Rows: map[string]Row{id: {ID: id, User: "user_1", Status: "ready", Announced: "ready", Attempt: 2, MaxAttempts: 5,
			Expires: noon.Add(2 * time.Hour), Since: noon, BlobKey: key, SHA256: "ab", Size: 3, Format: "pdf", Downloads: 1}},
		History: map[string][]Step{id: {
			{New: "queued"},
			{Old: "queued", New: "rendering", Attempt: 1, NewToken: other},
			{Old: "rendering", New: "queued", Attempt: 1, OldToken: other},
			{Old: "queued", New: "rendering", Attempt: 2, NewToken: token},
			{Old: "rendering", New: "ready", Attempt: 2, OldToken: token, BlobKey: key},
		}},
		Files:    map[string]Stored{key: {Key: key, Size: 3, SHA256: "ab"}},
		Readings: map[string]Reading{key: {Canaries: []string{canary}}},
		Certain:  func(Span) bool { return true },
		Rest:     noon.Add(time.Hour),
		Swept:    noon.Add(time.Hour),
		Lease:    5 * time.Second,
		Slots:    4,
	}
}

// change returns the facts of good with its row changed.
func change(do func(*Row)) func(*Facts) {
	return func(f *Facts) {
		r := f.Rows[id]
		do(&r)
		f.Rows[id] = r
	}
}

// failed makes the export a failed one.
func failed(code string, attempt int) func(*Facts) {
	return func(f *Facts) {
		change(func(r *Row) {
			r.Status, r.Announced, r.Failure, r.Attempt, r.BlobKey, r.Downloads = "failed", "failed", code, attempt, "", 0
		})(f)
		f.Told[id].Full = nil
		f.Files = nil
		f.History[id][4] = Step{Old: "rendering", New: "failed", OldToken: token}
	}
}

func TestCheck_NoViolation(t *testing.T) {
	for name, also := range map[string]func(*Facts){
		"as it is":                     func(*Facts) {},
		"a download that nobody knows": func(f *Facts) { f.Told[id].Maybe = 1; change(func(r *Row) { r.Downloads = 2 })(f) },
		"a download in a disturbance": func(f *Facts) {
			f.Certain = func(Span) bool { return false }
			change(func(r *Row) { r.Downloads = 0 })(f)
		},
		"a download that the API could not record": func(f *Facts) {
			f.Unrecorded = map[string]int{id: 1}
			change(func(r *Row) { r.Downloads = 0 })(f)
		},
		"all attempts used up":            failed("render_unavailable", 5),
		"a resume that cannot be read":    func(f *Facts) { failed("invalid_resume", 1)(f); f.Poison["user_1"] = Unreadable },
		"a damaged file":                  func(f *Facts) { failed("file_damaged", 2)(f); f.Owners = map[string]bool{"user_1": true} },
		"a row nobody was told of":        func(f *Facts) { f.Told = nil },
		"an end too late to be announced": change(func(r *Row) { r.Announced, r.Since = "", noon.Add(time.Hour) }),
		"a file without a row":            func(f *Facts) { f.Files["exports/01a2/d275.pdf"] = Stored{} },
	} {
		f := good()
		also(&f)
		if found := Check(f); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func TestCheck_Violations(t *testing.T) {
	steps := func(change func([]Step) []Step) func(*Facts) {
		return func(f *Facts) { f.History[id] = change(f.History[id]) }
	}
	for _, c := range []struct {
		name, kind string
		spoil      func(*Facts)
	}{
		{"an accepted id without a row", "lost", func(f *Facts) { delete(f.Rows, id) }},
		{"a row that is still queued", "lost", change(func(r *Row) { r.Status = "queued" })},
		{"a row that is still rendered", "lost", change(func(r *Row) { r.Status = "rendering" })},
		{"a row that was deleted", "lost", steps(func(s []Step) []Step { return append(s, Step{Old: "ready"}) })},
		{"somebody else's row", "corrupt", change(func(r *Row) { r.User = "user_2" })},
		{"a missing file", "missing", func(f *Facts) { f.Files = nil }},
		{"a file that was cut off", "corrupt", func(f *Facts) { f.Files[key] = Stored{Size: 2, SHA256: "ab"} }},
		{"a file with other bytes", "corrupt", func(f *Facts) { f.Files[key] = Stored{Size: 3, SHA256: "cd"} }},
		{"no document at all", "corrupt", func(f *Facts) { f.Readings[key] = Reading{Defect: "is no sound PDF"} }},
		{"a foreign canary", "corrupt", func(f *Facts) { f.Readings[key] = Reading{Canaries: []string{"ZQ2XW2"}} }},
		{"a foreign canary beside the own", "corrupt", func(f *Facts) { f.Readings[key] = Reading{Canaries: []string{canary, "ZQ2XW2"}} }},
		{"no canary", "corrupt", func(f *Facts) { f.Readings[key] = Reading{} }},
		{"too many attempts", "attempts", change(func(r *Row) { r.Attempt = 6 })},
		{"an end that no event told", "unannounced", change(func(r *Row) { r.Announced = "" })},
		{"a row past its expiry after the sweep", "unswept", change(func(r *Row) { r.Expires = noon.Add(time.Hour) })},
		{"a failure with attempts left", "failed", failed("render_crashed", 4)},
		{"a file damaged by the service", "failed", failed("file_damaged", 2)},
		{"a failure of the file store", "failed", failed("storage_unavailable", 5)},
		{"a failure that no fault explains", "failed", failed("invalid_resume", 5)},
		{"a document of a resume that cannot be read", "corrupt", func(f *Facts) { f.Poison["user_1"] = Unreadable }},
		{"a file that no row names", "orphans", func(f *Facts) { f.OrphansFail = true; f.Files["exports/01a2/d275.pdf"] = Stored{} }},
		{"a canceled export that is ready", "served", func(f *Facts) { f.Told[id].Canceled = true }},
		{"a second download that was not counted", "miscounted", func(f *Facts) {
			f.Unrecorded = map[string]int{id: 1}
			f.Told[id].Full = append(f.Told[id].Full, f.Told[id].Full[0])
			change(func(r *Row) { r.Downloads = 0 })(f)
		}},
		{"a download that was not counted", "miscounted", change(func(r *Row) { r.Downloads = 0 })},
		{"a download that nobody made", "miscounted", change(func(r *Row) { r.Downloads = 2 })},
		{"a backward transition", "backwards", steps(func(s []Step) []Step {
			return append(s, Step{Old: "ready", New: "queued"}, Step{Old: "queued", New: "ready", BlobKey: key})
		})},
		{"a result from the queue", "unfenced", steps(func(s []Step) []Step { return append(s[:3], Step{Old: "queued", New: "ready", BlobKey: key}) })},
		{"a result of a lost lease", "unfenced", steps(func(s []Step) []Step { s[4].OldToken = other; return s })},
		{"a second result over the first", "duplicated", steps(func(s []Step) []Step { return append(s, Step{Old: "ready", New: "ready", BlobKey: key}) })},
		{"a second claim over the first", "duplicated", steps(func(s []Step) []Step {
			return slices.Insert(s, 4, Step{Old: "rendering", New: "rendering", OldToken: other, NewToken: token})
		})},
		{"a history with a hole", "history", steps(func(s []Step) []Step { return slices.Delete(s, 2, 3) })},
		{"a history that ends elsewhere", "history", steps(func(s []Step) []Step { return s[:4] })},
	} {
		f := good()
		c.spoil(&f)
		if found := Check(f); !slices.ContainsFunc(found, func(v Violation) bool { return v.Kind == c.kind }) {
			t.Errorf("%s: found %v, want %s", c.name, found, c.kind)
		}
	}
}

// claims returns the history of an export with a claim at each of the times after noon; the
// last attempt succeeds.
func claims(kind string, times ...time.Duration) []Step {
	steps := []Step{{At: noon, New: "queued"}}
	for i, t := range times {
		steps = append(steps, Step{At: noon.Add(t), Old: "queued", New: "rendering", Attempt: i + 1})
		end := Step{At: noon.Add(t + time.Second), Old: "rendering", New: "queued", Attempt: i + 1, Failure: kind}
		if i == len(times)-1 {
			end.New = "failed"
		}
		steps = append(steps, end)
	}
	return steps
}

func TestWaits(t *testing.T) {
	const s = time.Second
	long := []Step{{At: noon, New: "queued"}, {At: noon, Old: "queued", New: "rendering", Attempt: 1}, {At: noon.Add(8 * s), Old: "rendering", New: "failed"}}
	for _, c := range []struct {
		name  string
		facts Facts
		want  string // kind of the violation; empty for none
	}{
		{"a second attempt while a first waits", Facts{History: map[string][]Step{"a": claims("", 5*s), "b": claims("", -9*s, 4*s)}}, "overtaken"},
		{"a second attempt while a bulk export waits", Facts{Rows: map[string]Row{"a": {Lane: "bulk"}}, History: map[string][]Step{"a": claims("", 5*s), "b": claims("", -9*s, 4*s)}}, ""},
		{"a second attempt after the first", Facts{History: map[string][]Step{"a": claims("", 5*s), "b": claims("", -9*s, 6*s)}}, ""},
		{"a second attempt while something is broken", Facts{Whole: func(Span) bool { return false },
			History: map[string][]Step{"a": claims("", 5*s), "b": claims("", -9*s, 4*s)}}, ""},
		{"a first attempt while a first waits", Facts{History: map[string][]Step{"a": claims("", 5*s), "b": claims("", 4*s)}}, ""},
		{"three timeouts", Facts{History: map[string][]Step{"a": claims("render_timeout", 0, 20*s, 40*s)}}, "poison"},
		{"two timeouts", Facts{History: map[string][]Step{"a": claims("render_timeout", 0, 20*s)}}, ""},
		{"far too large, printed", Facts{Poison: map[string]Poison{"u": TooLarge}, History: map[string][]Step{"a": claims("render_timeout", 0)}}, "poison"},
		{"far too large, refused", Facts{Poison: map[string]Poison{"u": TooLarge}, History: map[string][]Step{"a": claims("document_too_large", 0)}}, ""},
		{"a late takeover", Facts{Takeovers: []string{"a"}, History: map[string][]Step{"a": claims("", 0, 8*s)}}, "takeover"},
		{"a takeover behind first attempts", Facts{Takeovers: []string{"a"}, History: map[string][]Step{"a": claims("", 0, 8*s), "b": claims("", 7*s)}}, ""},
		{"a takeover", Facts{Takeovers: []string{"a"}, History: map[string][]Step{"a": claims("", 0, 6*s)}}, ""},
		{"delayed under a poison load", Facts{PoisonLoads: []Span{{noon, noon.Add(s)}}, Poison: map[string]Poison{"v": TooLarge},
			History: map[string][]Step{"a": claims("", 8*s), "p": long, "q": long, "r": long}}, "delayed"},
		{"delayed under a poison load, but not by poison", Facts{PoisonLoads: []Span{{noon, noon.Add(s)}}, History: map[string][]Step{"a": claims("", 8*s)}}, ""},
		{"poison delayed under a poison load", Facts{PoisonLoads: []Span{{noon, noon.Add(s)}}, Poison: map[string]Poison{"u": Slow}, History: map[string][]Step{"a": claims("", 8*s)}}, ""},
		{"quick under a poison load", Facts{PoisonLoads: []Span{{noon, noon.Add(s)}}, History: map[string][]Step{"a": claims("", 2*s)}}, ""},
		{"delayed after a poison load", Facts{PoisonLoads: []Span{{noon.Add(-2 * s), noon.Add(-s)}}, History: map[string][]Step{"a": claims("", 8*s)}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.facts.Lease, c.facts.Slots = 5*s, 4
			c.facts.Rows = map[string]Row{"a": {ID: "a", User: "u", Lane: c.facts.Rows["a"].Lane}, "p": {User: "v"}, "q": {User: "v"}, "r": {User: "v"}}
			if c.facts.Whole == nil {
				c.facts.Whole = func(Span) bool { return true }
			}
			check := &checker{Facts: c.facts}
			check.waits()
			switch {
			case c.want == "" && len(check.Violations) > 0:
				t.Errorf("found %v", check.Violations)
			case c.want != "" && (len(check.Violations) != 1 || check.Violations[0].Kind != c.want):
				t.Errorf("found %v, want %s", check.Violations, c.want)
			}
		})
	}
}

func TestOrphans(t *testing.T) {
	f := good()
	f.Files["exports/01a2/d275.pdf"] = Stored{}
	if got := f.Orphans(); len(got) != 1 || got[0] != "exports/01a2/d275.pdf" {
		t.Errorf("orphans = %v", got)
	}
}
