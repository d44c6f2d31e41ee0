package resume

import (
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// kindCustom is the Other.Kind of a section that is not in JSON Resume.
const kindCustom = "custom"

// itemMembers returns the members of an entry in a section of this kind, in the order of
// the JSON Resume schema, or nil for another kind of section.
func itemMembers(kind string) []string {
	switch kind {
	case "volunteer":
		return []string{"organization", "position", "url", "startDate", "endDate", "summary", "highlights"}
	case "awards":
		return []string{"title", "date", "awarder", "summary"}
	case "certificates":
		return []string{"name", "date", "url", "issuer"}
	case "publications":
		return []string{"name", "publisher", "releaseDate", "url", "summary"}
	case "languages":
		return []string{"language", "fluency"}
	case "interests":
		return []string{"name", "keywords"}
	case "references":
		return []string{"name", "reference"}
	case kindCustom:
		return []string{"name", "subtitle", "url", "date", "startDate", "endDate", "summary", "highlights", "keywords"}
	}
	return nil
}

// NewItem returns the item for an entry of a section of this kind (see Other.Kind). It
// does not validate raw: members of a wrong type are ignored. It also reads the names of
// members that Read renames, because rows written earlier have those.
func NewItem(kind string, raw Details) Item {
	summary, _ := RichTextFromSource(raw.first("summary", "description"), raw.Strings("highlights"))
	item := Item{
		URL:      raw.first("url", "website", "link"),
		Date:     raw.date("date"),
		Duration: raw.duration(),
		Summary:  summary,
		Keywords: raw.Strings("keywords"),
		Raw:      raw,
	}
	switch kind {
	case "volunteer":
		item.Name, item.Subtitle = raw.first("organization", "name", "company"), raw.first("position", "title", "role")
	case "awards":
		item.Name, item.Subtitle = raw.first("title", "name"), raw.first("awarder", "issuer")
	case "certificates":
		item.Name, item.Subtitle = raw.first("name", "title"), raw.first("issuer", "organization", "authority")
	case "publications":
		item.Name, item.Subtitle = raw.first("name", "title"), raw.first("publisher", "journal")
		if date := raw.date("releaseDate"); !date.IsZero() {
			item.Date = date
		}
	case "languages":
		item.Name, item.Level = raw.first("language", "name"), raw.first("fluency", "level")
	case "interests":
		item.Name = raw.first("name", "title")
	case "references":
		item.Name = raw.first("name", "title")
		item.Summary, _ = RichTextFromSource(raw.first("reference", "summary", "description"), nil)
	default:
		item.Name = raw.first("name", "title", "organization")
		item.Subtitle = raw.first("subtitle", "position", "issuer", "publisher")
		item.Level = raw.first("level", "fluency")
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

// decodeItem keeps the members of an entry, except empty ones.
func decodeItem(kind string, f *fields) Item {
	f.withoutNulls("highlights", "keywords", "authors")
	return NewItem(kind, f.rest())
}

func encodeItem(kind string, item Item) (*tree.Value, error) {
	o := newObject("an entry of "+kind, item.Raw)
	o.detail(itemMembers(kind)...)
	return o.finish()
}
