package repair

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"github.com/letrazapp/letraz-export/internal/locales"
)

// People name the members of a file in their own language, too. What a section is called
// there is shown as its title.

// titlesOf are names of sections in the languages of package locales, beside the headings
// there, by the member of JSON Resume; of basics there are only its names.
var titlesOf = map[string]string{
	"work": "Berufliche Erfahrung|Berufserfahrungen|Beruflicher Werdegang|Werdegang|Arbeitserfahrung|Berufspraxis|Berufstätigkeit|Expérience|Expériences|" +
		"Expériences professionnelles|Parcours professionnel|Emplois|Experiencia|Experiencias|Experiencia laboral|Experiencias laborales|Trayectoria profesional|Empleo|" +
		"Empleos|Experiência|Experiências|Experiências profissionais|Histórico profissional|Esperienza|Esperienze|Esperienze professionali|Esperienze lavorative|" +
		"Esperienza lavorativa|Ervaring|Werkervaringen|Loopbaan|Erfarenhet|Arbetserfarenhet|Yrkeserfarenhet|Anställningar|Erfaring|Yrkeserfaring|Arbejdserfaring|" +
		"Doświadczenie|Zkušenosti|Praxe|Skúsenosti|Prax|Tapasztalat|Munkatapasztalat|Munkahelyek|Experiență|Experiență de muncă|Iskustvo|Deneyim|Deneyimler|" +
		"İş Deneyimleri|İş Tecrübesi|Опыт|Досвід|Опит|Εμπειρία|Εργασιακή εμπειρία|Προϋπηρεσία|職歴|工作经验|工作經驗|경력사항|الخبرة|الخبرات|الخبرات العملية|ניסיון|" +
		"ניסיון מקצועי|Pengalaman|Kinh nghiệm|ประสบการณ์|Experiència|Experiència laboral|सेवा अनुभव|तجربه|سابقه کار",
	"education": "Bildung|Bildungsweg|Studium|Schulbildung|Akademische Ausbildung|Aus- und Weiterbildung|Formations|Études|Diplômes|Parcours académique|" +
		"Formation académique|Scolarité|Educación|Formación académica|Estudios|Educação|Formação acadêmica|Formação académica|Escolaridade|Istruzione|Formazione|" +
		"Studi|Titoli di studio|Opleidingen|Onderwijs|Utbildningar|Utdannelse|Uddannelser|Opinnot|Edukacja|Studia|Vzdělávání|Tanulmányok|Végzettség|Educație|" +
		"Studii|Školovanje|Eğitim Bilgileri|Образование и обучение|Навчання|Σπουδές|学歴|教育背景|教育|學歷|学历|학력사항|المؤهلات|المؤهلات العلمية|لימודים|Pendidikan|" +
		"Trình độ học vấn|Educació|Estudis",
	"skills": "Fähigkeiten|Fertigkeiten|Kompetenzen|IT-Kenntnisse|EDV-Kenntnisse|Fachkenntnisse|Compétences techniques|Savoir-faire|Habilidades|Aptitudes|" +
		"Conocimientos|Habilidades técnicas|Conhecimentos|Capacità|Abilità|Vaardigheden|Competenties|Kennis|Färdigheter|Kompetenser|Kunskaper|Ferdigheter|Kompetanse|" +
		"Kompetencer|Færdigheder|Taidot|Osaaminen|Umiejętności|Dovednosti|Schopnosti|Zručnosti|Készségek|Ismeretek|Competențe|Abilități|Vještine|Beceriler|" +
		"Yetenekler|Навыки|Ключевые навыки|Профессиональные навыки|Навички|Умения|Δεξιότητες|スキル|技能|专业技能|專業技能|보유기술|المهارات|כישורים|מיומנויות|Keterampilan|" +
		"Keahlian|Kỹ năng|ทักษะ|Habilitats",
	"languages": "Sprachkenntnisse|Fremdsprachen|Langues étrangères|Línguas|Lenguas|Idiomas extranjeros|Lingue straniere|Conoscenze linguistiche|Talenkennis|" +
		"Språkkunskaper|Språkkunnskaper|Sprogkundskaber|Kielitaito|Języki obce|Znajomość języków|Jazykové znalosti|Cizí jazyky|Nyelvtudás|Nyelvismeret|" +
		"Limbi străine|Strani jezici|Yabancı Diller|Yabancı Dil|Знание языков|Иностранные языки|Знання мов|Чужди езици|Ξένες γλώσσες|語学|语言能力|語言能力|외국어|" +
		"لغات|Kemampuan bahasa|Ngoại ngữ|Llengües",
	"projects":  "Projets personnels|Réalisations|Proyectos personales|Projetos pessoais|Progetti personali|Projekt|Prosjekt|Projets|项目经历|项目经验|專案經歷|專案經驗|프로젝트 경험",
	"awards":    "Preise|Ehrungen|Preise und Auszeichnungen|Prix|Récompenses|Reconocimientos|Premios y reconocimientos|Riconoscimenti|Onderscheidingen|Priser|Wyróżnienia|Nagrody i wyróżnienia|获奖经历|获奖情况|得獎|수상경력",
	"volunteer": "Ehrenamtliche Tätigkeiten|Ehrenamtliches Engagement|Freiwilligenarbeit|Engagements|Engagement associatif|Trabalho voluntário|Trabajo voluntario|Vrijwilligerswerk|Ideellt arbete|Volontärarbete|Frivillig arbeid|Frivilligt arbejde|Önkéntes munka|Волонтёрство|志愿者经历|志工經驗|봉사활동",
	"certificates": "Zertifizierungen|Certificats|Certificaciones|Certificações|Certificati|Certificeringen|Certifikat|Sertifikat|Kursy i certyfikaty|Certifikace|" +
		"Сертификаты и курсы|資格|资格证书|证书|證照|자격증",
	"publications": "Publikationen|Publicaties|Artículos|Artigos|Articoli|Научные публикации|論文|论文|학술논문",
	"interests": "Hobbys|Freizeit|Hobbys und Interessen|Loisirs|Passions|Centres d’intérêts|Aficiones|Pasatiempos|Passatempos|Hobby e interessi|Hobby’s|Fritid|" +
		"Fritidsintressen|Harrastukset|Hobby i zainteresowania|Koníčky|Záľuby|Hobbik|Érdeklődési kör|Pasiuni|Hobiji|Hobiler|Увлечения|Хобби|Захоплення|Χόμπι|趣味|兴趣爱好|興趣愛好|취미|הובי|Hobi|Sở thích",
	"references": "Rekommendationer|Suosittelijat|Doporučení|Odporúčania|Preporuke|Отзывы|Рекомендації|推荐信",
	"basics": "Persönliche Daten|Persönliche Angaben|Personalien|Zur Person|Kontakt|Kontaktdaten|Informations personnelles|Coordonnées|Données personnelles|" +
		"État civil|Datos personales|Información personal|Contacto|Datos de contacto|Información de contacto|Dados pessoais|Informações pessoais|Contato|Dati personali|" +
		"Informazioni personali|Contatti|Persoonlijke gegevens|Persoonsgegevens|Personalia|Contactgegevens|Personuppgifter|Kontaktuppgifter|Personlige opplysninger|" +
		"Personopplysninger|Personlige oplysninger|Henkilötiedot|Yhteystiedot|Dane osobowe|Dane kontaktowe|Osobní údaje|Osobné údaje|Személyes adatok|Date personale|" +
		"Informații personale|Osobni podaci|Kişisel Bilgiler|İletişim|İletişim Bilgileri|Личные данные|Контакты|Личная информация|Особисті дані|Лични данни|" +
		"Προσωπικά στοιχεία|個人情報|个人信息|基本信息|個人資料|인적사항|المعلومات الشخصية|البيانات الشخصية|פרטים אישיים|Data pribadi|Informasi pribadi|Thông tin cá nhân|ข้อมูลส่วนตัว|Dades personals",
	"profile": "Über mich|Kurzprofil|Zusammenfassung|Profil professionnel|À propos|À propos de moi|Résumé|Resumen|Resumen profesional|Sobre mí|Acerca de mí|" +
		"Perfil profesional|Objetivo profesional|Resumo|Resumo profissional|Sobre mim|Perfil profissional|Objetivo|Sommario|Chi sono|Profilo professionale|Samenvatting|" +
		"Profiel|Over mij|Sammanfattning|Om mig|Sammendrag|Om meg|Podsumowanie|O mnie|Profil zawodowy|Shrnutí|O mně|O mne|Összefoglaló|Rólam|Bemutatkozás|Rezumat|" +
		"Despre mine|Sažetak|O meni|Özet|Hakkımda|О себе|Обо мне|Про себе|За мен|Περίληψη|自己PR|自己紹介|个人简介|自我评价|自我介紹|자기소개|نبذة|نبذة عني|אודות|תקציר|" +
		"Ringkasan|Tentang saya|Giới thiệu|Tóm tắt|Mục tiêu nghề nghiệp|Sobre mi|Resum",
}

