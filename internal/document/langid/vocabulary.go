package langid

import (
	"slices"
	"strings"
	"sync"
)

// vocabulary is what jobs and work are called, by language: a short resume has little but these
// words. Letters beyond ASCII may be missing in a text, so some stand here without, too.
var vocabulary = map[string]string{
	"en": "manager engineer developer teacher nurse cook chef baker clerk driver assistant head lead senior junior sales kitchen team costs cut ran led built designer analyst operator technician consultant director officer specialist supervisor coordinator intern student researcher scientist accountant worker leader software data science research training support customer service project marketing product design business development member chief editor writer author lecturer professor software school engineering computer work works working writes wrote makes made",
	"de": "koch köchin hilfskoch leiter leiterin gruppenleiter gruppenleiterin abteilung abteilungsleiter mitarbeiter mitarbeiterin verkäufer verkäuferin verkauf pfleger pflegefachkraft krankenpfleger krankenschwester lehrer lehrerin meister geselle sachbearbeiter sachbearbeiterin kaufmann kauffrau ingenieurin techniker entwickler entwicklerin berater beraterin beratung ausbildung fachkraft fahrer lager buchhaltung buchhalter vertrieb planung leitung betreuung werkstudent praktikant praktikantin geschäftsführer geschaeftsfuehrer schichten kosten umsatz kunden wartung schreiner tischler schlosser elektriker bauleiter kellner kellnerin bäcker informatik maschinenbau braten backen",
	"fr": "responsable chef ingénieur ingénieure développeur développeuse vendeur vendeuse infirmier infirmière enseignant enseignante gestion stagiaire assistante cuisinier cuisinière comptable conducteur chargé chargée adjoint adjointe directeur directrice technicien technicienne équipe clients suivi livraisons stocks personnel baisse vente ventes magasin élèves chantier serveur serveuse boulanger logistique ouvrier couts coûts",
	"es": "jefe jefa cocina cocinero cocinera camarero camarera gerente ingeniero ingeniera desarrollador desarrolladora profesor profesora enfermera enfermero vendedor vendedora encargado encargada técnico tecnico ayudante dependiente dependienta mesas compras semana ventas equipo servicio clientes nuevo nueva cada responsable almacén almacen obra albañil panadero contable informática maestro maestra",
	"pt": "chefe gerente engenheiro engenheira desenvolvedor desenvolvedora professor professora enfermeira enfermeiro vendedor vendedora estagiário estagiaria assistente cozinheiro cozinheira auxiliar compras cozinha vendas equipe equipa loja perdas menos motorista pedreiro padeiro contador encarregado informática",
	"it": "capo responsabile ingegnere sviluppatore sviluppatrice cuoco cuoca cameriere cameriera infermiere infermiera insegnante impiegato impiegata addetto addetta operaio operaia magazziniere commesso commessa direttore cantiere fornitori gestione vendite negozio clienti ridotti costi panettiere muratore autista ragioniere informatica maestro maestra",
	"nl": "medewerker verkoper verkoopster hoofd magazijn kok leraar lerares verpleegkundige ontwikkelaar beheerder leidinggevende verantwoordelijk klanten kosten verlaagd timmerman monteur boekhouder chauffeur bakker kelner winkel",
	"sv": "chef lagerchef ingenjör ingenjor utvecklare säljare lärare sjuksköterska undersköterska ansvar personal kostnader snickare tekniker medarbetare konsult minskade ansvarade kock lager butik kunder förare",
	"nb": "leder avdelingsleder utvikler selger lærer sykepleier ingeniør kokk snekker konsulent ansvar butikk medarbeider daglig kostnader kunder sjåfør lager",
	"da": "leder afdelingsleder udvikler sælger lærer sygeplejerske ingeniør kok tømrer konsulent ansvar butik medarbejder omkostninger kunder chauffør lager",
	"fi": "myyjä opettaja insinööri kehittäjä hoitaja sairaanhoitaja kokki johtaja päällikkö asiakkaat varasto kuljettaja tarjoilija",
	"pl": "kierownik kierowniczka specjalista inżynier inzynier sprzedawca nauczyciel nauczycielka pielęgniarka kucharz magazynu magazyn zespołem zespolem zarządzanie zarzadzanie koszty pracownik kierowca programista niższe nizsze księgowa ksiegowa obsługa obsluga klienta kelner",
	"cs": "vedoucí vedouci prodavač učitel učitelka inženýr vývojář kuchař skladník řidič zdravotní sestra obchodní zástupce skladu náklady číšník",
	"sk": "vedúci veduci predavač učiteľ učiteľka inžinier vývojár kuchár skladník vodič náklady čašník",
	"hu": "vezető mérnök tanár eladó szakács ápoló raktáros fejlesztő sofőr ügyfelek költségek pincér könyvelő",
	"ro": "inginer vânzător vanzator profesor bucătar bucatar șofer sofer contabil director responsabil clienți depozit asistent ospătar costuri",
	"tr": "mühendis muhendis öğretmen satış aşçı müdür müdürü hemşire geliştirici uzmanı yönetici garson şoför müşteri",
	"id": "kepala gudang guru perawat insinyur pengembang penjual staf karyawan biaya turun bertanggung jawab koki sopir akuntan",
	"hr": "voditelj inženjer učitelj prodavač kuhar vozač skladište konobar troškovi",
	"ca": "cap cuina cuiner enginyer enginyera cambrer mestre infermera venedor vendes magatzem",
}

