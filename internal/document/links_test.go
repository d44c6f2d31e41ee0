package document

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/resume"
)

func TestWebLink(t *testing.T) {
	cases := []struct{ in, url, text string }{
		{"https://www.jane.example/", "https://www.jane.example/", "jane.example"},
		{"http://jane.example/a?b=c#d", "http://jane.example/a?b=c#d", "jane.example/a?b=c#d"},
		{"jane.example/cv", "https://jane.example/cv", "jane.example/cv"},
		{"jane.example:8080", "https://jane.example:8080", "jane.example:8080"},
		{"HTTPS://Jane.example", "https://Jane.example", "Jane.example"},
		{" https://jane.example ", "https://jane.example", "jane.example"},
		{"ftp://jane.example", "", "ftp://jane.example"},
		{"javascript:alert(1)", "", "javascript:alert(1)"},
		{"javascript:x.y//z", "", "javascript:x.y//z"},
		{"https://a:b@evil.example", "", "a:b@evil.example"},
		{"//evil.example", "", "//evil.example"},
		{"/relative", "", "/relative"},
		{"on request", "", "on request"},
		{"https://", "", "https://"},
		{"", "", ""},
	}
	for _, c := range cases {
		got := webLink(c.in)
		wantText := c.text
		if c.url == "" {
			wantText = clean(c.in)
		}
		if got.URL != c.url || got.Text != wantText {
			t.Errorf("webLink(%q) = %q as %q, want %q as %q", c.in, got.URL, got.Text, c.url, wantText)
		}
	}
}

func TestEmailLink_PhoneLink(t *testing.T) {
	cases := []struct {
		got  Link
		want string
	}{
		{emailLink("jane+cv@example.com"), "mailto:jane+cv@example.com"},
		{emailLink("jäne@example.com"), "mailto:j%C3%A4ne@example.com"},
		{emailLink("jane@example.com?bcc=x@evil.example"), ""},
		{emailLink("a@example.com, b@example.com"), ""},
		{emailLink("jane (at) example.com"), ""},
		{phoneLink("+49 (0)30 / 23125-417"), "tel:+49030" + "23125417"},
		{phoneLink("+1.503.555.0142"), "tel:+15035550142"},
		{phoneLink("555 0142 ext. 7"), ""},
		{phoneLink("on request"), ""},
		{phoneLink("12"), ""},
	}
	for _, c := range cases {
		if c.got.URL != c.want {
			t.Errorf("%q links to %q, want %q", c.got.Text, c.got.URL, c.want)
		}
	}
}

func TestContacts(t *testing.T) {
	all, err := loadLocales()
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, locale string
		person       resume.Person
		want         string
	}{
		{"nothing", "en", resume.Person{}, ""},
		{"network in the address", "en", resume.Person{Profiles: []resume.Profile{{Network: "GitHub", Username: "jane", URL: "https://github.com/jane"}}}, "github.com/jane"},
		{"network not in the address", "en", resume.Person{Profiles: []resume.Profile{{Network: "Mastodon", Username: "jane", URL: "https://social.example/@jane"}}}, "Mastodon: social.example/@jane"},
		{"user name only", "de", resume.Person{Profiles: []resume.Profile{{Network: "Xing", Username: "jane"}}}, "Xing: jane"},
		{"network only", "en", resume.Person{Profiles: []resume.Profile{{Network: "Xing"}}}, "Xing"},
		{"address in the United States", "en", resume.Person{Address: "1 Main St", City: "Portland", Region: "OR", Postal: "97205", Country: "US"}, "1 Main St, Portland, OR 97205, United States"},
		{"address in Germany", "de", resume.Person{Address: "Weg 1\nHinterhaus", City: "Köln", Postal: "50667", Country: "DE"}, "Weg 1, Hinterhaus, 50667 Köln, Deutschland"},
		{"address in Japan", "ja", resume.Person{Address: "1-1", City: "名古屋市", Region: "愛知県", Postal: "460-0001", Country: "JP"}, "〒460-0001 愛知県 名古屋市 1-1"},
		{"address in Korea", "ko", resume.Person{Address: "1-1", City: "강남구", Region: "서울", Postal: "06236", Country: "KR"}, "06236 서울 강남구 1-1"},
		{"Chinese address in Japan", "zh", resume.Person{City: "名古屋市", Postal: "〒460-0001", Country: "JP"}, "〒460-0001 日本 名古屋市"},
		{"Japanese address in English", "en", resume.Person{City: "Nagoya", Region: "Aichi", Postal: "460-0001", Country: "JP"}, "Nagoya, Aichi 460-0001, Japan"},
		{"English address in Japanese", "ja", resume.Person{Address: "1 Main St", City: "Portland", Country: "US"}, "1 Main St、Portland、アメリカ合衆国"},
		{"city only", "en", resume.Person{City: "Lagos"}, "Lagos"},
		{"nationality", "fr", resume.Person{Nationality: "FR"}, "Nationalité\u00a0: France"},
		{"country by name", "en", resume.Person{Country: "Deutschland"}, "Deutschland"},
		{"no such country", "en", resume.Person{Country: "ZQ"}, "ZQ"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var texts []string
			for _, k := range contacts(c.person, &maker{pageLocale: pageLocale{locale: all[c.locale]}}) {
				texts = append(texts, k.Label+k.Text)
			}
			if got := strings.Join(texts, " | "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
