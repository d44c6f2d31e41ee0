package main

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
func good() facts {
	return facts{
		poison:  map[string]poison{},
		whole:   func(span) bool { return true },
		damaged: func(string) bool { return false },
		told:    map[string]*told{id: {id: id, user: "user_1", canary: canary, format: "pdf", full: []span{{noon, noon.Add(time.Second)}}}},
		rows: map[string]row{id: {id: id, user: "user_1", status: "ready", announced: "ready", attempt: 2, maxAttempts: 5,
			expires: noon.Add(2 * time.Hour), since: noon, blobKey: key, sha256: "ab", size: 3, format: "pdf", downloads: 1}},
		history: map[string][]step{id: {
			{new: "queued"},
			{old: "queued", new: "rendering", attempt: 1, newToken: other},
			{old: "rendering", new: "queued", attempt: 1, oldToken: other},
			{old: "queued", new: "rendering", attempt: 2, newToken: token},
			{old: "rendering", new: "ready", attempt: 2, oldToken: token, blobKey: key},
		}},
		files:    map[string]stored{key: {key: key, size: 3, sha256: "ab"}},
		readings: map[string]reading{key: {canaries: []string{canary}}},
		certain:  func(span) bool { return true },
		rest:     noon.Add(time.Hour),
		swept:    noon.Add(time.Hour),
	}
}

// change returns the facts of good with its row changed.
func change(do func(*row)) func(*facts) {
	return func(f *facts) {
		r := f.rows[id]
		do(&r)
		f.rows[id] = r
	}
}

// failed makes the export a failed one.
func failed(code string, attempt int) func(*facts) {
	return func(f *facts) {
		change(func(r *row) {
			r.status, r.announced, r.failure, r.attempt, r.blobKey, r.downloads = "failed", "failed", code, attempt, "", 0
		})(f)
		f.told[id].full = nil
		f.files = nil
		f.history[id][4] = step{old: "rendering", new: "failed", oldToken: token}
	}
}

