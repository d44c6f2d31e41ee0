package render

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// shapes are kinds of resumes that could take more than linear time. n is the largest
// size within the limits.
func shapes() map[string]struct {
	n    int
	make func(n int) resume.Resume
} {
	type shape = struct {
		n    int
		make func(n int) resume.Resume
	}
	texts := func(n int) json.RawMessage {
		list := make([]string, n)
		for i := range list {
			list[i] = "value " + strconv.Itoa(i)
		}
		raw, _ := json.Marshal(list)
		return raw
	}
	return map[string]shape{
		"list_items":     {25_000, profile("<li>x")},
		"deep_lists":     {12_500, profile("<ul><li>")},
		"lines":          {25_000, profile("x\n")},
		"typed_list":     {25_000, profile("- x\n")},
		"numbers":        {25_000, profile("1. x\n")},
		"counted":        {12_500, profile("1. x\n2. y\n")},
		"breaks":         {25_000, profile("x<br>")},
		"open_tags":      {25_000, profile("<b>x")},
		"links":          {12_500, profile(`<a href="https://example.com">x</a> `)},
		"addresses":      {40_000, profile("https://example.com ")},
		"angles":         {25_000, profile("<")},
		"comments":       {25_000, profile("<!--")},
		"ampersands":     {1_000_000, profile("&")},
		"stars":          {500_000, profile("*_")},
		"one_word":       {1_000_000, profile("x")},
		"prose":          {33_000, profile("Nothing stood still for a day. ")},
		"marks":          {500_000, profile("\u0301")},
		"two_directions": {12_500, profile("aש")},
		"profiles": {9000, func(n int) resume.Resume {
			r := profile("")(0)
			for i := range n {
				r.Person.Profiles = append(r.Person.Profiles, resume.Profile{Network: "Net", Username: "user" + strconv.Itoa(i), URL: "https://example.com/" + strconv.Itoa(i)})
			}
			return r
		}},
		"sections": {500, func(n int) resume.Resume {
			r := profile("")(0)
			for i := range n {
				r.Sections = append(r.Sections, resume.Section{Type: resume.SectionOther, Title: "Part " + strconv.Itoa(i), Other: resume.Other{Kind: "custom", Items: []resume.Item{{Name: "x"}}}})
			}
			return r
		}},
		"skills": {9000, sections(func(n int) resume.Section {
			s := resume.Section{Type: resume.SectionSkill}
			for i := range n {
				s.Skills = append(s.Skills, resume.Skill{Name: "Skill " + strconv.Itoa(i), Category: "Category " + strconv.Itoa(i/3), Categorised: true, Details: resume.Details{"d" + strconv.Itoa(i): []byte(`1`)}})
			}
			return s
		})},
		"one_category": {9000, sections(func(n int) resume.Section {
			s := resume.Section{Type: resume.SectionSkill}
			for i := range n {
				s.Skills = append(s.Skills, resume.Skill{Name: "Skill " + strconv.Itoa(i), Category: "All", Categorised: true, Details: resume.Details{"d" + strconv.Itoa(i): []byte(`1`)}})
			}
			return s
		})},
		"roles": {9000, sections(func(n int) resume.Section {
			return resume.Section{Type: resume.SectionProject, Projects: []resume.Project{{Name: "x", Details: resume.Details{"roles": texts(n)}}}}
		})},
		"courses": {9000, sections(func(n int) resume.Section {
			return resume.Section{Type: resume.SectionEducation, Education: []resume.Education{{InstitutionName: "x", Details: resume.Details{"courses": texts(n)}}}}
		})},
		"tools": {9000, sections(func(n int) resume.Section {
			var list []string
			_ = json.Unmarshal(texts(n), &list)
			return resume.Section{Type: resume.SectionProject, Projects: []resume.Project{{Name: "x", SkillsUsed: list}}}
		})},
		"languages": {4000, sections(func(n int) resume.Section {
			s := resume.Section{Type: resume.SectionOther, Other: resume.Other{Kind: "languages"}}
			for i := range n {
				s.Other.Items = append(s.Other.Items, resume.NewItem("languages", resume.Details{"language": []byte(strconv.Quote("L" + strconv.Itoa(i)))}))
			}
			return s
		})},
		"positions": {9000, sections(func(n int) resume.Section {
			s := resume.Section{Type: resume.SectionExperience}
			for i := range n {
				s.Experience = append(s.Experience, resume.Experience{JobTitle: "Job " + strconv.Itoa(i), CompanyName: "x", Description: "<p>y"})
			}
			return s
		})},
		"members": {9000, func(n int) resume.Resume {
			r := profile("")(0)
			r.Details = resume.Details{}
			for i := range n {
				r.Details["m"+strconv.Itoa(i)] = []byte(`1`)
			}
			return r
		}},
		"address": {25_000, func(n int) resume.Resume {
			r := profile("")(0)
			r.Person.Address = strings.Repeat("x\n", n)
			return r
		}},
		"name": {500_000, func(n int) resume.Resume {
			r := profile("")(0)
			r.Person.FirstName = strings.Repeat("x ", n)
			return r
		}},
		"job": {9000, func(n int) resume.Resume {
			r := profile("")(0)
			r.Job = &resume.Job{Title: "x", Requirements: make([]string, n)}
			return r
		}},
	}
}

// BenchmarkGrowth makes each format of each shape, at an eighth of the limits and at the
// limits. In linear time the second takes eight times as long, in quadratic time
// sixty-four times. Run it with
// go test ./internal/render -run none -bench Growth -benchtime 1x
func BenchmarkGrowth(b *testing.B) {
	for name, shape := range shapes() {
		small, large := shape.make(shape.n/8), shape.make(shape.n)
		if err := large.CheckSize(); err != nil {
			b.Fatalf("%s: %v", name, err)
		}
		for _, format := range []export.Format{export.HTML, export.DOCX, export.JSON, export.Text, export.Markdown, export.TeX} {
			b.Run(fmt.Sprintf("%s/%s", name, format), func(b *testing.B) {
				o := Options{Format: format, Template: "classic", Paper: export.A4}
				var took [2]float64
				for i, r := range []resume.Resume{small, large} {
					before := b.Elapsed()
					for range b.N {
						if _, err := Prepare(r, o); err != nil {
							b.Fatal(err)
						}
					}
					took[i] = (b.Elapsed() - before).Seconds() / float64(b.N)
				}
				b.ReportMetric(took[1]*1000, "whole-ms")
				b.ReportMetric(took[1]/took[0], "times-an-eighth")
			})
		}
	}
}