// foreignTitle is what a folded name in another language than English means.
type foreignTitle struct {
	member string
	titles []string // in several languages that differ in accents
}

// title returns the title for a name: in the spelling of the name if there is one.
func (t foreignTitle) title(name string) string {
	name = strings.ToLower(readable(name))
	for _, title := range t.titles {
		if strings.ToLower(title) == name {
			return title
		}
	}
	return t.titles[0]
}

// withoutParticles returns a title without the small words in it.
func withoutParticles(title string) string {
	var words []string
	for word := range strings.FieldsSeq(title) {
		switch strings.ToLower(word) {
		case "de", "des", "du", "und", "et", "y", "e", "i", "og", "och", "en", "di", "da", "del":
			continue
		}
		for _, elided := range []string{"d’", "d'", "l’", "l'"} {
			word = strings.TrimPrefix(word, elided)
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

var foreignTitles = sync.OnceValue(func() map[string]foreignTitle {
	names := map[string]foreignTitle{}
	addAs := func(key, member, title string) {
		name := names[key]
		switch {
		case key == "" || rootNames()[key] != "":
		case name.member == "":
			names[key] = foreignTitle{member, []string{title}}
		case name.member == member:
			name.titles = append(name.titles, title)
			names[key] = name
		}
	}
	add := func(member, title string) {
		addAs(fold(title), member, title)
		if short := fold(withoutParticles(title)); short != fold(title) {
			addAs(short, member, title)
		}
	}
	for _, member := range slices.Sorted(maps.Keys(titlesOf)) {
		for title := range strings.SplitSeq(titlesOf[member], "|") {
			add(member, title)
		}
	}
	all, err := locales.All()
	if err != nil {
		return names // its own tests fail
	}
	members := map[string]string{"experience": "work", "project": "projects", "skill": "skills"}
	for _, tag := range slices.Sorted(maps.Keys(all)) {
		l := all[tag]
		if tag == locales.Fallback || strings.HasPrefix(tag, locales.Fallback+"-") {
			continue
		}
		for _, kind := range slices.Sorted(maps.Keys(l.Headings)) {
			heading := l.Headings[kind]
			member := kind
			if name, ok := members[kind]; ok {
				member = name
			}
			if kind != "custom" && kind != "strength" {
				add(member, heading)
			}
		}
	}
	return names
})

// foreignNames are names of members in other languages, folded, by section and member. Words
// that mean different members in different languages are left out.
var foreignNames = map[string]map[string]string{
	"work": {
		"name": "firma unternehmen arbeitgeber betrieb entreprise societe employeur empresa empleador empregador compania azienda societa datoredilavoro ditta bedrijf werkgever " +
			"foretag arbetsgivare bedrift arbeidsgiver virksomhed arbejdsgiver tyonantaja yritys pracodawca zamestnavatel spolecnost spolocnost munkaltato ceg angajator poslodavac " +
			"sirket isveren компания работодатель организация компанія фирма роботодавець εταιρεια εργοδοτης 会社 会社名 公司 公司名称 公司名稱 회사 회사명 الشركة חברה perusahaan congty",
		"position": "titel titre titulo stelle berufsbezeichnung stellenbezeichnung tatigkeit funktion rolle poste fonction intitule intituleduposte puesto cargo posicion posicao funcao posizione ruolo " +
			"mansione functie functietitel befattning tjanst stilling stillingsbetegnelse tehtava nimike stanowisko pozice pozicia munkakor beosztas pozitie functieocupata radnomjesto " +
			"pozisyon unvan gorev должность позиция посада длъжност θεση 職位 职位 役職 직위 직책 المنصب תפקיד posisi jabatan chucvu vitri",
		"summary": foreignSummary, "highlights": foreignSentences, "location": foreignPlaces, "startDate": foreignStart, "endDate": foreignEnd, "keywords": foreignKeywords,
	},
	"education": {
		"institution": "hochschule universitat schule bildungseinrichtung ecole etablissement universite lycee institucion universidad escuela centro instituicao universidade escola " +
			"faculdade istituto universita scuola onderwijsinstelling instelling skola universitet hogskola larosate skole universitetet larested oppilaitos yliopisto koulu uczelnia " +
			"szkola uniwersytet univerzita intezmeny egyetem iskola universitate institutie sveuciliste fakultet okul universite kurum вуз университет учебноезаведение заклад " +
			"університет πανεπιστημιο 学校 大学 學校 학교 학교명 الجامعة מוסד universitas sekolah truong",
		"studyType": "opleiding abschluss hochschulabschluss diplome titulo titulacion grado grau titolo titolodistudio graad examen tutkinto stopien titul titulok vegzettseg diploma diplom степень квалификация ступінь 学位 學位 학위 الدرجة תואר gelar bangcap",
		"area": "studiengang fach fachrichtung studienfach hauptfach domaine filiere especialidad carrera curso corso corsodistudi indirizzo richting studierichting inriktning amnesomrade " +
			"fagomrade linje koulutusohjelma kierunek obor odbor szak specializare smjer bolum специальность факультет спеціальність 専攻 专业 專業 전공 التخصص jurusan chuyennganh",
		"score":       "abschlussnote notendurchschnitt endnote mention calificacion notamedia votazione voto cijfer betyg karakter arvosana ocena znamka 成绩 成績 학점 المعدل nilai",
		"description": foreignSummary, "location": foreignPlaces, "startDate": foreignStart, "endDate": foreignEnd,
		"courses": "schwerpunkte facher kurse cours matieres asignaturas disciplinas materie vakken kurser przedmioty predmety tantargyak cursuri",
	},
	"projects": {
		"name": foreignNameWords, "description": foreignSummary, "highlights": foreignSentences, "startDate": foreignStart, "endDate": foreignEnd, "keywords": foreignKeywords,
		"roles": "rolle ruolo papel rol funktion",
	},
	"skills":       {"name": foreignNameWords + " kategorie categorie categoria bereich kenntnis kompetenz competence competencia competenza vaardigheid", "level": foreignLevels, "keywords": "kenntnisse stichworte schlagworte motscles palabrasclave palavraschave parolechiave trefwoorden nyckelord slowakluczowe"},
	"languages":    {"language": "sprache langue idioma lingua taal sprak sprog kieli jezyk jazyk nyelv limba jezik dil язык мова език γλωσσα 言語 语言 語言 언어 اللغة שפה bahasa ngonngu", "fluency": foreignLevels},
	"awards":       {"title": foreignNameWords, "date": foreignDates, "awarder": "verliehenvon decernepar otorgadopor concedidopor conferitoda uitgereiktdoor", "summary": foreignSummary},
	"certificates": {"name": foreignNameWords + " zertifikat certificat certificado certificato certificaat", "date": foreignDates, "issuer": "aussteller ausgestelltvon organisme emisor entidad emissor ente rilasciatoda uitgever utfardare wydawca"},
	"publications": {"name": foreignNameWords, "releaseDate": foreignDates, "publisher": "verlag zeitschrift editeur revue editorial editora revista editore rivista uitgever forlag wydawca", "authors": "autoren auteurs autores autori auteur forfattare forfattere autorzy"},
	"interests":    {"name": foreignNameWords},
	"references":   {"name": foreignNameWords, "company": "firma entreprise empresa azienda bedrijf foretag", "phone": foreignPhones, "email": foreignMails, "position": "funktion poste puesto cargo ruolo functie"},
	"volunteer": {
		"organization": "verein organisationseinheit association asociacion associacao associazione vereniging forening yhdistys", "position": "rolle tatigkeit funktion poste puesto cargo ruolo functie",
		"summary": foreignSummary, "highlights": foreignSentences, "startDate": foreignStart, "endDate": foreignEnd, "location": foreignPlaces,
	},
	"basics": {
		"name":  "vollstandigername vornameundnachname nomcomplet nombrecompleto nomecompleto volledigenaam namn navn nimi imieinazwisko jmeno meno nev nume ime adsoyad фио имя імя име ονοματεπωνυμο 氏名 名前 姓名 이름 성명 الاسم שם nama hoten naam",
		"label": "berufsbezeichnung beruf titelzeile profession metier intitule profesion puesto profissao cargo professione beroep yrke stilling zawod povolani foglalkozas profesie meslek профессия должность професія",
		"email": foreignMails, "phone": foreignPhones, "url": "webseite internetseite siteweb sitioweb paginaweb sitointernet hemsida hjemmeside kotisivu strona сайт",
		"summary":     "profil uebermich ubermich kurzprofil zusammenfassung apropos resumen perfil sobremi resumo sobremim profilo sommario samenvatting overmij sammanfattning omig sammendrag podsumowanie осебе 自己紹介 自我评价 자기소개",
		"image":       "bild foto lichtbild bewerbungsfoto fotografia",
		"birthDate":   "geburtsdatum geburtstag datedenaissance fechadenacimiento fechanacimiento datadenascimento datanascimento datadinascita geboortedatum fodelsedatum fodselsdato syntymaaika dataurodzenia datumnarozeni datumnarodenia szuletesidatum datanasterii datumrodenja dogumtarihi датарождения датанародження 生年月日 出生日期 생년월일",
		"nationality": "staatsangehorigkeit nationalitat nationalite nacionalidad nacionalidade nazionalita nationaliteit nationalitet narodowosc obywatelstwo гражданство громадянство 国籍 國籍 국적",
		"birthPlace":  "geburtsort lieudenaissance lugardenacimiento naturalidade luogodinascita geboorteplaats", "drivingLicense": "fuhrerschein fuehrerschein permisdeconduire permis carnetdeconducir permisodeconducir cnh patente patentediguida rijbewijs korkort forerkort korekort ajokortti prawojazdy ridicskyprukaz jogositvany permisdeconducere surucubelgesi",
	},
	"location": {
		"address": "adresse strasse straße anschrift rue direccion calle endereco rua indirizzo via adres straat adress gata osoite adresa cim adres adresi адрес адреса διευθυνση 住所 地址 주소 العنوان כתובת alamat diachi",
		"city":    "ort stadt wohnort ville ciudad cidade citta stad plaats by kaupunki miasto mesto varos oras grad sehir город місто град πολη 市 城市 도시 المدينة עיר kota thanhpho woonplaats", "postalCode": "postleitzahl codepostal codigopostal cep cap postcode postnummer postinumero kodpocztowy psc iranyitoszam codpostal postakodu индекс",
		"countryCode": "land pays pais paese maa zeme krajina orszag tara drzava ulke страна країна държава χωρα 国 国家 국가 البلد negara", "region": "bundesland kanton departement provincia estado provincie lan fylke wojewodztwo регион область",
	},
}

const (
	foreignSummary   = "beschreibung tatigkeitsbeschreibung descripcion resumen descricao resumo descrizione riassunto omschrijving beschrijving beskrivning beskrivelse kuvaus opis popis leiras descriere aciklama описание опис περιγραφη 説明 描述 설명 الوصف תיאור deskripsi mota"
	foreignSentences = "aufgaben tatigkeiten taetigkeiten erfolge verantwortlichkeiten missions realisations taches logros responsabilidades tareas funciones conquistas atividades responsabilita attivita compiti resultaten verantwoordelijkheden arbetsuppgifter oppgaver opgaver tehtavat obowiazki zadania naplnprace feladatok responsabilitati gorevler обязанности достижения обовязки досягнення 职责 業務内容 주요업무 المهام"
	foreignPlaces    = "ort standort arbeitsort lieu ville lugar ubicacion ciudad local cidade luogo sede citta plaats locatie ort_ plats sted paikka miejsce lokalizacja misto miesto hely loc mjesto yer город место місто місце τοποθεσια 場所 地点 地點 위치 الموقع lokasi diadiem"
	foreignStart     = "beginn startdatum von anfang eintritt debut datedebut datededebut inicio fechainicio fechadeinicio fechadesde desde datainicio datadeinicio inizio datainizio datadiinizio dal begindatum van startdato datastart alkoi alku datarozpoczecia od zacatek zaciatok kezdet kezdes datainceput inceput pocetak baslangic baslangictarihi начало датаначала початок εναρξη 開始 开始 开始时间 시작일 시작 mulai batdau"
	foreignEnd       = "ende enddatum bis austritt fin datefin datedefin fechafin fechadefin fechahasta hasta fim datafim datadefim termino fine datafine datadifine einddatum tot slutdatum sluttdato slutdato slut slutt loppui loppu datazakonczenia koniec konec veg datasfarsit sfarsit bitis bitistarihi конец окончание датаокончания кінець край τελος 終了 结束 结束时间 종료일 종료 selesai ketthuc"
	foreignDates     = "datum fecha data dato paivays дата ημερομηνια 日付 日期 날짜 التاريخ tanggal ngay"
	foreignKeywords  = "technologien kenntnisse werkzeuge outils tecnologias herramientas ferramentas tecnologie strumenti technologieen tekniker verktyg technologia technologie narzedzia nastroje eszkozok технологии технології 技術 技术 기술스택"
	foreignLevels    = "niveau stufe kenntnisstand nivel livello niva taso poziom uroven szint nivelul razina seviye уровень рівень ниво επιπεδο レベル 水平 수준 المستوى רמה tingkat trinhdo"
	foreignNameWords = "bezeichnung titel nom intitule nombre nome titulo titolo naam namn navn nimi nazwa nazev nazov nev nume naziv название назва име ονομα 名称 名稱 이름 الاسم שם nama"
	foreignPhones    = "telefon telefonnummer handy mobil mobiltelefon rufnummer telephone tel portable telefono movil celular telefone telemovel telefoonnummer telefoon mobiel puhelin komorka mobilni телефон τηλεφωνο 電話 电话 電話番号 전화 전화번호 الهاتف טלפון telepon dienthoai sodienthoai"
	foreignMails     = "courriel adressemail adressecourriel correo correoelectronico epost mejl sahkoposti eposta почта электроннаяпочта пошта имейл メール 邮箱 電子郵件 이메일 البريدالالكتروني אימייל דואל emailadresse"
)

// foreignRank is the rank of names in other languages, after all others.
const foreignRank = 1000

// addForeign adds names in other languages to a spec, after all of its own.
func (s *spec) addForeign(names map[string]string) {
	for i, m := range s.members {
		for alias := range strings.FieldsSeq(names[m.name]) {
			alias = fold(alias)
			if _, taken := s.index[alias]; !taken {
				s.index[alias] = target{i, foreignRank}
			}
		}
	}
}

// plain returns a name in lower case without accents, so that "Educación" is found as
// "educacion", too.
func plain(name string) string {
	decomposed := strings.Map(func(r rune) rune {
		switch {
		case 0x300 <= r && r <= 0x36f:
			return -1
		case r == 'ł':
			return 'l'
		case r == 'ø':
			return 'o'
		case r == 'đ':
			return 'd'
		case r == 'ı':
			return 'i'
		}
		return r
	}, norm.NFD.String(name))
	return strings.ReplaceAll(strings.ReplaceAll(norm.NFC.String(decomposed), "ß", "ss"), "æ", "ae")
}
