package export

import (
	"encoding/hex"
	"testing"
	"time"
)

func TestNew_Digests(t *testing.T) {
	t.Parallel()
	base := New{ID: "1", ResumeID: "r", JobID: "j", Format: PDF, Template: "t", Paper: A4, ExpiresIn: time.Hour, MaxAttempts: 3,
		Caller: Caller{UserID: "u", Active: true}, Key: "k"}
	keys, requests := map[string]string{}, map[string]string{}
	for name, change := range map[string]func(*New){
		"itself": func(*New) {}, "caller": func(n *New) { n.Caller.UserID = "v" }, "key": func(n *New) { n.Key = "l" },
		"resume": func(n *New) { n.ResumeID = "s" }, "job": func(n *New) { n.JobID = "" }, "moved": func(n *New) { n.ResumeID, n.JobID = "rj", "" },
		"format": func(n *New) { n.Format = HTML }, "template": func(n *New) { n.Template = "u" }, "paper": func(n *New) { n.Paper = Letter },
		"expiry": func(n *New) { n.ExpiresIn = time.Minute }, "pages": func(n *New) { n.Options.Fit.MaxPages = 1 },
		"text": func(n *New) { n.Options.Fit.MinFontPt = 1 }, "source": func(n *New) { n.Options.EmbedSource = true }, "ats": func(n *New) { n.Options.ATS = true }, "width": func(n *New) { n.Options.Width = 1 },
		"wrap": func(n *New) { n.Options.Wrap = 1 },
	} {
		n := base
		change(&n)
		key, request := hex.EncodeToString(n.KeyDigest()), hex.EncodeToString(n.RequestDigest())
		if sameKey := name != "caller" && name != "key"; sameKey != (key == hex.EncodeToString(base.KeyDigest())) {
			t.Errorf("%s: the key's digest is %s", name, key)
		}
		if other, ok := requests[request]; ok && name != "key" && other != "key" {
			t.Errorf("%s asks for the same as %s", name, other)
		}
		keys[key], requests[request] = name, name
	}
	// What says nothing about what is asked for.
	n := base
	n.ID, n.MaxAttempts, n.Caller.Staff = "2", 5, true
	if string(n.RequestDigest()) != string(base.RequestDigest()) || string(n.KeyDigest()) != string(base.KeyDigest()) {
		t.Error("the id, the attempts or the caller's rights make another request")
	}
	n.Key = ""
	if n.KeyDigest() != nil || n.RequestDigest() != nil {
		t.Error("there is a digest without a key")
	}
}
