package web

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"phonghop/ghosts"
	"phonghop/meeting"
	"phonghop/rehearsal"
	"phonghop/room"
	"phonghop/templates"
)

// reportMost bounds what another computer sends of its rehearsal.
const reportMost = 1 << 20

// rehearsalPage is where rehearsals are held.
func (w *Web) rehearsalPage(rw http.ResponseWriter, r *http.Request) { w.showRehearsal(rw, r, "") }

func (w *Web) showRehearsal(rw http.ResponseWriter, r *http.Request, link string) {
	x := w.rehearsalNow(w.theatre.current())
	x.Link = link
	w.render(rw, r, http.StatusOK, templates.RehearsalPage(w.page(r), x))
}

// rehearsalPart is what may have changed on it. A page that shows one that is over,
// or none while one is on, is loaded anew.
func (w *Web) rehearsalPart(rw http.ResponseWriter, r *http.Request) {
	x := w.rehearsalNow(w.theatre.current())
	if (r.FormValue("on") == "true") != x.On {
		rw.Header().Set("HX-Redirect", "/rehearsal")
		rw.WriteHeader(http.StatusNoContent)
		return
	}
	w.sendPanels(rw, r, templates.RehearsalPanels(w.page(r), x))
}

// rehearsing tells whether tablets may join one now.
func (w *Web) rehearsing() bool {
	if w.Stage == nil {
		return false
	}
	sh := w.theatre.current()
	return sh != nil && sh.run.Why() == nil
}

// rehearsalNow is how it stands.
func (w *Web) rehearsalNow(sh *show) templates.Rehearsal {
	s := w.state().Session
	x := templates.Rehearsal{Key: newKey(), Members: max(1, s.SeenBy(meeting.Audience{Screen: meeting.HallScreen}).Quorum.Total), Most: rehearsal.GhostsMost,
		Sitting: s.Phase() == meeting.Sitting || s.Phase() == meeting.Recess}
	if sh == nil {
		x.Report = w.theatre.lastReport()
		return x
	}
	own := sh.run.Room.State()
	x.On, x.Ending, x.InBox, x.Tablets = true, sh.run.Why() != nil, sh.play != nil, len(sh.run.Ghosts)
	x.Extra = w.Address() + "/rehearsal/join/" + sh.join
	for _, g := range sh.run.Ghosts {
		if own.Tablets[g.Person].Connected {
			x.Here++
		}
	}
	for _, p := range sh.run.Joined() {
		x.People = append(x.People, templates.RehearsalGuest{Name: p.Name, Here: own.Tablets[p.ID].Connected})
	}
	if sh.play != nil {
		now, report := sh.play.Now(), sh.play.Report()
		x.Step = templates.RehearsalStep{Name: string(now.Step), Vote: now.Vote, Done: now.Done, Of: now.Of}
		x.Fault = report.Fault
		if now.Step == ghosts.ComingIn {
			x.Here = now.Done
		}
		if report.ComeIn.Of > 0 {
			x.Report = RehearsalReport(report)
		}
	}
	return x
}

func (s *theatre) lastReport() *templates.RehearsalReport {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		return nil
	}
	return RehearsalReport(*s.last)
}

// beginRehearsal begins one whose simulated tablets are in this box.
func (w *Web) beginRehearsal(rw http.ResponseWriter, r *http.Request) {
	_, err := w.theatre.begin(r.Context(), number(r, "tablets"), true)
	w.toRehearsal(rw, r, err)
}

// voteInRehearsal has the simulated tablets vote once more. Pressed while they do,
// it is done once.
func (w *Web) voteInRehearsal(rw http.ResponseWriter, r *http.Request) {
	sh := w.onStage(rw, r)
	if sh == nil {
		return
	}
	sh.again()
	w.toRehearsal(rw, r, nil)
}

func (w *Web) endRehearsal(rw http.ResponseWriter, r *http.Request) {
	if sh := w.theatre.current(); sh != nil {
		w.toRehearsal(rw, r, w.theatre.end(r.Context(), sh))
		return
	}
	w.toRehearsal(rw, r, nil)
}

// linkRehearsal shows the link by which another computer begins one.
func (w *Web) linkRehearsal(rw http.ResponseWriter, r *http.Request) {
	link := w.Address() + "/rehearsal#" + w.theatre.newLink(w.Now())
	if w.Certificates != nil {
		link += "." + hex.EncodeToString(w.Certificates.Pin())
	}
	w.showRehearsal(rw, r, link)
}

