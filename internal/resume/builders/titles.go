package builders

import "strings"

// usualTitles are the English titles that programs give to the section of a root member
// by themselves.
func usualTitles(name string) []string {
	switch name {
	case "work":
		return []string{"Experience", "Work Experience", "Work", "Employment"}
	case "volunteer":
		return []string{"Volunteering", "Volunteer", "Volunteer Experience"}
	case "education":
		return []string{"Education"}
	case "awards":
		return []string{"Awards"}
	case "certificates":
		return []string{"Certifications", "Certificates"}
	case "publications":
		return []string{"Publications"}
	case "skills":
		return []string{"Skills"}
	case "languages":
		return []string{"Languages"}
	case "interests":
		return []string{"Interests"}
	case "references":
		return []string{"References"}
	case "projects":
		return []string{"Projects"}
	case "profiles":
		return []string{"Profiles"}
	case "summary":
		return []string{"Summary", "Profile", "About", "About Me"}
	}
	return nil
}

func usualTitle(name string) string {
	if titles := usualTitles(name); len(titles) > 0 {
		return titles[0]
	}
	return ""
}

// isUsualTitle reports whether a title says no more than that the section is of this
// root member.
func isUsualTitle(name, title string) bool {
	title = strings.TrimSpace(strings.ReplaceAll(title, "_", " "))
	if title == "" {
		return true
	}
	for _, usual := range usualTitles(name) {
		if strings.EqualFold(title, usual) {
			return true
		}
	}
	return false
}

// memberOfTitle returns the root member of JSON Resume that a section's title names in
// one of several languages, summary for a text about the person, or "".
func memberOfTitle(title string) string {
	title = strings.ToLower(strings.TrimSpace(strings.ReplaceAll(title, "_", " ")))
	for _, t := range titleWords() {
		for _, word := range t.words {
			if strings.Contains(title, word) {
				return t.name
			}
		}
	}
	return ""
}

type titleWord struct {
	name  string
	words []string
}

// titleWords are parts of titles, the more special ones first: volunteer experience is
// not work, and work is not every experience.
func titleWords() []titleWord {
	return []titleWord{
		{"volunteer", []string{"volunt", "ehrenamt", "bénévol", "voluntari", "voluntári", "volontari", "vrijwillig", "frivillig", "ideell", "wolontariat"}},
		{"certificates", []string{"certif", "zertifi", "licen", "sertifi"}},
		{"publications", []string{"publica", "publika", "veröffentlichung", "pubblica", "papers", "articles"}},
		{"languages", []string{"language", "sprachen", "langues", "idiomas", "lingue", "talen", "språk", "sprog", "języki", "jazyky"}},
		{"awards", []string{"award", "honor", "honour", "auszeichnung", "preise", "distinction", "premio", "prémio", "prêmio", "prijzen", "utmärkelse", "nagrod"}},
		{"references", []string{"reference", "referenz", "référence", "referencia", "referenze", "referência"}},
		{"interests", []string{"interest", "hobb", "interesse", "intérêt", "interes", "intress"}},
		{"projects", []string{"project", "projekt", "projet", "proyecto", "projeto", "progett", "prosjekt"}},
		{"skills", []string{"skill", "technolog", "competenc", "compétence", "competência", "competenze", "kenntnisse", "fähigkeit",
			"vaardighe", "färdighet", "kompeten", "umiejętno", "dovednosti", "habilidad"}},
		{"education", []string{"education", "ausbildung", "studium", "bildung", "formation", "educación", "formación", "educação",
			"formação", "istruzione", "formazione", "opleiding", "utbildning", "uddannelse", "utdann", "wykształcenie", "vzdělání"}},
		{"work", []string{"experience", "employment", "work", "beruf", "expérience", "experiencia", "experiência", "esperienz",
			"ervaring", "erfarenhet", "erfaring", "doświadczenie", "zkušenosti"}},
		{"summary", []string{"summary", "profile", "about", "profil", "über mich", "à propos", "resumen", "resumo", "sobre", "sommario", "profilo", "samenvatting"}},
	}
}
