package dates

import (
	"strings"
	"sync"
)

// monthWords are the names of the months by language: twelve fields, each with the full
// name, the forms it takes in a sentence and the abbreviations. "_" stands for a space.
var monthWords = map[string]string{
	"en": "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct november|nov december|dec",
	"de": "januar|jänner|jan|jän februar|feber|feb märz|maerz|mär|mrz april|apr mai juni|jun juli|jul august|aug september|sept|sep oktober|okt november|nov dezember|dez",
	"fr": "janvier|janv|jan février|févr|fév mars avril|avr|avril mai juin juillet|juil août|aout septembre|sept|sep octobre|oct novembre|nov décembre|déc",
	"es": "enero|ene febrero|feb marzo|mar abril|abr mayo|may junio|jun julio|jul agosto|ago septiembre|setiembre|sept|sep|set octubre|oct noviembre|nov diciembre|dic",
	"pt": "janeiro|jan fevereiro|fev março|mar abril|abr maio|mai junho|jun julho|jul agosto|ago setembro|set outubro|out novembro|nov dezembro|dez",
	"it": "gennaio|genn|gen febbraio|febbr|feb marzo|mar aprile|apr maggio|magg|mag giugno|giu luglio|lug agosto|ago settembre|sett|set ottobre|ott novembre|nov dicembre|dic",
	"ca": "gener|gen febrer|febr març abril|abr maig juny juliol|jul agost|ag setembre|set octubre|oct novembre|nov desembre|des",
	"ro": "ianuarie|ian februarie|feb martie|mar aprilie|apr mai iunie|iun iulie|iul august|aug septembrie|sept|sep octombrie|oct noiembrie|noi|nov decembrie|dec",
	"nl": "januari|jan februari|feb maart|mrt april|apr mei juni|jun juli|jul augustus|aug september|sept|sep oktober|okt november|nov december|dec",
	"sv": "januari|jan februari|feb|febr mars|mar april|apr maj juni|jun juli|jul augusti|aug september|sept|sep oktober|okt november|nov december|dec",
	"nb": "januar|jan februar|feb mars|mar april|apr mai juni|jun juli|jul august|aug september|sept|sep oktober|okt november|nov desember|des",
	"da": "januar|jan februar|feb marts|mar april|apr maj juni|jun juli|jul august|aug september|sept|sep oktober|okt november|nov december|dec",
	"fi": "tammikuu|tammikuuta|tammikuussa|tammi helmikuu|helmikuuta|helmikuussa|helmi maaliskuu|maaliskuuta|maaliskuussa|maalis huhtikuu|huhtikuuta|huhtikuussa|huhti " +
		"toukokuu|toukokuuta|toukokuussa|touko kesäkuu|kesäkuuta|kesäkuussa|kesä heinäkuu|heinäkuuta|heinäkuussa|heinä elokuu|elokuuta|elokuussa|elo " +
		"syyskuu|syyskuuta|syyskuussa|syys lokakuu|lokakuuta|lokakuussa|loka marraskuu|marraskuuta|marraskuussa|marras joulukuu|joulukuuta|joulukuussa|joulu",
	"pl": "styczeń|stycznia|sty luty|lutego|lut marzec|marca|mar kwiecień|kwietnia|kwi maj|maja czerwiec|czerwca|cze lipiec|lipca|lip sierpień|sierpnia|sie " +
		"wrzesień|września|wrz październik|października|paź listopad|listopada|lis grudzień|grudnia|gru",
	"cs": "leden|ledna|led únor|února|úno březen|března|bře duben|dubna|dub květen|května|kvě červen|června|čvn červenec|července|čvc srpen|srpna|srp " +
		"září|zář říjen|října|říj listopad|listopadu|lis prosinec|prosince",
	"sk": "január|januára|jan február|februára|feb marec|marca|mar apríl|apríla|apr máj|mája jún|júna júl|júla august|augusta|aug " +
		"september|septembra|sep október|októbra|okt november|novembra|nov december|decembra|dec",
	"hu": "január|jan február|febr|feb március|márc|már április|ápr május|máj június|jún július|júl augusztus|aug szeptember|szept|szep október|okt november|nov december|dec",
	"tr": "ocak|oca şubat|şub mart|mar nisan|nis mayıs|may haziran|haz temmuz|tem ağustos|ağu eylül|eyl ekim|eki kasım|kas aralık|ara",
	"id": "januari|jan februari|feb maret|mar april|apr mei juni|jun juli|jul agustus|agu|ags|agt september|sep oktober|okt november|nov|nop desember|des",
	"ru": "январь|января|январе|янв февраль|февраля|феврале|февр|фев март|марта|марте|мар апрель|апреля|апреле|апр май|мая|мае июнь|июня|июне|июн июль|июля|июле|июл " +
		"август|августа|августе|авг сентябрь|сентября|сентябре|сент|сен октябрь|октября|октябре|окт ноябрь|ноября|ноябре|нояб|ноя декабрь|декабря|декабре|дек",
	"uk": "січень|січня|січ лютий|лютого|лют березень|березня|бер квітень|квітня|квіт|кві травень|травня|трав|тра червень|червня|черв|чер липень|липня|лип " +
		"серпень|серпня|серп|сер вересень|вересня|вер жовтень|жовтня|жовт|жов листопад|листопада|лист|лис грудень|грудня|груд|гру",
	"bg": "януари|ян февруари|февр март април|апр май юни юли август|авг септември|септ октомври|окт ноември|ноем декември|дек",
	"el": "Ιανουάριος|Ιανουαρίου|Ιαν Φεβρουάριος|Φεβρουαρίου|Φεβρ|Φεβ Μάρτιος|Μαρτίου|Μαρτ|Μαρ Απρίλιος|Απριλίου|Απρ Μάιος|Μαΐου|Μαΐ Ιούνιος|Ιουνίου|Ιουν " +
		"Ιούλιος|Ιουλίου|Ιουλ Αύγουστος|Αυγούστου|Αυγ Σεπτέμβριος|Σεπτεμβρίου|Σεπτ|Σεπ Οκτώβριος|Οκτωβρίου|Οκτ Νοέμβριος|Νοεμβρίου|Νοε Δεκέμβριος|Δεκεμβρίου|Δεκ",
	"ar": "يناير|كانون_الثاني|جانفي فبراير|شباط|فيفري مارس|آذار أبريل|نيسان|أفريل مايو|أيار|ماي يونيو|يونيه|حزيران|جوان يوليو|يوليه|تموز|جويلية|يوليوز " +
		"أغسطس|آب|أوت|غشت سبتمبر|أيلول|شتنبر أكتوبر|تشرين_الأول نوفمبر|تشرين_الثاني|نونبر ديسمبر|كانون_الأول|دجنبر",
	"fa": "ژانویه فوریه مارس آوریل مه|می ژوئن ژوئیه|جولای اوت|آگوست سپتامبر اکتبر نوامبر دسامبر",
	"he": "ינואר|ינו פברואר|פבר מרץ|מרס אפריל|אפר מאי יוני יולי אוגוסט|אוג ספטמבר|ספט אוקטובר|אוק נובמבר|נוב דצמבר|דצמ",
	"hi": "जनवरी फ़रवरी|फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर|सितम्बर अक्टूबर|अक्तूबर नवंबर|नवम्बर दिसंबर|दिसम्बर",
	"th": "มกราคม|ม.ค. กุมภาพันธ์|ก.พ. มีนาคม|มี.ค. เมษายน|เม.ย. พฤษภาคม|พ.ค. มิถุนายน|มิ.ย. กรกฎาคม|ก.ค. สิงหาคม|ส.ค. กันยายน|ก.ย. ตุลาคม|ต.ค. พฤศจิกายน|พ.ย. ธันวาคม|ธ.ค.",
	"vi": "tháng_một tháng_hai tháng_ba tháng_tư tháng_năm tháng_sáu tháng_bảy tháng_tám tháng_chín tháng_mười tháng_mười_một tháng_mười_hai",
}