func TestCheck_NoViolation(t *testing.T) {
	for name, also := range map[string]func(*facts){
		"as it is":                     func(*facts) {},
		"a download that nobody knows": func(f *facts) { f.told[id].maybe = 1; change(func(r *row) { r.downloads = 2 })(f) },
		"a download in a disturbance": func(f *facts) {
			f.certain = func(span) bool { return false }
			change(func(r *row) { r.downloads = 0 })(f)
		},
		"a download that the API could not record": func(f *facts) {
			f.unrecorded = map[string]int{id: 1}
			change(func(r *row) { r.downloads = 0 })(f)
		},
		"all attempts used up":            failed("render_unavailable", 5),
		"a resume that cannot be read":    func(f *facts) { failed("invalid_resume", 1)(f); f.poison["user_1"] = unreadable },
		"a damaged file":                  func(f *facts) { failed("file_damaged", 2)(f); f.owners = map[string]bool{"user_1": true} },
		"a row nobody was told of":        func(f *facts) { f.told = nil },
		"an end too late to be announced": change(func(r *row) { r.announced, r.since = "", noon.Add(time.Hour) }),
		"a file without a row":            func(f *facts) { f.files["exports/01a2/d275.pdf"] = stored{} },
	} {
		f := good()
		also(&f)
		if found := check(f); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func TestCheck_Violations(t *testing.T) {
	steps := func(change func([]step) []step) func(*facts) {
		return func(f *facts) { f.history[id] = change(f.history[id]) }
	}
	for _, c := range []struct {
		name, kind string
		spoil      func(*facts)
	}{
		{"an accepted id without a row", "lost", func(f *facts) { delete(f.rows, id) }},
		{"a row that is still queued", "lost", change(func(r *row) { r.status = "queued" })},
		{"a row that is still rendered", "lost", change(func(r *row) { r.status = "rendering" })},
		{"a row that was deleted", "lost", steps(func(s []step) []step { return append(s, step{old: "ready"}) })},
		{"somebody else's row", "corrupt", change(func(r *row) { r.user = "user_2" })},
		{"a missing file", "missing", func(f *facts) { f.files = nil }},
		{"a file that was cut off", "corrupt", func(f *facts) { f.files[key] = stored{size: 2, sha256: "ab"} }},
		{"a file with other bytes", "corrupt", func(f *facts) { f.files[key] = stored{size: 3, sha256: "cd"} }},
		{"no document at all", "corrupt", func(f *facts) { f.readings[key] = reading{defect: "is no sound PDF"} }},
		{"a foreign canary", "corrupt", func(f *facts) { f.readings[key] = reading{canaries: []string{"ZQ2XW2"}} }},
		{"a foreign canary beside the own", "corrupt", func(f *facts) { f.readings[key] = reading{canaries: []string{canary, "ZQ2XW2"}} }},
		{"no canary", "corrupt", func(f *facts) { f.readings[key] = reading{} }},
		{"too many attempts", "attempts", change(func(r *row) { r.attempt = 6 })},
		{"an end that no event told", "unannounced", change(func(r *row) { r.announced = "" })},
		{"a row past its expiry after the sweep", "unswept", change(func(r *row) { r.expires = noon.Add(time.Hour) })},
		{"a failure with attempts left", "failed", failed("render_crashed", 4)},
		{"a file damaged by the service", "failed", failed("file_damaged", 2)},
		{"a failure of the file store", "failed", failed("storage_unavailable", 5)},
		{"a failure that no fault explains", "failed", failed("invalid_resume", 5)},
		{"a document of a resume that cannot be read", "corrupt", func(f *facts) { f.poison["user_1"] = unreadable }},
		{"a file that no row names", "orphans", func(f *facts) { f.orphansFail = true; f.files["exports/01a2/d275.pdf"] = stored{} }},
		{"a canceled export that is ready", "served", func(f *facts) { f.told[id].canceled = true }},
		{"a second download that was not counted", "miscounted", func(f *facts) {
			f.unrecorded = map[string]int{id: 1}
			f.told[id].full = append(f.told[id].full, f.told[id].full[0])
			change(func(r *row) { r.downloads = 0 })(f)
		}},
		{"a download that was not counted", "miscounted", change(func(r *row) { r.downloads = 0 })},
		{"a download that nobody made", "miscounted", change(func(r *row) { r.downloads = 2 })},
		{"a backward transition", "backwards", steps(func(s []step) []step {
			return append(s, step{old: "ready", new: "queued"}, step{old: "queued", new: "ready", blobKey: key})
		})},
		{"a result from the queue", "unfenced", steps(func(s []step) []step { return append(s[:3], step{old: "queued", new: "ready", blobKey: key}) })},
		{"a result of a lost lease", "unfenced", steps(func(s []step) []step { s[4].oldToken = other; return s })},
		{"a second result over the first", "duplicated", steps(func(s []step) []step { return append(s, step{old: "ready", new: "ready", blobKey: key}) })},
		{"a second claim over the first", "duplicated", steps(func(s []step) []step {
			return slices.Insert(s, 4, step{old: "rendering", new: "rendering", oldToken: other, newToken: token})
		})},
		{"a history with a hole", "history", steps(func(s []step) []step { return slices.Delete(s, 2, 3) })},
		{"a history that ends elsewhere", "history", steps(func(s []step) []step { return s[:4] })},
	} {
		f := good()
		c.spoil(&f)
		if found := check(f); !slices.ContainsFunc(found, func(v violation) bool { return v.kind == c.kind }) {
			t.Errorf("%s: found %v, want %s", c.name, found, c.kind)
		}
	}
}

// claims returns the history of an export with a claim at each of the times after noon; the
// last attempt succeeds.
func claims(kind string, times ...time.Duration) []step {
	steps := []step{{at: noon, new: "queued"}}
	for i, t := range times {
		steps = append(steps, step{at: noon.Add(t), old: "queued", new: "rendering", attempt: i + 1})
		end := step{at: noon.Add(t + time.Second), old: "rendering", new: "queued", attempt: i + 1, failure: kind}
		if i == len(times)-1 {
			end.new = "failed"
		}
		steps = append(steps, end)
	}
	return steps
}

func TestWaits(t *testing.T) {
	const s = time.Second
	long := []step{{at: noon, new: "queued"}, {at: noon, old: "queued", new: "rendering", attempt: 1}, {at: noon.Add(8 * s), old: "rendering", new: "failed"}}
	for _, c := range []struct {
		name  string
		facts facts
		want  string // kind of the violation; empty for none
	}{
		{"a second attempt while a first waits", facts{history: map[string][]step{"a": claims("", 5*s), "b": claims("", -9*s, 4*s)}}, "overtaken"},
		{"a second attempt after the first", facts{history: map[string][]step{"a": claims("", 5*s), "b": claims("", -9*s, 6*s)}}, ""},
		{"a second attempt while something is broken", facts{whole: func(span) bool { return false },
			history: map[string][]step{"a": claims("", 5*s), "b": claims("", -9*s, 4*s)}}, ""},
		{"a first attempt while a first waits", facts{history: map[string][]step{"a": claims("", 5*s), "b": claims("", 4*s)}}, ""},
		{"three timeouts", facts{history: map[string][]step{"a": claims("render_timeout", 0, 20*s, 40*s)}}, "poison"},
		{"two timeouts", facts{history: map[string][]step{"a": claims("render_timeout", 0, 20*s)}}, ""},
		{"far too large, printed", facts{poison: map[string]poison{"u": tooLarge}, history: map[string][]step{"a": claims("render_timeout", 0)}}, "poison"},
		{"far too large, refused", facts{poison: map[string]poison{"u": tooLarge}, history: map[string][]step{"a": claims("document_too_large", 0)}}, ""},
		{"a late takeover", facts{takeovers: []string{"a"}, history: map[string][]step{"a": claims("", 0, 8*s)}}, "takeover"},
		{"a takeover behind first attempts", facts{takeovers: []string{"a"}, history: map[string][]step{"a": claims("", 0, 8*s), "b": claims("", 7*s)}}, ""},
		{"a takeover", facts{takeovers: []string{"a"}, history: map[string][]step{"a": claims("", 0, 6*s)}}, ""},
		{"delayed under a poison load", facts{poisonLoads: []span{{noon, noon.Add(s)}}, poison: map[string]poison{"v": tooLarge},
			history: map[string][]step{"a": claims("", 8*s), "p": long, "q": long, "r": long}}, "delayed"},
		{"delayed under a poison load, but not by poison", facts{poisonLoads: []span{{noon, noon.Add(s)}}, history: map[string][]step{"a": claims("", 8*s)}}, ""},
		{"poison delayed under a poison load", facts{poisonLoads: []span{{noon, noon.Add(s)}}, poison: map[string]poison{"u": slow}, history: map[string][]step{"a": claims("", 8*s)}}, ""},
		{"quick under a poison load", facts{poisonLoads: []span{{noon, noon.Add(s)}}, history: map[string][]step{"a": claims("", 2*s)}}, ""},
		{"delayed after a poison load", facts{poisonLoads: []span{{noon.Add(-2 * s), noon.Add(-s)}}, history: map[string][]step{"a": claims("", 8*s)}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.facts.rows = map[string]row{"a": {id: "a", user: "u"}, "p": {user: "v"}, "q": {user: "v"}, "r": {user: "v"}}
			if c.facts.whole == nil {
				c.facts.whole = func(span) bool { return true }
			}
			check := &checker{facts: c.facts}
			check.waits()
			switch {
			case c.want == "" && len(check.violations) > 0:
				t.Errorf("found %v", check.violations)
			case c.want != "" && (len(check.violations) != 1 || check.violations[0].kind != c.want):
				t.Errorf("found %v, want %s", check.violations, c.want)
			}
		})
	}
}

func TestOrphans(t *testing.T) {
	f := good()
	f.files["exports/01a2/d275.pdf"] = stored{}
	if got := f.orphans(); len(got) != 1 || got[0] != "exports/01a2/d275.pdf" {
		t.Errorf("orphans = %v", got)
	}
}
