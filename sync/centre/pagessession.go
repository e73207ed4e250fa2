package centre

import (
	"context"
	"net/http"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/templates"
)

// session shows one session as its log tells it here.
func (d *desk) session(w http.ResponseWriter, r *http.Request) error {
	v, err := d.readSession(r.Context(), r.PathValue("room"), r.PathValue("session"))
	if err != nil {
		return err
	}
	return d.draw(w, r, http.StatusOK, templates.CentreSessionPageOf(d.pageOf(r), d.frame("rooms"), v))
}

// record is the plain record of a session, as its room prints it.
func (d *desk) record(w http.ResponseWriter, r *http.Request) error {
	v, err := d.readSession(r.Context(), r.PathValue("room"), r.PathValue("session"))
	if err != nil {
		return err
	}
	p := d.pageOf(r)
	p.Demo, p.RoomName = v.Sample, v.RoomName
	return d.draw(w, r, http.StatusOK, templates.CentreRecordPage(p, v, templates.Chain{Entries: v.Here, Root: v.Root}))
}

// logOf finds a session's log in a copy.
func logOf(j *journal.Journal, session string) (journal.Log, error) {
	if l, begun := j.Log(session); begun && session != journal.RoomLog {
		return l, nil
	}
	return journal.Log{}, errNothingHere
}

func (d *desk) readSession(ctx context.Context, room, session string) (templates.CentreSessionPage, error) {
	var v templates.CentreSessionPage
	r, c, err := d.known(ctx, room)
	if err != nil {
		return v, err
	}
	l, err := logOf(c.journal, session)
	if err != nil {
		return v, err
	}
	x, err := readLog(ctx, c.journal, l.Name, true)
	if err != nil {
		return v, err
	}
	held, err := d.heldIn(ctx, c)
	if err != nil {
		return v, err
	}
	v = templates.CentreSessionPage{Room: r.ID, RoomName: r.Name, Sample: r.Prefix != "phonghop", View: x.seen(), Agrees: x.agrees(l), Root: l.Root.String()}
	v.CentreSession = templates.CentreSession{
		ID: l.Name, Header: v.View.Header, Phase: v.View.Phase, Here: l.Size, Signed: l.Signed,
		Receipt: shown(c.signedOf(l.Name)), Unknown: string(x.unknown),
	}
	v.Broken = x.broken
	d.fillSession(x, held, &v)
	return v, nil
}

func (d *desk) fillSession(x *reading, held map[string]bool, v *templates.CentreSessionPage) {
	for _, vote := range v.View.Votes {
		again, same := x.agreed(vote)
		v.Votes = append(v.Votes, templates.CentreVote{VoteView: vote, Agrees: same, Again: again})
	}
	for _, it := range v.View.Agenda {
		for _, p := range it.Papers {
			paper := templates.CentrePaper{Item: it.Number, Name: p.Name, Ref: p.Ref, Size: p.Size, Version: p.Version}
			v.Papers = append(v.Papers, d.shownPaper(paper, held))
		}
	}
	v.Held = unlisted(x.held, v.Papers)
	for _, set := range v.View.Minutes.Filed {
		v.Filed = append(v.Filed, templates.CentreFiled{Of: set.Of, At: set.At, Files: d.filed(held, set.Files...)})
	}
	for _, back := range v.View.Minutes.Returned {
		v.Filed = append(v.Filed, templates.CentreFiled{Back: true, At: back.At, Files: d.filed(held, back.Filed)})
	}
}

// unlisted counts the documents held back that no list shows: their names are
// held back with them.
func unlisted(held map[string]bool, papers []templates.CentrePaper) int {
	n := len(held)
	for _, p := range papers {
		if held[p.Ref] {
			n--
		}
	}
	return n
}

// filed are files of the minutes, read again from the disk: what is shown as
// there is the same to the byte.
func (d *desk) filed(held map[string]bool, files ...meeting.Filed) []templates.CentrePaper {
	var out []templates.CentrePaper
	for _, f := range files {
		paper := d.shownPaper(templates.CentrePaper{Name: f.Name, Ref: f.Ref, Size: f.Size}, held)
		if paper.Here && !paper.Held {
			err := d.z.documents.Check(documents.Ref(f.Ref))
			paper.Checked, paper.Wrong = err == nil, err != nil
		}
		out = append(out, paper)
	}
	return out
}

func (d *desk) shownPaper(p templates.CentrePaper, held map[string]bool) templates.CentrePaper {
	p.Held, p.Here = held[p.Ref], d.z.documents.Has(documents.Ref(p.Ref))
	return p
}
