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

// good is one export that went well, downloaded once.
func good() facts {
	return facts{
		told: map[string]*told{id: {id: id, user: "user_1", canary: canary, format: "pdf", full: []span{{noon, noon.Add(time.Second)}}}},
		rows: map[string]row{id: {id: id, user: "user_1", status: "ready", announced: "ready", attempt: 2, maxAttempts: 5,
			expires: noon.Add(2 * time.Hour), since: noon, blobKey: key, sha256: "ab", size: 3, format: "pdf", downloads: 1}},
		history: map[string][]step{id: {
			{new: "queued"},
			{old: "queued", new: "rendering", attempt: 1, newToken: other},
			{old: "rendering", new: "queued", attempt: 1, oldToken: other},
			{old: "queued", new: "rendering", attempt: 2, newToken: token},
			{old: "rendering", new: "ready", attempt: 2, oldToken: token, blobKey: key},
		}},
		files:   map[string]stored{key: {key: key, size: 3, sha256: "ab"}},
		papers:  map[string]paper{key: {canaries: []string{canary}}},
		certain: func(span) bool { return true },
		rest:    noon.Add(time.Hour),
		swept:   noon.Add(time.Hour),
	}
}

// change returns good facts with its row changed.
func change(do func(*row)) func(*facts) {
	return func(f *facts) {
		r := f.rows[id]
		do(&r)
		f.rows[id] = r
	}
}

// failed makes the export one that failed.
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

func TestWhatWentWellIsNoViolation(t *testing.T) {
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
		"all attempts used up":            failed("storage_unavailable", 5),
		"a resume that cannot be read":    func(f *facts) { failed("invalid_resume", 1)(f); f.told[id].poison = true },
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

func TestEveryBrokenPromiseIsFound(t *testing.T) {
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
		{"no document at all", "corrupt", func(f *facts) { f.papers[key] = paper{defect: "is no sound PDF"} }},
		{"a foreign canary", "corrupt", func(f *facts) { f.papers[key] = paper{canaries: []string{"ZQ2XW2"}} }},
		{"a foreign canary beside the own", "corrupt", func(f *facts) { f.papers[key] = paper{canaries: []string{canary, "ZQ2XW2"}} }},
		{"no canary", "corrupt", func(f *facts) { f.papers[key] = paper{} }},
		{"too many attempts", "attempts", change(func(r *row) { r.attempt = 6 })},
		{"an end that no event told", "unannounced", change(func(r *row) { r.announced = "" })},
		{"a row past its expiry after the sweep", "unswept", change(func(r *row) { r.expires = noon.Add(time.Hour) })},
		{"a failure with attempts left", "failed", failed("render_crashed", 4)},
		{"a failure that no fault explains", "failed", failed("invalid_resume", 5)},
		{"a document of a resume that cannot be read", "corrupt", func(f *facts) { f.told[id].poison = true }},
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

func TestOrphansAreTheFilesNoRowNames(t *testing.T) {
	f := good()
	f.files["exports/01a2/d275.pdf"] = stored{}
	if got := f.orphans(); len(got) != 1 || got[0] != "exports/01a2/d275.pdf" {
		t.Errorf("orphans = %v", got)
	}
}
