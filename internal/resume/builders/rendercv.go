package builders

import (
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// RenderCV (https://rendercv.com) reads YAML with the root members cv, design, locale and
// settings. A section of cv has a title of any words, and entries whose members say what
// they are: an experience has a company, a line has label and details, and so on. Texts
// are Markdown, and so they are in the result.

func recognizeRenderCV(root *tree.Value) string {
	cv := root.Get("cv")
	if cv == nil || cv.Kind != tree.Object {
		return ""
	}
	if cv.Get("name") == nil && cv.Get("sections") == nil {
		return ""
	}
	return "RenderCV"
}

func convertRenderCV(c *conversion, root *source) {
	cv := root.sub("cv")
	put(c.basics, "name", cv.text("name"))
	put(c.basics, "label", cv.text("headline", "label"))
	put(c.basics, "image", cv.text("photo"))
	renderCVContact(c, cv, "email", "email", "mailto:")
	renderCVContact(c, cv, "phone", "phone", "tel:")
	renderCVContact(c, cv, "website", "url", "")
	if place := cv.text("location"); place != "" {
		c.basics.Set("location", tree.NewObject(tree.Member{Name: "city", Value: tree.NewText(place)}))
	}
	renderCVProfiles(c, cv)
	addText(c.basics, "summary", cv.text("summary"))
	order := cv.texts("section_order")
	if order != nil {
		cv.drop("section_order")
	}
	renderCVSections(c, cv, order)
	cv.rest(c.basics)

	renderCVLanguage(c, root)
	root.settings("design", "locale", "locale_catalog", "settings", "rendercv_settings")
	root.rest(c.extra)
}

// renderCVContact reads a text or a list of texts. The first becomes a member of basics,
// the others profiles with the name of the member.
func renderCVContact(c *conversion, cv *source, from, to, scheme string) {
	if scheme == "tel:" {
		// The scheme is no part of the number, for whoever looks for it either.
		if v := cv.peek(from); v != nil {
			v.Text = strings.TrimPrefix(v.Text, scheme)
			for _, item := range v.Items {
				item.Text = strings.TrimPrefix(item.Text, scheme)
			}
		}
	}
	values := cv.texts(from)
	if text := cv.text(from); text != "" {
		values = append(values, text)
	}
	for i, value := range values {
		if i == 0 {
			put(c.basics, to, value)
			continue
		}
		other := tree.NewObject()
		put(other, "network", strings.ToUpper(from[:1])+from[1:])
		if scheme != "" {
			put(other, "username", value)
		} else {
			put(other, "url", value)
		}
		addTo(c.basics, "profiles", other)
	}
}

// renderCVProfiles reads accounts, and links that the person added.
func renderCVProfiles(c *conversion, cv *source) {
	for _, e := range cv.list("social_networks") {
		p := c.entry(e, "username")
		network, user := p.text("network"), p.text("username")
		out := tree.NewObject()
		put(out, "network", network)
		put(out, "username", user)
		put(out, "url", profileURL(network, user))
		p.move(out, "url", "url")
		p.rest(out)
		addTo(c.basics, "profiles", out)
	}
	for _, e := range cv.list("custom_connections") {
		p := c.entry(e, "placeholder")
		p.settings("fontawesome_icon")
		out := tree.NewObject()
		words, link := p.text("placeholder"), p.text("url")
		if sameLink(words, link) {
			put(out, "username", words)
		} else {
			put(out, "network", words)
		}
		put(out, "url", link)
		p.rest(out)
		addTo(c.basics, "profiles", out)
	}
}

// profileURL returns the address of an account on a network that RenderCV knows, or "".
func profileURL(network, user string) string {
	if user == "" || strings.Contains(user, "://") || strings.ContainsAny(user, " \t\n") {
		return ""
	}
	if network == "Mastodon" {
		name, host, ok := strings.Cut(strings.TrimPrefix(user, "@"), "@")
		if !ok {
			return ""
		}
		return "https://" + host + "/@" + name
	}
	bases := map[string]string{
		"LinkedIn": "linkedin.com/in/", "GitHub": "github.com/", "GitLab": "gitlab.com/", "IMDB": "imdb.com/name/",
		"Instagram": "instagram.com/", "ORCID": "orcid.org/", "StackOverflow": "stackoverflow.com/users/",
		"ResearchGate": "researchgate.net/profile/", "YouTube": "youtube.com/@",
		"Google Scholar": "scholar.google.com/citations?user=", "Telegram": "t.me/", "WhatsApp": "wa.me/",
		"Leetcode": "leetcode.com/u/", "X": "x.com/", "Bluesky": "bsky.app/profile/", "Reddit": "reddit.com/user/",
	}
	if base, ok := bases[network]; ok {
		return "https://" + base + user
	}
	return ""
}

// renderCVLanguage takes the language from the locale, which names it in English.
func renderCVLanguage(c *conversion, root *source) {
	locale := root.value.Get("locale")
	if locale.Absent() {
		locale = root.value.Get("locale_catalog")
	}
	if name := locale.Get("language"); name != nil && name.Kind == tree.Text {
		c.language = languageOf(name.Text)
	}
}

// languageOf returns the tag of a language by its English name, or the text itself if it
// looks like a tag, or "".
func languageOf(name string) string {
	tags := map[string]string{
		"arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi",
		"french": "fr", "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu",
		"indonesia": "id", "indonesian": "id", "italian": "it", "japanese": "ja", "korean": "ko", "mandarin_chinese": "zh",
		"norwegian": "nb", "norwegian_bokmål": "nb", "norwegian_nynorsk": "nn", "persian": "fa", "polish": "pl",
		"portuguese": "pt", "romanian": "ro", "russian": "ru", "spanish": "es", "swedish": "sv", "thai": "th",
		"turkish": "tr", "ukrainian": "uk", "vietnamese": "vi",
	}
	name = strings.ToLower(strings.TrimSpace(name))
	if tag, ok := tags[strings.ReplaceAll(name, " ", "_")]; ok {
		return tag
	}
	if isLanguageTag(name) {
		return name
	}
	return ""
}
