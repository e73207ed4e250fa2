package web

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"phonghop/meeting"
)

// claimed is the tablet of a room's first secretary, before any session.
func claimed(t *testing.T, change func(*Config)) *tablet {
	t.Helper()
	h := newHouse(t, change)
	token := must(h.access.NewClaim(t.Context(), time.Now()))(t)
	tb := h.tablet()
	form := url.Values{"salutation": {"Bà"}, "name": {"Lã Kim Dung"}, "pin": {goodPIN}, "again": {goodPIN}}
	if a := tb.post("/claim/"+token, form); a.to() != "/" {
		t.Fatalf("claiming: %d %s", a.status, a.body)
	}
	return tb
}

// preparing is the same with a session made.
func preparing(t *testing.T, change func(*Config)) *tablet {
	t.Helper()
	tb := claimed(t, change)
	if a := tb.post("/prepare", particulars()); a.to() != "/prepare" {
		t.Fatalf("making a session: %d %s", a.status, a.body)
	}
	return tb
}

func particulars() url.Values {
	return url.Values{
		"number": {"48"}, "term": {"2026–2031"}, "kind": {"regular"}, "body": {"Ủy ban nhân dân tỉnh Trà Sơn"}, "place": {"Phòng họp A2"},
		"date": {"2026-11-25"}, "time": {"08:00"}, "rules": {"ubnd-2015"},
	}
}

func (tb *tablet) view() meeting.View { return tb.h.web.clerkView() }

// takes posts a form that has to be taken.
func (tb *tablet) takes(path string, form url.Values) answer {
	tb.h.t.Helper()
	a := tb.post(path, form)
	if a.status != http.StatusSeeOther {
		tb.h.t.Fatalf("POST %s: %d %s", path, a.status, a.body)
	}
	return a
}

// refused posts a form that a rule has to refuse, and returns which.
func (tb *tablet) refused(path string, form url.Values) string {
	tb.h.t.Helper()
	a := tb.program().post(path, form)
	if a.status != http.StatusConflict {
		tb.h.t.Fatalf("POST %s: %d %s", path, a.status, a.body)
	}
	v := a.json(tb.h.t)
	if v["message"] == "" {
		tb.h.t.Errorf("%s is refused without a sentence", path)
	}
	name, _ := v["refused"].(string)
	return name
}

// file is one file of an upload.
type file struct{ field, name, body string }

func (tb *tablet) upload(path string, fields url.Values, files ...file) answer {
	tb.h.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name := range fields {
		m.WriteField(name, fields.Get(name))
	}
	for _, f := range files {
		h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + f.field + `"; filename="` + strings.ReplaceAll(f.name, `"`, "%22") + `"`}}
		io.WriteString(must(m.CreatePart(h))(tb.h.t), f.body)
	}
	m.Close()
	r := must(http.NewRequest(http.MethodPost, tb.h.server.URL+path, &b))(tb.h.t)
	r.Header.Set("Content-Type", m.FormDataContentType())
	if tb.accept != "" {
		r.Header.Set("Accept", tb.accept)
	}
	res := must(tb.client.Do(r))(tb.h.t)
	defer res.Body.Close()
	return answer{res.StatusCode, res.Header, string(must(io.ReadAll(res.Body))(tb.h.t))}
}

// filledTemplate is the room's own form, filled in by an office.
func filledTemplate(tb *tablet, rows ...[]string) string {
	t := tb.h.t
	t.Helper()
	empty := tb.get("/people/template.xlsx")
	f := must(excelize.OpenReader(strings.NewReader(empty.body)))(t)
	for i, row := range rows {
		cell := must(excelize.CoordinatesToCellName(1, i+2))(t)
		if err := f.SetSheetRow(f.GetSheetName(0), cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// person finds somebody of the session by name.
func (tb *tablet) person(name string) meeting.SeatView {
	tb.h.t.Helper()
	for _, s := range tb.view().Roll {
		if s.Name == name {
			return s
		}
	}
	tb.h.t.Fatalf("nobody is called %s", name)
	return meeting.SeatView{}
}

func (tb *tablet) addsPerson(name, role, seat string) meeting.PersonID {
	tb.h.t.Helper()
	tb.takes("/people", url.Values{"name": {name}, "role": {role}, "seat": {seat}, "votes": {"1"}})
	return tb.person(name).ID
}

func (tb *tablet) addsItem(title string) meeting.ItemID {
	tb.h.t.Helper()
	tb.takes("/items", url.Values{"title": {title}, "minutes": {"20"}})
	agenda := tb.view().Agenda
	return agenda[len(agenda)-1].ID
}
