package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"phonghop/documents"
	"phonghop/meeting"
	"phonghop/press"
	"phonghop/search"
)

// easel is a press of a test: it has what was put on it, and says what was asked.
type easel struct {
	mu      sync.Mutex
	drawn   map[string]press.Image // by ref/page
	failed  map[string]bool
	states  map[documents.Ref]press.State
	wanted  []string
	changed chan struct{}
}

func newEasel() *easel {
	return &easel{drawn: map[string]press.Image{}, failed: map[string]bool{}, states: map[documents.Ref]press.State{}, changed: make(chan struct{})}
}

func onEasel(ref documents.Ref, page int) string { return fmt.Sprintf("%s/%d", ref, page) }

func (e *easel) put(ref documents.Ref, page int, im documents.Ref) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.drawn[onEasel(ref, page)] = press.Image{Ref: im, W: 124, H: 175}
	close(e.changed)
	e.changed = make(chan struct{})
}

func (e *easel) State(ref documents.Ref) press.State {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.states[ref]
}

func (e *easel) Page(ctx context.Context, ref documents.Ref, _ string, page int) (press.Image, error) {
	for {
		e.mu.Lock()
		im, there := e.drawn[onEasel(ref, page)]
		bad, changed := e.failed[onEasel(ref, page)], e.changed
		total := e.states[ref].Total
		if !there {
			e.wanted = append(e.wanted, onEasel(ref, page))
		}
		e.mu.Unlock()
		switch {
		case bad:
			return press.Image{}, press.ErrFailed
		case total > 0 && page > total:
			return press.Image{}, press.ErrNoPage
		case there:
			return im, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return press.Image{}, ctx.Err()
		}
	}
}

func (e *easel) Fine(ctx context.Context, ref documents.Ref, typ string, page int) (press.Image, error) {
	im, err := e.Page(ctx, ref, typ, page)
	return im, err
}

// library is a sitting whose item has papers, with a press and an index.
type library struct {
	*house
	easel *easel
	index *search.Index
	refs  map[string]documents.Ref // documents by the paper's id
}

func newLibrary(t *testing.T, change func(*Config)) *library {
	t.Helper()
	l := &library{easel: newEasel(), refs: map[string]documents.Ref{}}
	l.index = search.New(filepath.Join(t.TempDir(), "search.db"))
	t.Cleanup(func() { l.index.Close() })
	l.house = sitting(t, func(c *Config) {
		c.Press, c.Search = l.easel, l.index
		if change != nil {
			change(c)
		}
	})
	return l
}

// place puts a paper on the item, with so many pages drawn and said words on
// each of them.
func (l *library) place(id string, pages int, words string, change func(*meeting.NewPaper)) {
	l.t.Helper()
	ref, size, err := l.web.Documents.Put(l.t.Context(), strings.NewReader("paper "+id), 1<<20)
	l.check(err)
	l.refs[id] = ref
	n := meeting.NewPaper{ID: meeting.PaperID(id), Item: anItem, Name: id + ".pdf", Ref: string(ref), Size: size, Type: "application/pdf"}
	if change != nil {
		change(&n)
	}
	l.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.PlacePaper(a, n) })
	d := meeting.Drawn{Paper: n.ID, From: 1, Total: pages, Renderer: "pdfium"}
	var texts []search.Page
	for i := range pages {
		im := l.picture(id, i+1)
		l.easel.put(ref, i+1, im)
		d.Images, d.W, d.H = append(d.Images, string(im)), append(d.W, 124), append(d.H, 175)
		texts = append(texts, search.Page{Number: i + 1, Text: words, Words: []search.Word{{Text: words, X: 0.1, Y: 0.2, W: 0.3, H: 0.02}}})
	}
	l.easel.states[ref] = press.State{Total: pages, Drawn: pages}
	if pages > 0 {
		l.do("", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.DrawPages(a, d) })
		l.check(l.index.Put(l.t.Context(), string(ref), texts))
	}
}

// picture is a page of its own, kept as a document.
func (l *library) picture(id string, page int) documents.Ref {
	l.t.Helper()
	im := image.NewRGBA(image.Rect(0, 0, 124, 175))
	for i := range 124 * 175 {
		im.Set(i%124, i/124, color.RGBA{uint8(len(id) * 20), id[len(id)-1] * 7, uint8(page * 60), 255})
	}
	var b bytes.Buffer
	l.check(jpeg.Encode(&b, im, nil))
	ref, _, err := l.web.Documents.PutBytes(l.t.Context(), b.Bytes())
	l.check(err)
	return ref
}

func (l *library) end() {
	l.t.Helper()
	l.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.CloseItem(a, anItem) })
	l.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) })
}

func holds(t *testing.T, what, body string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(body, part) {
			t.Errorf("%s does not hold %q", what, part)
		}
	}
}

