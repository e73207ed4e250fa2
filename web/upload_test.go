package web

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"phonghop/inbox"
	"phonghop/meeting"
	"phonghop/store"
)

// begins asks to send a file in pieces.
func (tb *tablet) begins(body string) answer {
	return tb.sends(http.MethodPost, "/uploads", strings.NewReader(body), http.Header{"Content-Type": {"application/json"}})
}

// adds sends one piece.
func (tb *tablet) adds(id, offset, piece string) answer {
	return tb.sends(http.MethodPatch, "/uploads/"+id, strings.NewReader(piece), http.Header{offsetHeader: {offset}})
}

func (tb *tablet) sends(method, path string, body io.Reader, header http.Header) answer {
	tb.h.t.Helper()
	r := must(http.NewRequest(method, tb.h.server.URL+path, body))(tb.h.t)
	r.Header = header
	r.Header.Set("Accept", "application/json")
	res := must(tb.client.Do(r))(tb.h.t)
	defer res.Body.Close()
	return answer{res.StatusCode, res.Header, string(must(io.ReadAll(res.Body))(tb.h.t))}
}

func TestAFileComesInPieces(t *testing.T) {
	h, x := withTray(t)
	clerk := h.at(clerkID)
	const ask = `{"item":"item-1","file":"C:\\tai lieu\\Tờ trình.pdf","size":10,"modified":1700000000000}`
	if v := clerk.begins(ask).json(t); v["id"] != "item-1-10" || v["offset"] != 0.0 {
		t.Fatalf("begun: %v", v)
	}
	want := inbox.Upload{Item: anItem, File: "Tờ trình.pdf", Size: 10, Last: 1700000000000, By: clerkID}
	if x.began != want {
		t.Errorf("the inbox was asked for %+v", x.began)
	}
	if a := clerk.adds("item-1-10", "0", "01234"); a.status != http.StatusNoContent || a.header.Get(offsetHeader) != "5" {
		t.Fatalf("the first piece: %d at %s", a.status, a.header.Get(offsetHeader))
	}
	if a := clerk.adds("item-1-10", "0", "01234"); a.status != http.StatusConflict || a.header.Get(offsetHeader) != "5" {
		t.Errorf("a piece twice: %d at %s", a.status, a.header.Get(offsetHeader))
	}
	if v := clerk.begins(ask).json(t); v["offset"] != 5.0 {
		t.Errorf("the same file again: %v", v)
	}
	if a := clerk.adds("item-1-10", "5", "56789"); a.status != http.StatusNoContent || !bytes.Equal(x.sent["item-1-10"], []byte("0123456789")) {
		t.Errorf("the last piece: %d, %q", a.status, x.sent["item-1-10"])
	}
}

func TestWhatIsNotTakenInPieces(t *testing.T) {
	h, x := withTray(t)
	clerk := h.at(clerkID)
	ask := func(item, replaces string, size int64) string {
		return fmt.Sprintf(`{"item":%q,"file":"a.pdf","size":%d,"replaces":%q}`, item, size, replaces)
	}
	for _, test := range []struct {
		name, body string
		status     int
		says       string
	}{
		{"not JSON", "item=1", http.StatusBadRequest, "không đúng"},
		{"nothing in it", ask(anItem, "", 0), http.StatusConflict, "không có nội dung"},
		{"less than nothing", ask(anItem, "", -1), http.StatusConflict, "không có nội dung"},
		{"too large", ask(anItem, "", 300<<20+1), http.StatusRequestEntityTooLarge, "300 MB"},
		{"no such item", ask("none", "", 9), http.StatusConflict, "Không có nội dung này"},
		{"no such paper", ask(anItem, "none", 9), http.StatusConflict, "Không có tài liệu này"},
	} {
		if a := clerk.begins(test.body); a.status != test.status || !strings.Contains(a.body, test.says) {
			t.Errorf("%s: %d %s", test.name, a.status, a.body)
		}
	}
	for _, offset := range []string{"", "-1", "x", "99999999999999999999"} {
		if a := clerk.adds("u", offset, "x"); a.status != http.StatusBadRequest {
			t.Errorf("a piece at %q: %d", offset, a.status)
		}
	}
	if a := clerk.adds("u", "0", strings.Repeat("x", pieceMost+1)); a.status != http.StatusRequestEntityTooLarge || len(x.sent["u"]) > 0 {
		t.Errorf("a piece that is too large: %d, %d bytes taken", a.status, len(x.sent["u"]))
	}
	for err, status := range map[error]int{inbox.ErrNoArrival: http.StatusNotFound, inbox.ErrTooLarge: http.StatusRequestEntityTooLarge, store.ErrFull: http.StatusInsufficientStorage} {
		x.fails = fmt.Errorf("inbox: writing: %w", err)
		if a := clerk.adds("u", "0", "x"); a.status != status || !strings.Contains(a.body, "message") {
			t.Errorf("%v: %d %s", err, a.status, a.body)
		}
	}
	for _, who := range []string{"m0", "m1", "guest"} {
		if a := h.at(who).adds("u", "0", "x"); a.status != http.StatusConflict || !strings.Contains(a.body, string(meeting.NotAllowed)) {
			t.Errorf("%s sends a piece: %d %s", who, a.status, a.body)
		}
	}
}

// A page of another site cannot send files with the secretary's cookie.
func TestAnotherSiteSendsNoFiles(t *testing.T) {
	h, x := withTray(t)
	clerk := h.at(clerkID)
	for _, method := range []string{http.MethodPost, http.MethodPatch} {
		path := map[string]string{http.MethodPost: "/uploads", http.MethodPatch: "/uploads/u"}[method]
		a := clerk.sends(method, path, strings.NewReader("x"), http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://elsewhere.example"}, offsetHeader: {"0"}})
		if a.status != http.StatusForbidden {
			t.Errorf("%s: %d", method, a.status)
		}
	}
	if x.began.Size != 0 || len(x.sent) != 0 {
		t.Error("the inbox was asked")
	}
}
