package resume

import (
	"bytes"
	"maps"
	"strconv"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// itemNumber is the detail of a skill with the number of the source entry it was a
// keyword of, so that consecutive entries of the same name are not merged.
const itemNumber = "item"

// Entry returns what the skills have in common that are keywords of the same entry of the
// source, or "".
func (s Skill) Entry() string { return string(s.Details[itemNumber]) }

// proficiencyOf returns the proficiency for a word, or "" if it is unknown.
func proficiencyOf(word string) Proficiency {
	for _, p := range Proficiencies() {
		if strings.EqualFold(word, string(p)) {
			return p
		}
	}
	return ""
}

// word returns the proficiency as JSON Resume documents usually write it, such as
// "Expert".
func (p Proficiency) word() string {
	if p == "" {
		return ""
	}
	return strings.ToUpper(string(p[:1])) + string(p[1:])
}

// decodeSkills reads the entry of "skills" with that number. It returns a skill for each
// keyword, or one for the entry if it has no keywords.
func decodeSkills(f *fields, number int) []Skill {
	name, word, keywords := f.text("name"), f.text("level"), f.texts("keywords")
	for i := range f.members {
		if isItemName(f.members[i].Name) {
			f.members[i].Name += "_"
		}
	}
	level := proficiencyOf(word)
	skill := func(name string, details Details) Skill {
		if word != level.word() {
			details = with(details, "level", tree.NewText(word))
		}
		return Skill{Name: name, Proficiency: level, Details: details}
	}
	rest := f.rest()
	if len(keywords) == 0 {
		return []Skill{skill(name, rest)}
	}
	var skills []Skill
	for _, keyword := range keywords {
		s := skill(keyword, with(rest, itemNumber, tree.NewInt(int64(number))))
		s.Category, s.Categorised = name, true
		skills = append(skills, s)
		rest = nil // details of the entry are kept once, with its first skill
	}
	return skills
}

// isItemName reports whether an unknown member of the source would be mistaken for the
// number in Details. Such a member is kept under a longer name.
func isItemName(name string) bool {
	return strings.TrimRight(name, "_") == itemNumber
}

func with(d Details, name string, v *tree.Value) Details {
	d = maps.Clone(d)
	if d == nil {
		d = Details{}
	}
	d[name] = v.Append(nil)
	return d
}

// skillEntry is one entry of "skills" to be written.
type skillEntry struct {
	name, level string
	categorised bool
	number      string // of the source entry; empty if unknown
	keywords    []string
	details     Details // beyond the level and the number
}

// groupSkills groups skills to entries of "skills". Consecutive skills of the same
// category and level share an entry, unless they come from different source entries.
func groupSkills(skills []Skill) []*skillEntry {
	var entries []*skillEntry
	for _, s := range skills {
		e := &skillEntry{level: s.outLevel(), categorised: s.Categorised, number: string(s.Details[itemNumber])}
		e.details = maps.Clone(s.Details)
		delete(e.details, itemNumber)
		delete(e.details, "level")
		if !s.Categorised {
			e.name = s.Name
		} else {
			e.name, e.keywords = s.Category, []string{s.Name}
			if len(entries) > 0 && entries[len(entries)-1].take(e) {
				continue
			}
		}
		entries = append(entries, e)
	}
	return entries
}

// take adds the keywords of next to e if both belong to the same entry.
func (e *skillEntry) take(next *skillEntry) bool {
	if !e.categorised || e.name != next.name || e.level != next.level {
		return false
	}
	if e.number != "" && next.number != "" && e.number != next.number {
		return false
	}
	for name, raw := range next.details {
		if mine, ok := e.details[name]; ok && !bytes.Equal(mine, raw) {
			return false
		}
	}
	if e.number == "" {
		e.number = next.number
	}
	e.keywords = append(e.keywords, next.keywords...)
	if e.details == nil {
		e.details = Details{}
	}
	maps.Copy(e.details, next.details)
	return true
}

// outLevel returns the level to write: the text of the source document, unless it means
// another proficiency than the field.
func (s Skill) outLevel() string {
	if word := s.Details.String("level"); proficiencyOf(word) == s.Proficiency && word != "" {
		return word
	}
	return s.Proficiency.word()
}

func encodeSkills(skills []Skill) ([]*tree.Value, error) {
	var entries []*tree.Value
	for i, e := range groupSkills(skills) {
		details := Details{}
		for name, raw := range e.details {
			if isItemName(name) {
				name = strings.TrimSuffix(name, "_")
			}
			details[name] = raw
		}
		o := newObject("skills entry "+strconv.Itoa(i), details)
		o.text("name", e.name)
		o.text("level", e.level)
		o.texts("keywords", e.keywords)
		v, err := o.finish()
		if err != nil {
			return nil, err
		}
		entries = append(entries, v)
	}
	return entries, nil
}