func holdsNot(t *testing.T, what, body string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(body, part) {
			t.Errorf("%s holds %q", what, part)
		}
	}
}

func TestAPaperIsReadPageByPage(t *testing.T) {
	l := newLibrary(t, nil)
	l.place("ke-hoach", 3, "kế hoạch vốn", nil)
	tb := l.at("m1")
	holds(t, "home", tb.get("/member").body, `href="/papers/ke-hoach/read"`, "3 trang")
	page := tb.get("/papers/ke-hoach/read?page=2")
	im := string(l.picture("ke-hoach", 2))
	holds(t, "page 2", page.body, "/papers/ke-hoach/pages/2/"+im, `page=1"`, `page=3"`, "/ 3", `id="sheet"`, `data-live="member"`)
	if link := page.header.Get("Link"); link != "</papers/ke-hoach/pages/2/"+im+">; rel=preload; as=image" {
		t.Errorf("the picture is not announced: %q", link)
	}
	holdsNot(t, "page 2", page.body, "/opened", "http-equiv=\"refresh\"")
	for path, want := range map[string]string{"?page=99": `data-page="3"`, "?page=0": `data-page="1"`, "?page=x": `data-page="1"`, "": `data-page="1"`} {
		holds(t, path, tb.get("/papers/ke-hoach/read"+path).body, want)
	}
	part := tb.send(http.MethodGet, "/papers/ke-hoach/read?page=3", nil, http.Header{"Hx-Request": {"true"}})
	holds(t, "part", part.body, `id="leaf"`, `id="pager"`, `data-page="3"`)
	holdsNot(t, "part", part.body, "<html", "page=4")
	strip := tb.get("/papers/ke-hoach/read?part=thumbs&page=2")
	holds(t, "strip", strip.body, `data-leaf="1"`, `data-leaf="3"`, "/papers/ke-hoach/thumbs/2/"+im, `aria-current="page"`)
}

func TestAVoteCoversTheReader(t *testing.T) {
	l := newLibrary(t, nil)
	l.place("ke-hoach", 1, "kế hoạch", nil)
	tb := l.at("m1")
	line := tb.live("member")
	line.panels()
	l.openVote()
	holds(t, "the stream", line.until("sheet-vote").data, `hx-target="#sheet"`, "/votes/"+aVote+"/ballot")
	holds(t, "the reader", tb.get("/papers/ke-hoach/read").body, "sheet-vote", "/votes/"+aVote+"/ballot")
	holds(t, "the chair's", l.at("m0").get("/member/call").body, "Đang biểu quyết", `href="/chair"`)
}

func TestPicturesKeepTheirAddress(t *testing.T) {
	l := newLibrary(t, nil)
	l.place("ke-hoach", 2, "kế hoạch", nil)
	l.place("kin", 1, "kín", func(n *meeting.NewPaper) { n.Recall = true })
	tb := l.at("m1")
	one, two := string(l.picture("ke-hoach", 1)), string(l.picture("ke-hoach", 2))
	a := tb.get("/papers/ke-hoach/pages/2")
	if a.status != http.StatusFound || a.to() != "/papers/ke-hoach/pages/2/"+two || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("page 2 leads to %q (%d, %s)", a.to(), a.status, a.header.Get("Cache-Control"))
	}
	a = tb.get(a.to())
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "image/jpeg" || a.header.Get("Cache-Control") != "private, max-age=31536000, immutable" {
		t.Errorf("the picture: %d %v", a.status, a.header)
	}
	if again := tb.send(http.MethodGet, "/papers/ke-hoach/pages/2/"+two, nil, http.Header{"If-None-Match": {a.header.Get("ETag")}}); again.status != http.StatusNotModified {
		t.Errorf("asked again: %d", again.status)
	}
	for _, foreign := range []string{one, string(l.refs["ke-hoach"]), string(l.picture("kin", 1)), strings.Repeat("0", 64), "x"} {
		if a := tb.get("/papers/ke-hoach/pages/2/" + foreign); a.to() != "/papers/ke-hoach/pages/2" {
			t.Errorf("%s under page 2: %d to %q", foreign, a.status, a.to())
		}
	}
	if a := tb.get("/papers/kin/pages/1/" + string(l.picture("kin", 1))); a.status != http.StatusOK || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a paper to be returned is kept: %s", a.header.Get("Cache-Control"))
	}
	if a := tb.get("/papers/kin/kin.pdf"); a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the file of a paper to be returned is kept: %s", a.header.Get("Cache-Control"))
	}
	small := tb.get(tb.get("/papers/ke-hoach/thumbs/1").to())
	if c, err := jpeg.DecodeConfig(strings.NewReader(small.body)); err != nil || c.Width != 124 {
		t.Errorf("the small page: %v %v", c.Width, err)
	}
	if a := tb.get(tb.get("/papers/ke-hoach/fine/1").to()); a.status != http.StatusOK {
		t.Errorf("the fine page: %d", a.status)
	}
}

