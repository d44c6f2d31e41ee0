package langid

import (
	"slices"
	"strings"
)

// frequent is the words and letters by which a language in Latin script is recognised.
type frequent struct {
	tag     string
	words   string
	letters string
}

// languages returns the languages in Latin script that can be recognised. Some of them have
// no words in the locales; without them, their texts would be taken for a similar language.
func languages() []frequent {
	return []frequent{
		{"en", "the and of for with in to on at by from as was were an that this which who their its into than across between through have has had been our my are or using within after new all per while is it", ""},
		{"de", "und der die das den dem des ein eine einer eines einem einen für mit von zu zur zum im in am an auf aus bei nach über als auch sowie ist war sind wurde wurden ich wir nicht durch unter bis oder vom seit sich unsere", "äöüß"},
		{"fr", "le la les un une des du de et en pour avec dans sur par au aux est je nous que qui ce cette ces sa son ses plus à ou été ainsi dont chez mes", "éèêàçîôûœ"},
		{"es", "gestión trabajo equipo proyectos formación atención desarrollo empleados servicios el la los las un una de del y en para con por al que se su sus como más es lo entre desde hasta soy o años sobre he mi", "ñóíáé"},
		{"pt", "gestão trabalho equipe equipa projetos formação atendimento desenvolvimento funcionários serviços o a os as um uma de do da dos das e em no na nos nas para com por ao à que se sua seu como mais pelo pela entre sobre não sou são foi", "ãõçáéê"},
		{"it", "il lo la i gli le un una di del della dei delle dello degli da dal dalla e ed in nel nella per con su sul che si al alla ai alle come più sono ho è anche tra", "èàùò"},
		{"nl", "de het een van en in voor met op te tot aan bij door naar uit over als ook is was zijn die dat ik wij niet om onder binnen tussen mijn ben", "ë"},
		{"sv", "och att det en ett av för med på som i till från är den de jag vi har inom samt vid om inte eller över under mot sina efter var", "åäö"},
		{"nb", "ansvarlig prosjekter utvikling arbeidet søknader kunder opplæring medarbeidere reduserte og å det en et av for med på som i til fra er den de jeg vi har innen samt ved om ikke eller over under mot etter var ble hvor meg", "åøæ"},
		{"nn", "og å det ein eit av for med på som i til frå er den dei eg vi har innan ved om ikkje eller over under mot etter var vart kor meg", "åøæ"},
		{"da", "ansvarlig projekter udvikling arbejdet ansøgninger kunder oplæring medarbejdere reducerede og at det en et af for med på som i til fra er den de jeg vi har inden samt ved om ikke eller over under mod efter var blev hvor mig", "åøæ"},
		{"fi", "ja on että oli sekä kun myös tai joka jotka olen olin ovat ei kanssa mukaan yli minulla sen niiden jossa jolla", "äö"},
		{"pl", "i w z na do od dla oraz przez przy się jest są był była po o ze za jako który która które a nie to we pod ponad", "ąęłśźżćńó"},
		{"cs", "vedení řízení týmu zákazníky vývoj nových společnosti práce zkušenosti a v na s se z do pro od při je jsem byl byla ve k ke za o jako který která které i podle mezi nebo také po že pro", "řěůčšžýí"},
		{"sk", "vedenie riadenie tímu zákazníkov vývoj nových spoločnosti práce skúsenosti čas a v na s sa z do pre od pri je som bol bola vo k ku za o ako ktorý ktorá ktoré i podľa medzi alebo tiež po že so", "ľĺŕťčšžýôí"},
		{"hu", "a az és egy is hogy volt vagyok nem meg el mint valamint vagy után között által ki be ezt több új ért", "őűöüáé"},
		{"ro", "și de la în cu din pe pentru un o a al ale ai care este sunt prin am mai să lui fost sau către între după", "șțăâîşţ"},
		{"tr", "ve bir bu için ile da de olarak olan çok daha en gibi kadar sonra göre ya veya ise her yeni üzere", "ğışçöü"},
		{"id", "proyek perusahaan karyawan pengalaman mengelola meningkatkan karena dan yang untuk dengan dari pada ke dalam ini itu adalah sebagai oleh saya telah serta di atas karena bidang tim hingga para bagi secara", ""},
		{"ms", "projek syarikat kakitangan pengalaman mengurus meningkatkan pekerja dan yang untuk dengan daripada pada ke dalam ini itu ialah sebagai oleh saya telah serta di terhadap kerana baharu kepada sebanyak bagi secara seramai", ""},
		{"gl", "xestión traballo equipo proxectos formación atención desenvolvemento empregados novos tenda servizos o a os as un unha de do da dos das e en no na nos nas para con por ao á que se súa seu como máis polo pola entre sobre non son foi", "ñ"},
		{"ca", "gestió treball equip projectes formació atenció desenvolupament empleats serveis el la els les un una de del dels i en per amb a al que se seva com més és entre des fins sóc o anys sobre he aquest aquesta", "çàèò"},
		{"hr", "i u na s za od do iz je su se kao koji koja koje te o po uz nad pri ili nakon tijekom sam bio bila preko između također osoba", "čćšžđ"},
		{"sr-Latn", "i u na s sa za od do iz je su se kao koji koja koje te o po uz nad pri ili nakon tokom sam bio bila preko između takođe da ljudi", "čćšžđ"},
		{"sl", "in v na s z za od do iz je so se kot ki ter o po pri ali med tudi sem bil bila pod nad", "čšž"},
		{"et", "ja on et oli ning kui ka või mis olen olin ei koos üle minu selle kus", "õäöü"},
		{"lt", "ir į iš su yra buvo bei per už ar kaip nuo iki apie prie savo", "ąęėįųūčšž"},
	}
}