// presentWords are words for the present, by language, separated by "|".
var presentWords = map[string]string{
	"en": "present|presently|the present|current|currently|now|today|ongoing|on-going|to date|till date|till now|until now|to present|in progress|continuing|present day",
	"de": "heute|bis heute|aktuell|gegenwart|gegenwärtig|jetzt|laufend|derzeit|bis dato|andauernd|bis jetzt",
	"fr": "aujourd'hui|à aujourd'hui|à ce jour|ce jour|présent|à présent|actuel|actuelle|actuellement|maintenant|en cours|en poste|jusqu'à présent|jusqu'à aujourd'hui",
	"es": "actualidad|la actualidad|en la actualidad|hasta la actualidad|presente|el presente|hasta el presente|actual|actualmente|hasta la fecha|a la fecha|la fecha|hoy|hasta hoy|ahora|en curso",
	"pt": "atual|atualmente|atualidade|até o momento|o momento|momento|até o presente|o presente|até ao presente|até à data|hoje|até hoje|agora|em curso|em andamento|actualmente",
	"it": "oggi|ad oggi|a oggi|presente|attuale|attualmente|in corso|corrente|adesso|fino ad oggi",
	"ca": "actualitat|l'actualitat|present|avui",
	"ro": "prezent|în prezent|până în prezent|actual|astăzi|acum",
	"nl": "heden|tot heden|nu|tot nu|huidig|vandaag|lopend",
	"sv": "nu|nuvarande|pågående|till nu|idag|i dag|nutid",
	"nb": "nå|nåværende|pågående|i dag|d.d.|dags dato|til nå",
	"da": "nu|nuværende|i dag|til nu|igangværende",
	"fi": "nykyinen|nykyään|nyt|tällä hetkellä|jatkuu|tänään|nykyhetki|edelleen",
	"pl": "obecnie|do obecnie|do teraz|teraz|do dziś|dziś|dzisiaj|nadal|aktualnie|obecny|do chwili obecnej",
	"cs": "současnost|do současnosti|současnosti|dosud|nyní|dnes|doposud|aktuálně",
	"sk": "súčasnosť|súčasnosti|do súčasnosti|doteraz|trvá",
	"hr": "danas|do danas|sada|trenutno|trenutačno|u tijeku",
	"hu": "jelenleg|jelenleg is|jelen|mai napig|most|folyamatban|napjainkig",
	"tr": "halen|hâlen|günümüz|devam ediyor|devam etmekte|şimdi|bugün|şu an|güncel",
	"id": "sekarang|saat ini|kini|hingga kini|sampai sekarang|hingga sekarang",
	"ru": "настоящее время|по настоящее время|в настоящее время|наст. время|по наст. время|н.в.|н. в.|по н.в.|сейчас|текущее время|по сей день|сегодня|до настоящего времени|настоящий момент|по настоящий момент",
	"uk": "дотепер|теперішній час|по теперішній час|зараз|нині|сьогодні|до сьогодні|по сьогодні|до теперішнього часу",
	"bg": "настоящ момент|сега|досега|до момента",
	"el": "σήμερα|έως σήμερα|μέχρι σήμερα|παρόν|τώρα",
	"ar": "الآن|حتى الآن|الحاضر|حاليا|حالي|الوقت الحاضر|حتى الوقت الحاضر|مستمر|اليوم",
	"fa": "اکنون|تاکنون|تا کنون|حال|زمان حال|حاضر|هم اکنون|ادامه دارد",
	"he": "היום|כיום|הווה|עכשיו|עד היום|נוכחי",
	"hi": "वर्तमान|अब|अब तक|वर्तमान में|आज",
	"th": "ปัจจุบัน|ถึงปัจจุบัน",
	"vi": "nay|hiện tại|hiện nay|đến nay|bây giờ",
	"ja": "現在|現在に至る|今|在職中|在学中|在籍中",
	"zh": "至今|现在|目前|今|迄今|現在",
	"ko": "현재|현재까지|재직 중|재직중|재학 중|재학중|지금",
}