func TestPagesThatAreNotThere(t *testing.T) {
	l := newLibrary(t, nil)
	l.place("cham", 0, "", nil)
	ref := l.refs["cham"]
	tb := l.at("m1")
	page := tb.get("/papers/cham/read")
	holds(t, "a page in the making", page.body, "Trang đang được dựng…", `href="/papers/cham/pages/1"`, `http-equiv="refresh"`)
	came := make(chan answer)
	go func() { came <- tb.get("/papers/cham/pages/1") }()
	im := l.picture("cham", 1)
	l.easel.put(ref, 1, im)
	if a := <-came; a.to() != "/papers/cham/pages/1/"+string(im) {
		t.Errorf("a page waited for leads to %q (%d)", a.to(), a.status)
	}
	if a := tb.get("/papers/cham/thumbs/2"); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("a small page is waited for: %d", a.status)
	}
	l.easel.mu.Lock()
	l.easel.failed[onEasel(ref, 2)] = true
	l.easel.mu.Unlock()
	failed := tb.get("/papers/cham/read?page=2")
	holds(t, "a failed page", failed.body, "Trang này không dựng được, mở bản gốc", "/papers/cham/cham.pdf")
	holdsNot(t, "a failed page", failed.body, "<image")
	if a := tb.get("/papers/cham/pages/2"); a.status != http.StatusNotFound {
		t.Errorf("a failed picture: %d", a.status)
	}
	bare := sitting(t, nil)
	bare.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.PlacePaper(a, meeting.NewPaper{ID: "x", Item: anItem, Name: "x.pdf", Ref: strings.Repeat("a", 64), Type: "application/pdf"})
	})
	reader := bare.at("m1")
	holds(t, "a room without a press", reader.get("/papers/x/read").body, "không dựng trang tài liệu", "Mở bản gốc")
	holds(t, "a room without an index", reader.get("/search?q=von").body, "không có mục tìm")
}

// rightsOf is who may read which paper: the same for pages, pictures, files,
// search and cards.
var rightsOf = map[string]map[string]bool{
	"chung":  {"m1": true, "m2": true, "guest": true, "m0": true, clerkID: true},
	"ta":     {"m1": true, "m2": true, "m0": true, clerkID: true},
	"rieng":  {"m1": true, "m0": true, clerkID: true},
	"muc-ba": {"m1": true, "m2": true, "m0": true, clerkID: true},
}

func TestNobodyReadsWhatIsNotTheirs(t *testing.T) {
	l := newLibrary(t, nil)
	l.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AddItem(a, "item-2", meeting.NewItem{Title: "Mục khác", Minutes: 10})
	})
	l.place("chung", 1, "ngân sách chung", nil)
	l.place("ta", 1, "ngân sách nội bộ", func(n *meeting.NewPaper) { n.Readers = meeting.ReadersMembers })
	l.place("rieng", 1, "ngân sách riêng", func(n *meeting.NewPaper) { n.Readers, n.People = meeting.ReadersNamed, []meeting.PersonID{"m1"} })
	l.place("muc-ba", 1, "ngân sách mục khác", func(n *meeting.NewPaper) { n.Item = "item-2" })
	for _, who := range []string{"m1", "m2", "guest", "m0", clerkID} {
		tb := l.at(who)
		if home := tb.get("/member").body; who != "m0" && who != clerkID && strings.Contains(home, "Tài liệu gửi riêng") != (who == "m1") {
			t.Errorf("%s has papers of their own at home, or has lost them", who)
		}
		found := tb.get("/search?q=ngan+sach").body
		cards := tb.get("/items/"+anItem).body + tb.get("/items/item-2").body
		for paper, may := range rightsOf {
			want := http.StatusNotFound
			if may[who] {
				want = http.StatusOK
			}
			im := string(l.picture(paper, 1))
			for _, path := range []string{"/read", "/read?part=thumbs", "/pages/1/" + im, "/thumbs/1/" + im, "/fine/1/" + im, "/" + paper + ".pdf"} {
				if a := tb.get("/papers/" + paper + path); a.status != want {
					t.Errorf("%s gets %d for %s%s, want %d", who, a.status, paper, path, want)
				}
			}
			if got := strings.Contains(found, "/papers/"+paper+"/read"); got != may[who] {
				t.Errorf("%s finds %s: %v", who, paper, got)
			}
			if got := strings.Contains(cards, "/papers/"+paper+"/read"); got != may[who] {
				t.Errorf("%s has a card of %s: %v", who, paper, got)
			}
		}
	}
	if a := l.tablet().get("/papers/chung/read"); a.to() != "/join" {
		t.Errorf("a stranger is led to %q", a.to())
	}
}

