package web

import (
	"net/http"
	"net/url"
	"path"
	"slices"

	"phonghop/meeting"
	"phonghop/minutes"
	"phonghop/templates"
	"phonghop/viet"
)

// savingsPage shows what the sessions did not print and did not carry.
func (w *Web) savingsPage(rw http.ResponseWriter, r *http.Request) {
	list, err := w.savings(r)
	if err != nil {
		w.refuseMinutes(rw, r, err)
		return
	}
	d := templates.SavingsDesk{
		All: list, Shown: chosen(list, r.URL.Query()), Quarter: r.FormValue("quarter"), Session: meeting.SessionID(r.FormValue("session")),
		Prices: w.particulars().Prices, Query: scope(r.URL.Query()),
	}
	if w.filesAll(w.visitor(r)) && w.After.Office != nil {
		d.Key = newKey()
	}
	w.render(rw, r, http.StatusOK, templates.SavingsPage(w.page(r), d))
}

// savings are those of every session that has been held, for whoever looks after
// the files or presides.
func (w *Web) savings(r *http.Request) ([]minutes.Savings, error) {
	if v := w.visitor(r); !w.filesAll(v) && !presides(w.state().Session, v.Person) {
		return nil, meeting.NotAllowed
	}
	prices := w.particulars().Prices
	var list []minutes.Savings
	for _, info := range w.Room.Sessions() {
		g, err := w.glimpse(r.Context(), info.ID, prices)
		if err != nil {
			return nil, err
		}
		if g.phase == meeting.Closed || g.phase == meeting.Sealed {
			list = append(list, g.saved)
		}
	}
	return list, nil
}

// chosen are the sessions a page or report is about: one, a quarter's, or all.
func chosen(list []minutes.Savings, q url.Values) []minutes.Savings {
	session, quarter := meeting.SessionID(q.Get("session")), q.Get("quarter")
	return slices.DeleteFunc(slices.Clone(list), func(s minutes.Savings) bool {
		return session != "" && s.Session != session || quarter != "" && minutes.QuarterOf(s.Held).Key() != quarter
	})
}

// scope is the part of an address that says which sessions it is about.
func scope(q url.Values) string {
	out := url.Values{}
	for _, name := range []string{"session", "quarter"} {
		if q.Get(name) != "" {
			out.Set(name, q.Get(name))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return "?" + out.Encode()
}

// savingsReport is the same as a paper.
func (w *Web) savingsReport(rw http.ResponseWriter, r *http.Request) {
	list, err := w.savings(r)
	if err != nil {
		w.refuseMinutes(rw, r, err)
		return
	}
	ending := path.Ext(r.URL.Path)
	src := w.drawSource(w.state().Session)
	src.At, src.Draft = w.Now(), false
	sheet := minutes.SavingsReport(src, chosen(list, r.URL.Query()))
	w.sendSheet(rw, r, sheet, outgoing{"bao-cao-tiet-kiem" + ending, "Báo cáo tiết kiệm" + ending, endingType(ending)})
}

// savePrices keeps what paper costs the office.
func (w *Web) savePrices(rw http.ResponseWriter, r *http.Request) {
	if !w.filesAll(w.visitor(r)) || w.After.Office == nil {
		w.refuseMinutes(rw, r, meeting.NotAllowed)
		return
	}
	p := w.particulars()
	prices, ok := pricesOf(r)
	if !ok {
		w.tell(rw, r, http.StatusUnprocessableEntity, w.langOf(r).T("sav.prices.wrong"))
		return
	}
	p.Prices = prices
	w.keepParticulars(rw, r, p, "/savings#prices")
}

// pricesOf reads prices as people write them: "20.000", "0,5".
func pricesOf(r *http.Request) (p minutes.Prices, ok bool) {
	ok = true
	for name, into := range map[string]*int64{"page": &p.Page, "set": &p.Set, "delivery": &p.Delivery} {
		n, err := viet.ParseNumber(r.PostFormValue(name))
		ok = ok && err == nil
		*into = n
	}
	hours, err := viet.ParseDecimal(r.PostFormValue("hours"))
	p.Hours = hours
	return p, ok && err == nil && p.Check() == nil
}
