package dates

import (
	"slices"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/locales"
)

func TestRead_Eras(t *testing.T) {
	for text, want := range map[string]Reading{
		"平成28年4月": {Whole, Date{2016, 4, 0}}, "令和元年3月": {Whole, Date{2019, 3, 0}}, "昭和 60年": {Whole, Date{Year: 1985}}, "令和5年10月1日": {Whole, Date{2023, 10, 1}},
		"平成年": {}, "平成99年": {}, "平成": {},
	} {
		if got := Read(text); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		// As JSON Resume wants it.
		"2011": "2011", "2011-03": "2011-03", "2011-03-11": "2011-03-11",
		// Numbers.
		"2023-9-28": "2023-09-28", "2016-3": "2016-03", "2023/09": "2023-09", "03/2014": "2014-03", "3.2014": "2014-03", "09.2014": "2014-09",
		"28.09.2014": "2014-09-28", "9/28/2014": "2014-09-28", "28/9/2014": "2014-09-28", "05/05/2014": "2014-05-05", "03.04.2014": "2014-04-03",
		"2014.03.04": "2014-03-04", "2014/3/4": "2014-03-04", "20110315": "2011-03-15", "201103": "2011-03", "'15": "2015", "’98": "1998", " 2011 ": "2011",
		"3/4/2014": "~2014", "13/2014": "?", "2011-13": "?", "2011-02-30": "?", "0999": "?", "0": "?", "15": "?", "2011-2013": "?", "1/2/3": "?", "99999": "?",
		// Times of the day.
		"2020-01-15T00:00:00.000Z": "2020-01-15", "2020-01-15 10:30": "2020-01-15", "2021-06-30T00:00:00+02:00": "2021-06-30",
		"Fri Mar 11 2011 00:00:00 GMT+0000 (UTC)": "2011-03-11", "1577836800000": "2020-01-01",
		// Months by name.
		"March 2011": "2011-03", "Mar. 2011": "2011-03", "MARCH, 2011": "2011-03", "Apr 2013": "2013-04", "11 March 2011": "2011-03-11",
		"March 11, 2011": "2011-03-11", "March 11th, 2011": "2011-03-11", "2011 March": "2011-03", "2011-Mar": "2011-03", "Sept 2011": "2011-09",
		"Mar '15": "2015-03", "March of 2011": "2011-03", "mai 2011": "2011-05", "Mär. 2011": "2011-03", "11. März 2011": "2011-03-11",
		"1er août 2011": "2011-08-01", "11 de marzo de 2011": "2011-03-11", "março de 2011": "2011-03", "fevr. 2011": "2011-02",
		"11 марта 2011 г.": "2011-03-11", "март 2011": "2011-03", "березень 2011": "2011-03", "marca 2011": "2011-03", "3. března 2011": "2011-03-03",
		"2011. március 5.": "2011-03-05", "Mart 2011": "2011-03", "Ağustos 2011": "2011-08", "ŞUBAT 2011": "2011-02", "Μαρτίου 2011": "2011-03", "ΜΑΡΤΙΟΣ 2011": "2011-03",
		"maaliskuu 2011": "2011-03", "مارس 2011": "2011-03", "آذار ٢٠١١": "2011-03", "تشرين الثاني 2011": "2011-11", "במרץ 2011": "2011-03", "मार्च 2011": "2011-03",
		"มี.ค. 2011": "2011-03", "มีนาคม 2554": "~2011-03", "tháng 3 năm 2011": "2011-03",
		"2011年3月": "2011-03", "2011年3月15日": "2011-03-15", "２０１１年３月": "2011-03", "2011年": "2011", "二〇一一年": "?", "2011年三月": "2011-03", "2011년 3월": "2011-03", "平成23年4月": "2011-04",
		"Mar 15": "?", "Mar-15": "?", "March": "?", "31 February 2011": "?", "Jan/Feb 2015": "~2015",
		// More than the date.
		"Summer 2015": "~2015", "Sommer 2015": "~2015", "été 2015": "~2015", "Q1 2015": "~2015", "2015 Q3": "~2015", "Expected May 2025": "~2025-05", "ca. 2010": "~2010",
		"Class of 2015": "~2015", "listopad 2011": "~2011",
		// The present.
		"Present": "now", "present": "now", "PRESENT": "now", "(current)": "now", "Now": "now", "heute": "now", "aujourd’hui": "now", "Actualidad": "now", "até o momento": "now",
		"nykyinen": "now", "наст. время": "now", "現在": "now", "至今": "now", "현재": "now", "halen": "now", "הווה": "now", "σήμερα": "now", "Ongoing": "now",
		// Nothing.
		"": "?", "never": "?", "-": "?", "TBD": "?", strings.Repeat("2011 ", 100): "?", "\xff2011": "~2011",
	}
	for text, want := range tests {
		if got := describe(Read(text)); got != want && (want != "~2011" || got != "2011") {
			t.Errorf("%q is read as %s, want %s", text, got, want)
		}
	}
}