func TestAPaperToBeReturnedEndsWithTheSession(t *testing.T) {
	l := newLibrary(t, nil)
	l.place("kin", 1, "mật lệnh", func(n *meeting.NewPaper) { n.Recall = true })
	tb := l.at("m1")
	holds(t, "the reader", tb.get("/papers/kin/read").body, "TRẢ LẠI SAU KHI HỌP", `id="recalled-`)
	line := tb.live("member&at=reader")
	line.panels()
	l.end()
	holds(t, "the stream", line.until("đã được thu hồi").data, `hx-target="#recalled-`)
	for _, path := range []string{"/read", "/pages/1", "/pages/1/" + string(l.picture("kin", 1)), "/thumbs/1/" + string(l.picture("kin", 1)), "/kin.pdf"} {
		a := tb.get("/papers/kin" + path)
		if a.status != http.StatusGone || !strings.Contains(a.body, "thu hồi") {
			t.Errorf("after closing %s answers %d", path, a.status)
		}
	}
	holdsNot(t, "search", tb.get("/search?q=mat+lenh").body, "kin/read", "mật lệnh")
	if a := l.at(clerkID).get("/papers/kin/read"); a.status != http.StatusOK {
		t.Errorf("the secretary keeps it: %d", a.status)
	}
}

func TestVersions(t *testing.T) {
	l := newLibrary(t, nil)
	l.place("a", 8, "bản một", nil)
	tb := l.at("m1")
	line := tb.live("member&at=reader")
	line.panels()
	l.place("b", 8, "bản hai", func(n *meeting.NewPaper) { n.Replaces = "a" })
	holds(t, "the stream", line.until("Đã có bản 2").data, `hx-target="#newer-a"`, "/papers/b/read?page=1")
	holds(t, "the old one", tb.get("/papers/a/read?page=2").body, "Đã có bản 2", `data-page="2"`, `id="newer-a"`)
	holds(t, "the new one", tb.get("/papers/b/read?page=2").body, "Bản 2", "Xem bản trước", "/papers/a/read?page=2", `data-leaf="6"`)
	holdsNot(t, "the new one", tb.get("/papers/b/read").body, "Đã có bản")
	l.place("c", 8, "bản ba", func(n *meeting.NewPaper) { n.Replaces = "b" })
	holds(t, "the oldest", tb.get("/papers/a/read").body, "Đã có bản 3", "/papers/c/read")
}

func TestReceiptsAreOffUnlessTheSessionKeepsThem(t *testing.T) {
	for _, kept := range []bool{false, true} {
		l := newLibrary(t, nil)
		if kept {
			l.receipts()
		}
		l.place("a", 1, "x", nil)
		tb := l.at("m1")
		form := `hx-post="/papers/a/opened" hx-trigger="load"`
		if got := strings.Contains(tb.get("/papers/a/read").body, form); got != kept {
			t.Errorf("the reader tells of itself: %v, want %v", got, kept)
		}
		tb.post("/papers/a/opened", nil)
		tb.post("/papers/a/opened", nil)
		x := must(l.room.State().Session.PaperOf(clerkID, "a"))(t)
		if got := x.Opened == 1 && x.OpenedBy[0] == "m1"; got != kept || !kept && x.Opened > 0 {
			t.Errorf("recorded: %v, want %v", x.OpenedBy, kept)
		}
		if a := l.at("guest").post("/papers/none/opened", nil); a.status == http.StatusOK {
			t.Errorf("a paper that is not there was opened")
		}
	}
}

// receipts puts a session in the room that records who opens papers.
func (l *library) receipts() {
	l.t.Helper()
	l.end()
	l.prepareNext(true)
	l.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AddItem(a, anItem, meeting.NewItem{Title: "Vốn đầu tư công", Minutes: 20})
	})
	l.do(clerkID, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.MarkAll(a, []meeting.PersonID{"m0", "m1", "m2"})
	})
	l.issue()
	l.do("m0", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
}

func TestASharedTabletForgets(t *testing.T) {
	l := newLibrary(t, nil)
	const all = `"cache", "storage"`
	if a := l.tablet().get("/enter/" + l.cards["m1"].Token); a.header.Get("Clear-Site-Data") != "" {
		t.Errorf("a tablet that nobody had forgets something")
	}
	tb := l.at("m1")
	if a := tb.get("/enter/" + l.cards["m2"].Token); a.header.Get("Clear-Site-Data") != all {
		t.Errorf("another person finds the papers kept: %v", a.header)
	}
	if a := tb.post("/leave", nil); a.header.Get("Clear-Site-Data") != all {
		t.Errorf("leaving forgets nothing: %v", a.header)
	}
}
