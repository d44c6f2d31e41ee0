package repair

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

func splitWords(s string) iter.Seq[string] { return strings.FieldsSeq(s) }

// readable returns the name of a member as a heading: "x-military-service" and
// "militaryService" become "Military service". A name with spaces is one already.
func readable(name string) string {
	for _, prefix := range []string{"x-", "x_", "X-"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" {
			name = rest
			break
		}
	}
	if !strings.ContainsAny(name, " \t") {
		var b strings.Builder
		last := ' '
		for _, r := range name {
			switch {
			case r == '_' || r == '-':
				r = ' '
			case unicode.IsUpper(r) && unicode.IsLower(last):
				b.WriteByte(' ')
				r = unicode.ToLower(r)
			}
			b.WriteRune(r)
			last = r
		}
		if fields := strings.Fields(b.String()); len(fields) > 0 {
			name = strings.Join(fields, " ")
		}
	}
	r, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r)) + name[n:]
}

// networks are the names of networks as they write themselves, by folded name.
var networks = map[string]string{
	"github": "GitHub", "gitlab": "GitLab", "linkedin": "LinkedIn", "twitter": "Twitter", "x": "X", "stackoverflow": "Stack Overflow", "mastodon": "Mastodon",
	"medium": "Medium", "xing": "XING", "orcid": "ORCID", "kaggle": "Kaggle", "behance": "Behance", "dribbble": "Dribbble", "facebook": "Facebook",
	"instagram": "Instagram", "youtube": "YouTube", "telegram": "Telegram", "bluesky": "Bluesky", "devto": "DEV", "bitbucket": "Bitbucket", "codepen": "CodePen",
	"leetcode": "LeetCode", "hackerrank": "HackerRank", "researchgate": "ResearchGate", "googlescholar": "Google Scholar", "skype": "Skype", "npm": "npm",
	"whatsapp": "WhatsApp", "signal": "Signal", "wechat": "WeChat", "discord": "Discord", "reddit": "Reddit", "tiktok": "TikTok", "threads": "Threads", "vimeo": "Vimeo",
	"substack": "Substack", "hashnode": "Hashnode", "wellfound": "Wellfound", "codewars": "Codewars", "codeberg": "Codeberg", "sourcehut": "SourceHut", "huggingface": "Hugging Face", "blog": "Blog",
}
