package inbox

import (
	"sync/atomic"
	"testing"

	"phonghop/documents"
	"phonghop/meeting"
)

// A PDF that only forbids printing says "encrypted" too. The drawing could open
// it, so it is a paper like any other.
func TestAPDFThatNeedsNoPasswordIsTaken(t *testing.T) {
	var drawn atomic.Int64
	h := enter(t, t.TempDir(), func(c *Config) {
		c.Drawn = func(documents.Ref) (int, int, meeting.Trouble) { return int(drawn.Load()), 9, "" }
	})
	h.drop(item3+"/x.pdf", []byte("%PDF-1.4\ntrailer<</Encrypt 5 0 R>>\n%%EOF"))
	h.waits("x.pdf", meeting.ArrivalWaiting, meeting.TroubleEncrypted)
	drawn.Store(3)
	h.Wake()
	h.paper("i3", "x")
}

func TestASessionSetToAutomaticTakesNewPapersOnly(t *testing.T) {
	h := enter(t, t.TempDir(), nil)
	h.do(func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		head := s.Header()
		head.AutoPapers = true
		return s.Change(a, head, s.Rules())
	})
	h.open()
	h.drop(item3+"/a.pdf", pdf("một"))
	h.paper("i3", "a")
	h.drop(item3+"/a.pdf", pdf("hai, dài hơn"))
	h.waits("a.pdf", meeting.ArrivalWaiting, "")
}
