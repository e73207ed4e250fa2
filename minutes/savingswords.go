package minutes

import (
	"fmt"
	"strings"

	"phonghop/viet"
)

// Formula is one line of a calculation in words.
type Formula struct {
	Label  string `json:"label"`  // "In, sao tài liệu"
	Words  string `json:"words"`  // "412 trang × 28 bộ × 350 đồng = 4.037.600 đồng"
	Amount string `json:"amount"` // "4.037.600 đồng"
}

// Formulas shows where every number comes from.
func (s Savings) Formulas() []Formula {
	var out []Formula
	for _, c := range s.Copies {
		out = append(out, money("In, sao tài liệu",
			fmt.Sprintf("%s trang × %d bộ × %s đồng", viet.Number(c.Pages), c.Sets, viet.Number(s.Prices.Page)), c.Pages*int64(c.Sets)*s.Prices.Page))
	}
	hours := hoursWords(s.Hours)
	return append(out,
		money("Xếp, đóng bộ tài liệu", fmt.Sprintf("%d bộ × %s đồng", s.Sets, viet.Number(s.Prices.Set)), s.Binding),
		money("Chuyển tài liệu", fmt.Sprintf("%d lượt × %s đồng", s.Deliveries, viet.Number(s.Prices.Delivery)), s.Delivered),
		Formula{"Thời gian chuyển tài liệu", fmt.Sprintf("%d lượt × %s giờ = %s", s.Deliveries, trimmed(s.Prices.Hours), hours), hours})
}

func money(label, words string, amount int64) Formula {
	sum := viet.Number(amount) + " đồng"
	return Formula{label, words + " = " + sum, sum}
}

// Headline is the whole in one line, in the manner of "380.000 văn bản, 1,5 tỷ
// đồng, 3.000.000 giờ". Money and hours are estimates, and it says so.
func (s Savings) Headline() string { return headline(s.Documents, s.Money, s.Hours) }

// Headline is the quarter in one line.
func (q QuarterSavings) Headline() string { return headline(q.Documents, q.Money, q.Hours) }

func headline(documents, money int64, hours float64) string {
	return fmt.Sprintf("%s văn bản; ước tính tiết kiệm %s, %s", viet.Number(documents), roundMoney(money), hoursWords(hours))
}

// Words is "Quý II năm 2026".
func (q Quarter) Words() string {
	roman := []string{"I", "II", "III", "IV"}
	if q.Number < 1 || q.Number > len(roman) {
		return fmt.Sprintf("Năm %d", q.Year)
	}
	return fmt.Sprintf("Quý %s năm %d", roman[q.Number-1], q.Year)
}

// Key is "2026-Q2", for links and files.
func (q Quarter) Key() string { return fmt.Sprintf("%d-Q%d", q.Year, q.Number) }

// roundMoney is a sum as people say it: "1,5 tỷ đồng", "4 triệu đồng".
func roundMoney(n int64) string {
	switch {
	case n >= 1_000_000_000:
		return oneDecimal(float64(n)/1e9) + " tỷ đồng"
	case n >= 1_000_000:
		if s := oneDecimal(float64(n) / 1e6); s != "1.000" {
			return s + " triệu đồng"
		}
		return "1 tỷ đồng"
	}
	return viet.Number(n) + " đồng"
}

func oneDecimal(x float64) string { return strings.TrimSuffix(viet.Decimal(x, 1), ",0") }

// trimmed is a number with up to two decimals, without zeros that say nothing.
func trimmed(x float64) string {
	s := viet.Decimal(x, 2)
	if strings.Contains(s, ",") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ",")
	}
	return s
}

func hoursWords(h float64) string { return trimmed(h) + " giờ" }

// Notes says for whom it was counted, and what was not.
func (s Savings) Notes() []string {
	notes := []string{fmt.Sprintf("Tính cho %d người có máy tính bảng tại chỗ ngồi và có mặt.", s.People)}
	if s.Unknown > 0 {
		notes = append(notes, fmt.Sprintf("Có %d tài liệu chưa biết số trang, không tính.", s.Unknown))
	}
	return notes
}

// Bar is one bar of a chart.
type Bar struct {
	Label string  `json:"label"` // below it
	Value float64 `json:"value"`
	Text  string  `json:"text"` // above it
}

// Chart is bars of one thing measured, for the page to draw.
type Chart struct {
	Title string  `json:"title"`
	Most  float64 `json:"most"` // the highest bar
	Bars  []Bar   `json:"bars"`
}

// SessionCharts are pages and money of each session, the oldest first.
func SessionCharts(list []Savings) []Chart {
	pages, money := Chart{Title: "Số trang không phải in"}, Chart{Title: "Ước tính tiết kiệm (đồng)"}
	for _, q := range ByQuarter(list) {
		for _, s := range q.Sessions {
			label := fmt.Sprintf("Phiên %d", s.Number)
			pages.bar(label, float64(s.Pages), viet.Number(s.Pages))
			money.bar(label, float64(s.Money), roundMoney(s.Money))
		}
	}
	return []Chart{pages, money}
}

// QuarterCharts are pages, money and hours of each quarter, the oldest first.
func QuarterCharts(list []Savings) []Chart {
	pages, money, hours := Chart{Title: "Số trang không phải in"}, Chart{Title: "Ước tính tiết kiệm (đồng)"}, Chart{Title: "Ước tính thời gian (giờ)"}
	for _, q := range ByQuarter(list) {
		pages.bar(q.Words(), float64(q.Pages), viet.Number(q.Pages))
		money.bar(q.Words(), float64(q.Money), roundMoney(q.Money))
		hours.bar(q.Words(), q.Hours, hoursWords(q.Hours))
	}
	return []Chart{pages, money, hours}
}

func (c *Chart) bar(label string, value float64, text string) {
	c.Bars = append(c.Bars, Bar{label, value, text})
	c.Most = max(c.Most, value)
}