// families are groups of similar languages. The statistics of letters do not distinguish
// them, or know only one of each group.
var families = [][]string{
	{"cs", "sk"}, {"nb", "da", "nn"}, {"pt", "gl"}, {"es", "gl", "ca"}, {"id", "ms"}, {"hr", "sr-Latn"},
}

// spellings are sequences of letters that occur in one language of a family only.
var spellings = map[string][]string{
	"cs": {"ř", "ě", "ů"}, "sk": {"ie", "ia", "ľ", "ť", "ô"},
	"nb": {"kj", "sj", "øy", "ei", "ksjon"}, "da": {"ej", "øj", "tion", "ede", "gh"},
	"pt": {"ção", "ções", "nh", "lh"}, "gl": {"ción", "ñ", "x"}, "es": {"ción", "ñ"}, "ca": {"ció", "tge", "ny"},
	"hr": {"ije"},
}

// frequentWords is the languages that a word is frequent in, by their index.
type frequentWords struct {
	tags    []string
	words   map[string][]uint8
	letters map[rune][]uint8
}

func newFrequentWords() *frequentWords {
	f := &frequentWords{words: map[string][]uint8{}, letters: map[rune][]uint8{}}
	for i, l := range languages() {
		f.tags = append(f.tags, l.tag)
		index := uint8(i)
		for word := range strings.FieldsSeq(l.words) {
			if !slices.Contains(f.words[word], index) {
				f.words[word] = append(f.words[word], index)
			}
		}
		for _, r := range l.letters {
			f.letters[r] = append(f.letters[r], index)
		}
	}
	return f
}

// scores returns a score for each language. A frequent word adds 1, divided among the
// languages in which it is frequent; a letter beyond ASCII adds letterWeight, divided in the
// same way.
func (f *frequentWords) scores(words []string) []float64 {
	scores := make([]float64, len(f.tags))
	for _, word := range words {
		known := f.words[word]
		for _, i := range known {
			scores[i] += 1 / float64(len(known))
		}
		for _, r := range word {
			if r < 0x80 {
				continue
			}
			known := f.letters[r]
			for _, i := range known {
				scores[i] += letterWeight / float64(len(known))
			}
		}
	}
	return scores
}

// letterWeight is the weight of a letter relative to a word.
const letterWeight = 0.5

// best returns the indices of the two highest scores.
func best(scores []float64) (first, second int) {
	second = 1
	if scores[1] > scores[0] {
		first, second = 1, 0
	}
	for i := 2; i < len(scores); i++ {
		switch {
		case scores[i] > scores[first]:
			first, second = i, first
		case scores[i] > scores[second]:
			second = i
		}
	}
	return first, second
}