// describe returns the date, with "~" before it if the text says more; "now" and "?".
func describe(r Reading) string {
	switch r.Kind {
	case Whole:
		return r.Date.String()
	case Part:
		return "~" + r.Date.String()
	case Present:
		return "now"
	}
	return "?"
}

func TestSplit(t *testing.T) {
	t.Parallel()
	tests := map[string][2]string{
		"2011 - 2013": {"2011", "2013"}, "2011-2013": {"2011", "2013"}, "2011–present": {"2011", "present"}, "2011 —": {"2011", ""}, "2011 -": {"2011", ""},
		"March 2011 – Apr 2013": {"March 2011", "Apr 2013"}, "March – May 2011": {"March 2011", "May 2011"}, "2011-03 - 2013-05": {"2011-03", "2013-05"},
		"03/2011-05/2013": {"03/2011", "05/2013"}, "2011/2012": {"2011", "2012"}, "2011-03/2013-05": {"2011-03", "2013-05"}, "2011 bis heute": {"2011", "heute"},
		"June 2018 to Present": {"June 2018", "Present"}, "2011年3月〜現在": {"2011年3月", "現在"}, "2011 a 2013": {"2011", "2013"}, "Summer 2011 – Fall 2012": {"Summer 2011", "Fall 2012"},
		"09.2014 – 08.2016": {"09.2014", "08.2016"},
	}
	for text, want := range tests {
		start, end, ok := Split(text)
		if got := [2]string{start, end}; !ok || got != want {
			t.Errorf("%q is split into %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "2011", "2011-03", "2020-01-15", "01-2020", "2 years", "March 2011", "11 – 15 March 2011", "-", "a - b", strings.Repeat("-", 300)} {
		if start, end, ok := Split(text); ok {
			t.Errorf("%q is split into %q and %q", text, start, end)
		}
	}
}

// TestRead_WordsOfLocales: every spelling of a month and of the present is understood, but
// for words that name different months in different languages.
func TestRead_WordsOfLocales(t *testing.T) {
	t.Parallel()
	all, err := locales.All()
	if err != nil {
		t.Fatal(err)
	}
	for tag, l := range all {
		for i, spellings := range slices.Concat(l.Months, l.Spellings.Months) {
			for word := range strings.SplitSeq(spellings, "|") {
				if month, ok := tables().months[phrase(fold(word))]; ok && month == 0 {
					continue // of different months in different languages
				}
				if got, want := Read(word+" 2011"), (Reading{Whole, Date{Year: 2011, Month: i%12 + 1}}); got != want {
					t.Errorf("%s: %q is read as %s", tag, word, describe(got))
				}
			}
		}
		for _, word := range append(l.Spellings.Present, l.Present) {
			if word != "" && Read(word).Kind != Present {
				t.Errorf("%s: %q is read as %s", tag, word, describe(Read(word)))
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("11. März 2011")
	f.Add("2011年3月")
	f.Fuzz(func(t *testing.T, text string) {
		r := Read(text)
		if (r.Kind == Whole || r.Kind == Part) != (r.Date != Date{}) || r.Date != (Date{}) && !r.Date.valid() {
			t.Errorf("%q: %v", text, r)
		}
		if s := r.Date.String(); r.Kind == Whole && Read(s) != r {
			t.Errorf("%q: %s is read as %v", text, s, Read(s))
		}
		Split(text)
	})
}
