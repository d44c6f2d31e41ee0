package dates

// withUnits returns the date of a text such as 2011年3月.
func (s *scanned) withUnits() Reading {
	var d Date
	for i, u := range s.units {
		switch {
		case u.kind == 'y' && i == 0:
			d.Year = u.value
		case u.kind == 'm' && i == 1:
			d.Month = u.value
		case u.kind == 'd' && i == 2:
			d.Day = u.value
		default:
			return Reading{}
		}
	}
	if s.unknown > 0 || len(s.numbers) != len(s.units) || len(s.units) > 1 && d.Month == 0 {
		return Reading{}
	}
	return whole(d)
}

// withMonth returns the date of a text with the name of a month.
func (s *scanned) withMonth() Reading {
	if len(s.years) != 1 {
		return Reading{}
	}
	d := Date{Year: s.years[0]}
	if len(s.months) > 1 {
		return part(d)
	}
	d.Month = s.months[0]
	if s.thai && d.Year >= 2400 {
		d.Year -= 543
		return part(d)
	}
	switch {
	case s.unknown > 0 || len(s.small) > 1:
		return part(d)
	case len(s.small) == 1:
		day := s.small[0]
		if day.value == 0 || day.digits > 2 {
			return Reading{}
		}
		d.Day = day.value
	}
	return whole(d)
}

// numeric returns the date of a text of numbers only.
func (s *scanned) numeric() Reading {
	n := s.numbers
	switch {
	case len(n) == 1 && len(s.years) == 1:
		return whole(Date{Year: s.years[0]})
	case len(n) == 1 && n[0].digits == 8:
		return whole(Date{n[0].value / 10000, n[0].value / 100 % 100, n[0].value % 100})
	case len(n) == 1 && n[0].digits == 6:
		return dated(Date{Year: n[0].value / 100, Month: n[0].value % 100})
	case len(s.years) != 1 || len(s.small) != len(n)-1:
		return Reading{}
	}
	for _, small := range s.small {
		if small.value == 0 || small.digits > 2 {
			return Reading{}
		}
	}
	first := n[0].digits == 4
	switch {
	case len(n) == 2:
		return dated(Date{Year: s.years[0], Month: s.small[0].value})
	case len(n) == 3 && first:
		return dated(Date{Year: s.years[0], Month: s.small[0].value, Day: s.small[1].value})
	case len(n) == 3 && n[2].digits == 4:
		return dayAndMonth(s.years[0], s.small[0].value, s.small[1].value, n[1].before)
	}
	return Reading{}
}

// dated is whole for a date that must have a month.
func dated(d Date) Reading {
	if d.Month == 0 {
		return Reading{}
	}
	return whole(d)
}

// dayAndMonth returns the date of "28.09.2014" or "9/28/2014". With points the day comes
// first. With other separators the order depends on the country, so only the year is
// certain if both numbers could be the month.
func dayAndMonth(year, a, b int, separator byte) Reading {
	switch {
	case a > 12 || a == b:
		return whole(Date{year, b, a})
	case b > 12:
		return whole(Date{year, a, b})
	case separator == '.':
		return whole(Date{year, b, a})
	}
	return part(Date{Year: year})
}
