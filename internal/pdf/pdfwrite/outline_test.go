package pdfwrite

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

func TestParseNumber(t *testing.T) {
	t.Parallel()
	words := []string{"0", "-0", "7", "-7", ".5", "-.5", "5.", "0.1", "123.456", "+5", "1e3", "-", ".", "-.", "1.2.3", "1-2", "0x1", "99999999999999999999", "123456789.123456789"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		words = append(words, strconv.FormatFloat(random.NormFloat64()*math.Pow10(random.IntN(6)), 'f', random.IntN(10), 64))
	}
	for _, word := range words {
		want, err := strconv.ParseFloat(word, 64)
		got, ok := decimal([]byte(word))
		if ok != (err == nil) || ok && (got != want || math.Signbit(got) != math.Signbit(want)) {
			t.Errorf("%s is %v, %v; strconv says %v, %v", word, got, ok, want, err)
		}
	}
}
