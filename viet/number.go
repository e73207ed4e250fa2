package viet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Number groups thousands with dots: 380.000.
func Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	return sign + grouped(digits)
}

func grouped(digits string) string {
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// Decimal writes a number with a comma and the places asked for: 1.234,50.
func Decimal(x float64, places int) string {
	text := strconv.FormatFloat(math.Abs(x), 'f', max(places, 0), 64)
	whole, fraction, found := strings.Cut(text, ".")
	out := grouped(whole)
	if found {
		out += "," + fraction
	}
	if math.Signbit(x) && strings.ContainsAny(text, "123456789") {
		return "-" + out
	}
	return out
}

// Percent writes part of whole as minutes do, with two places: 18 of 22 is
// "81,82%". It counts in whole numbers, halves away from zero; of nothing it
// says "0,00%".
func Percent(part, whole int) string {
	if whole <= 0 || part < 0 {
		return "0,00%"
	}
	hundredths := (int64(part)*20000 + int64(whole)) / (2 * int64(whole))
	return fmt.Sprintf("%s,%02d%%", Number(hundredths/100), hundredths%100)
}

// ParseNumber reads a whole number with or without dots between thousands:
// 25.000 and 25000 are the same; 25.00 is refused, since nobody can know what
// was meant.
func ParseNumber(s string) (int64, error) {
	plain := strings.ReplaceAll(Clean(s), " ", "")
	sign, digits := "", plain
	if strings.HasPrefix(plain, "-") {
		sign, digits = "-", plain[1:]
	}
	joined := strings.ReplaceAll(digits, ".", "")
	n, err := strconv.ParseInt(sign+joined, 10, 64)
	if err != nil || (strings.Contains(digits, ".") && grouped(joined) != digits) || strings.ContainsAny(digits, "+-") {
		return 0, fmt.Errorf("%q is not a whole number", s)
	}
	return n, nil
}

// ParseDecimal reads a number with a decimal comma: 1.234,5.
func ParseDecimal(s string) (float64, error) {
	whole, fraction, found := strings.Cut(strings.ReplaceAll(Clean(s), " ", ""), ",")
	n, err := ParseNumber(whole)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	if !found {
		return float64(n), nil
	}
	if fraction == "" || strings.Trim(fraction, "0123456789") != "" {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	x, err := strconv.ParseFloat(strings.ReplaceAll(whole, ".", "")+"."+fraction, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	return x, nil
}

// Letter names the points of a list from 0: a b c d đ e g h … y, then aa, ab.
// The Vietnamese alphabet has no f, j, w, z, and lists use no ă, â, ê, ô, ơ, ư.
func Letter(i int) string {
	letters := []string{"a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "x", "y"}
	if i < 0 {
		return ""
	}
	if i < len(letters) {
		return letters[i]
	}
	return Letter(i/len(letters)-1) + letters[i%len(letters)]
}
