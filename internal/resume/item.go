package resume

import (
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// kindCustom is the Other.Kind of a section that is not in JSON Resume.
const kindCustom = "custom"

// shape is the type of a member of an item in the JSON Resume schema.
type shape int

const (
	shapeAny shape = iota
	shapeText
	shapeTexts
	shapeDate
)

type itemMember struct {
	name  string
	shape shape
}

// itemMembers returns the members of an entry in a section of this kind, in the order of
// the JSON Resume schema, or nil for another kind of section.
func itemMembers(kind string) []itemMember {
	switch kind {
	case "volunteer":
		return []itemMember{{"organization", shapeText}, {"position", shapeText}, {"url", shapeText},
			{"startDate", shapeDate}, {"endDate", shapeDate}, {"summary", shapeText}, {"highlights", shapeTexts}}
	case "awards":
		return []itemMember{{"title", shapeText}, {"date", shapeDate}, {"awarder", shapeText}, {"summary", shapeText}}
	case "certificates":
		return []itemMember{{"name", shapeText}, {"date", shapeDate}, {"url", shapeText}, {"issuer", shapeText}}
	case "publications":
		return []itemMember{{"name", shapeText}, {"publisher", shapeText}, {"releaseDate", shapeDate},
			{"url", shapeText}, {"summary", shapeText}}
	case "languages":
		return []itemMember{{"language", shapeText}, {"fluency", shapeText}}
	case "interests":
		return []itemMember{{"name", shapeText}, {"keywords", shapeTexts}}
	case "references":
		return []itemMember{{"name", shapeText}, {"reference", shapeText}}
	case kindCustom:
		return []itemMember{{name: "name"}, {name: "subtitle"}, {name: "url"}, {name: "date"}, {name: "startDate"},
			{name: "endDate"}, {name: "summary"}, {name: "highlights"}, {name: "keywords"}}
	}
	return nil
}

// NewItem returns the item for an entry of a section of this kind (see Other.Kind). It
// does not validate raw: members of a wrong type are ignored.
func NewItem(kind string, raw Details) Item {
	item := Item{
		URL:  raw.String("url"),
		Date: raw.date("date"),
		Duration: Duration{
			Start: raw.date("startDate"),
			End:   raw.date("endDate"),
		},
		Summary:  RichTextFromPlain(raw.first("summary"), raw.Strings("highlights")),
		Keywords: raw.Strings("keywords"),
		Raw:      raw,
	}
	item.Duration.Current = !item.Duration.Start.IsZero() && item.Duration.End.IsZero()
	switch kind {
	case "volunteer":
		item.Name, item.Subtitle = raw.String("organization"), raw.String("position")
	case "awards":
		item.Name, item.Subtitle = raw.String("title"), raw.String("awarder")
	case "certificates":
		item.Name, item.Subtitle = raw.String("name"), raw.String("issuer")
	case "publications":
		item.Name, item.Subtitle = raw.String("name"), raw.String("publisher")
		item.Date = raw.date("releaseDate")
	case "languages":
		item.Name, item.Level = raw.String("language"), raw.String("fluency")
	case "interests":
		item.Name = raw.String("name")
	case "references":
		item.Name = raw.String("name")
		item.Summary = RichTextFromPlain(raw.String("reference"), nil)
	default:
		item.Name = raw.first("name", "title", "organization")
		item.Subtitle = raw.first("subtitle", "position", "issuer", "publisher")
		item.Level = raw.first("level", "fluency")
		item.Summary = RichTextFromPlain(raw.first("summary", "description"), raw.Strings("highlights"))
	}
	return item
}

// first returns the first of the text members that is not empty.
func (d Details) first(names ...string) string {
	for _, name := range names {
		if s := d.String(name); s != "" {
			return s
		}
	}
	return ""
}

// date returns a date member, or the zero Date if it is missing or invalid.
func (d Details) date(name string) Date {
	date, err := parseDate(d.String(name))
	if err != nil {
		return Date{}
	}
	return date
}

// decodeItem checks an entry and keeps its members, except empty ones.
func decodeItem(kind string, f *fields) Item {
	if kind == "volunteer" || kind == "publications" {
		f.rename("website", "url")
	}
	if kind == "volunteer" {
		f.dates()
	}
	for _, m := range itemMembers(kind) {
		switch m.shape {
		case shapeText:
			f.checkText(m.name)
		case shapeTexts:
			f.checkTexts(m.name)
		case shapeDate:
			if kind != "volunteer" {
				f.date(m.name, "")
			}
		}
	}
	return NewItem(kind, f.rest())
}

func encodeItem(kind string, item Item) (*tree.Value, error) {
	o := newObject("an entry of "+kind, item.Raw)
	for _, m := range itemMembers(kind) {
		o.detail(m.name)
	}
	return o.finish()
}
