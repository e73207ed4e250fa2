package templates

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"phonghop/meeting"
	"phonghop/minutes"
	"phonghop/viet"
)

// SavingsDesk is what sessions did not print and did not carry.
type SavingsDesk struct {
	All     []minutes.Savings // of every session held, oldest first
	Shown   []minutes.Savings // those the page is about
	Quarter string            // its key; "" all
	Session meeting.SessionID // the one session; "" all
	Prices  minutes.Prices
	Query   string // says the same in an address: "?quarter=2026-Q2"
	Key     string // of the form of the prices; "" = they cannot be changed here
}

// sum adds up what the page is about.
func (d SavingsDesk) sum() (q minutes.QuarterSavings) {
	for _, s := range d.Shown {
		q.Documents += s.Documents
		q.Pages += s.Pages
		q.Deliveries += int64(s.Deliveries)
		q.Unknown += s.Unknown
		q.Money += s.Money
		q.Hours += s.Hours
	}
	return q
}

// largeFigure is one number: what it counts, how, and of what.
type largeFigure struct {
	Value, Unit, By string
	Estimate        bool
}

func (d SavingsDesk) figures(p Page) []largeFigure {
	q := d.sum()
	money, unit := moneyFigure(p, q.Money)
	return []largeFigure{
		{Value: viet.Number(q.Documents), Unit: p.T("sav.documents"), By: p.T("sav.documents.by", viet.Number(q.Pages))},
		{Value: money, Unit: unit, By: p.T("sav.money.by"), Estimate: true},
		{Value: fewDecimals(q.Hours), Unit: p.T("sav.hours"), By: p.T("sav.hours.by", viet.Number(q.Deliveries)), Estimate: true},
	}
}

// moneyFigure is a sum as people say it, "1,5" and "tỷ đồng": an estimate to the
// last đồng would claim too much.
func moneyFigure(p Page, n int64) (value, unit string) {
	switch {
	case n >= 999_950_000:
		return fewDecimals(math.Round(float64(n)/1e8) / 10), p.T("sav.money.bil")
	case n >= 1_000_000:
		return fewDecimals(math.Round(float64(n)/1e5) / 10), p.T("sav.money.mil")
	}
	return viet.Number(n), p.T("sav.money")
}

// fewDecimals is a number with up to one decimal, without a zero that says nothing.
func fewDecimals(x float64) string { return strings.TrimSuffix(viet.Decimal(x, 1), ",0") }

// quarters are those there is something of, newest first.
func (d SavingsDesk) quarters() []minutes.Quarter {
	var out []minutes.Quarter
	for _, q := range minutes.ByQuarter(d.All) {
		out = append([]minutes.Quarter{q.Quarter}, out...)
	}
	return out
}

// quarterWords is a quarter in the page's language.
func quarterWords(p Page, q minutes.Quarter) string {
	if p.Lang == English {
		return fmt.Sprintf("Quarter %d of %d", q.Number, q.Year)
	}
	return q.Words()
}

// groups are the charts of the page: by quarter where there are several, and by
// session.
type chartGroup struct {
	Title  string
	Charts []minutes.Chart
}

func (d SavingsDesk) groups(p Page) []chartGroup {
	var out []chartGroup
	if d.Session == "" && d.Quarter == "" && len(minutes.ByQuarter(d.Shown)) > 1 {
		out = append(out, chartGroup{p.T("sav.by-quarter"), entitled(p, minutes.QuarterCharts(d.Shown))})
	}
	if len(d.Shown) > 1 {
		out = append(out, chartGroup{p.T("sav.by-session"), entitled(p, minutes.SessionCharts(d.Shown))})
	}
	return out
}

// entitled are the charts of pages and money in the page's language. Sums of money
// are written in one unit, named in the title, so that neighbours never touch.
func entitled(p Page, charts []minutes.Chart) []minutes.Chart {
	pages, money := charts[0], charts[1]
	pages.Title = p.T("sav.chart.pages")
	unit, name := 1e3, "k"
	switch {
	case money.Most >= 1e9:
		unit, name = 1e9, "bil"
	case money.Most >= 1e6:
		unit, name = 1e6, "mil"
	}
	money.Title = p.T("sav.chart.money." + name)
	for i, b := range money.Bars {
		money.Bars[i].Text = twoDecimals(math.Round(b.Value/unit*100) / 100)
		if b.Value >= unit {
			money.Bars[i].Text = fewDecimals(b.Value / unit)
		}
	}
	return []minutes.Chart{pages, money}
}

// newestFirst are the sessions the page is about.
func (d SavingsDesk) newestFirst() []minutes.Savings {
	list := slices.Clone(d.Shown)
	slices.Reverse(list)
	return list
}

// A chart is drawn in these units; the page scales it as a whole.
const (
	chartWide   = 560
	chartHigh   = 300
	chartTop    = 44 // room for the value above the highest bar
	chartFoot   = 44 // room for the labels
	barsAtMost  = 8  // more would not be readable
	barWideMost = 96
)

// drawnBar is a bar with its place in the drawing.
type drawnBar struct {
	minutes.Bar
	X, Y, W, H, Mid int
}

// drawnBars places the newest bars of a chart. A bar of something is never
// invisible.
func drawnBars(c minutes.Chart) []drawnBar {
	bars := c.Bars[max(0, len(c.Bars)-barsAtMost):]
	if len(bars) == 0 {
		return nil
	}
	most := 0.0
	for _, b := range bars {
		most = max(most, b.Value)
	}
	step := chartWide / len(bars)
	wide := min(barWideMost, step*6/10)
	out := make([]drawnBar, len(bars))
	for i, b := range bars {
		high := 0
		if most > 0 && b.Value > 0 {
			high = max(2, int(b.Value/most*(chartHigh-chartTop-chartFoot)))
		}
		mid := i*step + step/2
		out[i] = drawnBar{Bar: b, X: mid - wide/2, Y: chartHigh - chartFoot - high, W: wide, H: high, Mid: mid}
	}
	return out
}

// barLabel is what stands below a bar, as short as its place.
func barLabel(label string, many bool) string {
	label = strings.Replace(label, "Phiên ", "", 1)
	label = strings.Replace(label, " năm ", "/", 1)
	if many {
		label = strings.Replace(label, "Quý ", "", 1)
	}
	return label
}

func px(n int) string { return strconv.Itoa(n) }

func viewBox() string { return fmt.Sprintf("0 0 %d %d", chartWide, chartHigh) }

// priceText is a price as people write it into the form.
func priceText(n int64) string { return viet.Number(n) }

// twoDecimals is a number with up to two decimals.
func twoDecimals(x float64) string {
	s := viet.Decimal(x, 2)
	if strings.Contains(s, ",") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ",")
	}
	return s
}
