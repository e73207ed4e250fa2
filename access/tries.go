package access

import (
	"net/netip"
	"sync"
	"time"
)

const (
	freeTries   = 5 // before a device is slowed
	firstWait   = 5 * time.Second
	longestWait = 5 * time.Minute
	forgiven    = 15 * time.Minute // without a wrong try
	mostDevices = 4096             // remembered at once

	alarmCodes  = 40 // wrong codes in the whole room …
	alarmWithin = 10 * time.Minute
)

// tries counts the wrong codes and PINs of each device, by its cookie and by
// its address. In memory only: a restart forgives.
type tries struct {
	mu    sync.Mutex
	by    map[any]*slip
	codes []time.Time   // the last wrong codes of the room, at most alarmCodes
	pins  map[place]int // wrong PINs of each card, since the start
}

type slip struct {
	count int
	last  time.Time
}

// wait is how long after its last try a device must pause.
func (s slip) wait() time.Duration {
	if s.count < freeTries {
		return 0
	}
	return min(firstWait<<min(s.count-freeTries, 10), longestWait)
}

// begin counts a try before it is judged, so that a hundred at once are counted
// too. right takes it back. A device that must pause is told how long, and that
// does not lengthen the pause.
func (t *tries) begin(d Device, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	slips := t.slips(d, now)
	for _, s := range slips {
		if left := s.last.Add(s.wait()).Sub(now); left > 0 {
			return Slow{left}
		}
	}
	for _, s := range slips {
		s.count++
		s.last = now
	}
	return nil
}

// right takes back the try that begin counted. It forgives no earlier one, or
// whoever has a card could guess between two right codes of their own.
func (t *tries) right(d Device) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, key := range keys(d) {
		if s := t.by[key]; s != nil && s.count > 0 {
			s.count--
		}
	}
}

func (t *tries) slips(d Device, now time.Time) []*slip {
	t.forget(now)
	var list []*slip
	for _, key := range keys(d) {
		s := t.by[key]
		if s == nil {
			s = &slip{}
			t.by[key] = s
		}
		if now.Sub(s.last) >= forgiven {
			s.count = 0
		}
		list = append(list, s)
	}
	return list
}

// keys are what a device is known by. Cookies are kept as hashes.
func keys(d Device) []any {
	var list []any
	if d.Cookie != "" {
		list = append(list, hashOf(d.Cookie))
	}
	if d.Addr.IsValid() {
		list = append(list, d.Addr.Unmap().WithZone(""))
	}
	return list
}

// forget bounds the memory: cookies can be made up without end, addresses of a
// room's network hardly; so cookies go first, and the address stays slowed.
func (t *tries) forget(now time.Time) {
	if t.by == nil {
		t.by = map[any]*slip{}
	}
	if len(t.by) < mostDevices {
		return
	}
	for key, s := range t.by {
		_, address := key.(netip.Addr)
		if now.Sub(s.last) >= forgiven || !address || len(t.by) >= 2*mostDevices {
			delete(t.by, key)
		}
	}
}

// wrongCode notes a wrong code for the whole room.
func (t *tries) wrongCode(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.codes = append(t.codes, now)
	if len(t.codes) > alarmCodes {
		t.codes = t.codes[1:]
	}
}

// alarm: so many wrong codes so quickly are not typing errors, whatever devices
// they came from.
func (t *tries) alarm(now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.codes) == alarmCodes && now.Sub(t.codes[0]) < alarmWithin
}

// wrongPIN counts against a card and says how many it has had; at the last one
// the count begins anew, for the card that follows.
func (t *tries) wrongPIN(p place) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.pins == nil {
		t.pins = map[place]int{}
	}
	t.pins[p]++
	count := t.pins[p]
	if count >= mostWrongPINs {
		delete(t.pins, p)
	}
	return count
}