// toRehearsal answers what was asked of a rehearsal: its page says the rest.
func (w *Web) toRehearsal(rw http.ResponseWriter, r *http.Request, err error) {
	switch {
	case err != nil:
		w.refuse(rw, r, err)
	case wantsJSON(r) || isFragment(r):
		w.settled(rw, r)
	default:
		see(rw, r, "/rehearsal")
	}
}

// giveCast begins a rehearsal for a program that plays the tablets itself: one on
// this computer, or one that was given the link of the page.
func (w *Web) giveCast(rw http.ResponseWriter, r *http.Request) {
	if link := r.PostFormValue("link"); link != "" && !w.theatre.useLink(link, w.Now()) {
		w.refuse(rw, r, meeting.Refusal("rehearsal-link"))
		return
	} else if link == "" && !fromHere(r) {
		w.refuse(rw, r, meeting.NotAllowed)
		return
	}
	sh, err := w.theatre.begin(r.Context(), number(r, "tablets"), false)
	if err != nil {
		w.refuse(rw, r, err)
		return
	}
	w.writeJSON(rw, http.StatusOK, sh.cast())
}

// fromHere tells whether a program on this very computer asks. What was handed on by
// a proxy comes from elsewhere.
func fromHere(r *http.Request) bool {
	for _, mark := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(mark) != "" {
			return false
		}
	}
	return addressOf(r).IsLoopback()
}

// castEnded is what a program is told at the end of its rehearsal.
type castEnded struct {
	Recount *ghosts.Recounted `json:"recount"`
	Joined  []string          `json:"joined"`
	Ended   string            `json:"ended"`
}

// takeReport ends the rehearsal of a program, and keeps what it saw for the page.
func (w *Web) takeReport(rw http.ResponseWriter, r *http.Request) {
	key := r.FormValue("key")
	sh := w.theatre.current()
	if sh == nil || key == "" || sh.key != key {
		w.refuse(rw, r, rehearsal.NoneOn)
		return
	}
	var report ghosts.Report
	seen := json.Unmarshal([]byte(r.FormValue("report")), &report) == nil
	ctx, cancel := context.WithTimeout(r.Context(), time.Minute)
	defer cancel()
	if err := w.theatre.end(ctx, sh); err != nil && !errors.Is(err, room.ErrClosed) {
		w.refuse(rw, r, err)
		return
	}
	out := castEnded{Recount: sh.recounted, Joined: sh.names(), Ended: sh.why()}
	if seen {
		report.Recount, report.Joined, report.Ended, report.InBox = out.Recount, out.Joined, out.Ended, false
		report.Judge()
		w.theatre.mu.Lock()
		w.theatre.last = &report
		w.theatre.mu.Unlock()
	}
	w.writeJSON(rw, http.StatusOK, out)
}

// RehearsalReport is a report as pages and the command line put it into words.
func RehearsalReport(r ghosts.Report) *templates.RehearsalReport {
	out := &templates.RehearsalReport{
		At: r.At, Tablets: r.Tablets, InBox: r.InBox, ComeIn: waitsOf(r.ComeIn), Screens: waitsOf(r.Screens), Ask: waitsOf(r.Ask),
		Dropped: r.Dropped, Joined: r.Joined, Ended: r.Ended, Verdict: string(r.Verdict), Trouble: r.Trouble,
	}
	if r.Recount != nil {
		out.Recount, out.Entries, out.Miscounts = true, r.Recount.Entries, r.Recount.Wrong
	}
	for _, c := range r.Wrong {
		out.Wrong = append(out.Wrong, string(c))
	}
	for _, v := range r.Votes {
		out.Votes = append(out.Votes, templates.RehearsalVote{
			Number: v.Number, Opening: waitsOf(v.Opening), Ballots: waitsOf(v.Ballots), Counting: waitsOf(v.Counting),
			Again: v.Again, Refused: v.Refused, Lost: v.Lost, Changed: v.Changed, Adds: v.Adds, Cut: v.Cut,
			For: v.For, Against: v.Against, Abstain: v.Abstain, Others: v.Others,
		})
	}
	return out
}

func waitsOf(w ghosts.Waits) templates.RehearsalWaits {
	return templates.RehearsalWaits{Of: w.Of, Done: w.Done, Half: time.Duration(w.Half), Most: time.Duration(w.Most),
		Slowest: time.Duration(w.Slowest), Took: time.Duration(w.Took), Seat: w.Seat}
}