// noiseWords are words between the parts of a date that say nothing, and days of the week.
const noiseWords = "of the in on since from de del d di da du le el la den der am im seit ab von г года году год р року рік r roku v " +
	"năm ngày anno any año ano vuonna i monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun"

// ordinals follow the number of a day.
var ordinals = map[string]bool{"st": true, "nd": true, "rd": true, "th": true, "er": true, "º": true, "ª": true, "o": true, "ten": true}

// monthSigns stand before the number of a month in Vietnamese.
var monthSigns = map[string]bool{"thang": true, "thg": true, "th": true}

var chineseNumbers = map[string]int{
	"一": 1, "元": 1, "正": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12,
}

// table has the words in the form that fold gives them.
type table struct {
	months  map[string]int
	present map[string]bool
	noise   map[string]bool
}

var tables = sync.OnceValue(func() *table {
	t := &table{months: map[string]int{}, present: map[string]bool{}, noise: map[string]bool{}}
	for _, line := range monthWords {
		for i, names := range strings.Fields(line) {
			for name := range strings.SplitSeq(names, "|") {
				t.months[fold(strings.ReplaceAll(name, "_", " "))] = i + 1
			}
		}
	}
	for _, line := range presentWords {
		for word := range strings.SplitSeq(line, "|") {
			t.present[phrase(fold(word))] = true
		}
	}
	for _, word := range strings.Fields(noiseWords) {
		t.noise[fold(word)] = true
	}
	return t
})

// isPresent reports whether a folded text is a word for the present.
func isPresent(text string) bool { return len(text) <= 60 && tables().present[phrase(text)] }

// phrase returns a folded text without the punctuation around and in it.
func phrase(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ReplaceAll(text, ".", ""), func(r rune) bool {
		return strings.ContainsRune(" \t\n()[]*,;:!", r)
	}), " ")
}