// vocabularyIndex is the languages of each word of the vocabulary.
var vocabularyIndex = sync.OnceValue(func() map[string][]string {
	index := map[string][]string{}
	for tag, words := range vocabulary {
		for word := range strings.FieldsSeq(words) {
			if !slices.Contains(index[word], tag) {
				index[word] = append(index[word], tag)
			}
		}
	}
	return index
})

// maxTerms bounds the words that are looked up in the vocabulary.
const maxTerms = 200

// addTerms adds the words of a text with and without capitals.
func (s *Sample) addTerms(text string) {
	for word := range strings.FieldsSeq(text) {
		if len(s.terms) >= maxTerms {
			return
		}
		if word = strings.ToLower(strings.TrimFunc(word, notLetter)); plainWord(word) && len(word) > 2 {
			s.terms = append(s.terms, word)
		}
	}
}

const (
	sureTerms   = 2   // points of the vocabulary from which on it decides
	likelyTerms = 0.9 // points from which on a language is likely
	someTerms   = 4   // words, none of which is English, that are probably of another language
	longTerm    = 4   // the length from which on a word is not an abbreviation
)

// byVocabulary returns the language that the names of jobs and work are of.
func (s *Sample) byVocabulary() Result {
	scores := map[string]float64{}
	index := vocabularyIndex()
	for _, word := range s.terms {
		for _, tag := range index[word] {
			scores[tag] += 1 / float64(len(index[word]))
		}
	}
	first, second := "en", 0.0
	for tag, score := range scores {
		switch {
		case score > scores[first]:
			first, second = tag, max(second, scores[first])
		case tag != first:
			second = max(second, score)
		}
	}
	if scores[first] >= sureTerms && scores[first] >= clearFactor*second {
		return Result{Tag: first, Sure: true}
	}
	return Result{Tag: "en", Doubt: first != "en" && scores[first] >= likelyTerms || scores["en"] == 0 && s.foreignTerms() >= someTerms}
}

// foreignTerms counts the different words that are long enough for words of a language, unless
// one of them is frequent in English or ends like an English word.
func (s *Sample) foreignTerms() int {
	frequent := table()
	english := uint8(slices.Index(frequent.tags, "en"))
	seen := map[string]bool{}
	for _, word := range s.terms {
		if slices.Contains(frequent.words[word], english) || strings.HasSuffix(word, "ed") || strings.HasSuffix(word, "ing") || strings.HasSuffix(word, "ly") {
			return 0
		}
		if len(word) >= longTerm {
			seen[word] = true
		}
	}
	return len(seen)
}
