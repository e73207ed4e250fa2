package main

import (
	"net/http"
	"slices"
	"sync/atomic"

	"github.com/chromedp/chromedp"
)

const (
	writing  = "ĐANG GHI…"
	recorded = "ĐÃ GHI 09:42:17"
	other    = "Chạm để đổi"
)

func ballotIsRecorded(b *tab) {
	b.open()
	answer := make(chan struct{})
	b.answers(func(w http.ResponseWriter, q *http.Request) { <-answer; receipt(w, q) })
	b.cast("for")
	b.key("for", "writing", writing)
	b.shows("#count", b.room.change(nil)) // sixty others vote meanwhile
	b.key("for", "writing", writing)
	close(answer)
	b.key("for", "recorded", recorded)
	b.key("against", "other", other)
	b.shows("#receipt", "09:42:17K7Q2")
	b.seen("#receipt", true)
	b.seen("#idle", false)
	b.shows("#count", b.room.change(nil)) // drawn before the ballot reached the page
	b.key("for", "recorded", recorded)
	b.room.change(func(s *state) { s.Stands, s.NextN = "for", 2 })
	b.key("for", "recorded", "ĐÃ GHI")
}

func answersAreLost(b *tab) {
	b.open()
	var tries atomic.Int32
	b.answers(func(w http.ResponseWriter, q *http.Request) {
		switch tries.Add(1) {
		case 1, 2:
			panic(http.ErrAbortHandler)
		case 3:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 4:
			<-q.Context().Done()
		default:
			receipt(w, q)
		}
	})
	b.cast("against")
	b.key("against", "recorded", recorded)
	for _, tap := range b.taps() {
		if tap != "1 against" {
			b.t.Errorf("one tap arrived as %q", b.taps())
		}
	}
}

func newerTapTakesOver(b *tab) {
	b.room.change(func(s *state) { s.Stands, s.NextN = "abstain", 4 })
	b.open()
	old := make(chan struct{})
	b.answers(func(w http.ResponseWriter, q *http.Request) {
		if q.PostForm.Get("n") == "4" {
			<-old
		}
		receipt(w, q)
	})
	b.cast("for")
	b.key("abstain", "recorded", "ĐÃ GHI") // what stands stays drawn as standing
	b.key("for", "writing", writing)
	b.seen("#late", true)
	b.seen("#help", true)
	b.cast("against")
	b.key("against", "recorded", recorded)
	b.key("for", "other", other)
	close(old)
	b.shows("#count", b.room.change(nil))
	b.key("against", "recorded", recorded)
	b.seen("#late", false)
	if taps := b.taps(); taps[len(taps)-1] != "5 against" {
		b.t.Errorf("arrived: %q", taps)
	}
}

func ballotIsRefused(b *tab) {
	b.open()
	b.answers(func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusConflict, map[string]any{"refused": "not-present", "message": "Chưa điểm danh."})
	})
	b.cast("for")
	b.shows("#refused", "Chưa điểm danh.")
	b.seen("#refused", true)
	b.key("for", "", "")
	b.answers(func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusConflict, map[string]any{"refused": "vote-ended", "message": "Đã đóng biểu quyết.",
			"ballot": map[string]any{"entry": 5, "n": 3, "at": "2026-11-24T09:42:17+07:00", "choice": "abstain", "code": "M2M2"}})
	})
	b.cast("for")
	b.shows("#refused", "Đã đóng biểu quyết.")
	b.key("abstain", "recorded", recorded)
	if taps := b.taps(); !slices.Equal(taps, []string{"1 for", "2 for"}) {
		b.t.Errorf("arrived: %q", taps)
	}
}

func voteClosesMeanwhile(b *tab) {
	b.open()
	closed := make(chan struct{})
	b.answers(func(w http.ResponseWriter, _ *http.Request) {
		<-closed
		answerJSON(w, http.StatusConflict, map[string]any{"refused": "vote-ended", "message": "Đã đóng biểu quyết."})
	})
	b.cast("for")
	b.room.change(func(s *state) { s.Open = false })
	b.becomes(`document.querySelector("form[data-ballot]") === null`)
	close(closed)
	b.shows("#notice", "Đã đóng biểu quyết.")
}

func pageOpenedAnew(b *tab) {
	b.open()
	b.answers(func(w http.ResponseWriter, q *http.Request) { <-q.Context().Done() })
	b.cast("for")
	b.key("for", "writing", writing)
	b.do(chromedp.Reload())
	b.answers(receipt)
	b.cast("against")
	b.key("against", "recorded", recorded)
	if taps := b.taps(); taps[len(taps)-1] != "2 against" {
		b.t.Errorf("a tap after a reload did not take the next number: %q", taps)
	}
}
