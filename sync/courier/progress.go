package courier

import "time"

// Progress is how far an errand has come, in the three columns: here, sent,
// confirmed. Only the third is done.
type Progress struct {
	Logs      map[string]*LogProgress
	Bytes     int64 // of papers to send
	BytesSent int64
	Rate      float64       // bytes a second so far
	Left      time.Duration // 0: not known, or done
	order     []string
}

// LogProgress counts entries.
type LogProgress struct {
	Here, Sent, Confirmed int64
	At                    time.Time // of the receipt
}

// Order names the logs as they are delivered, the room's own first.
func (p *Progress) Order() []string { return p.order }

// Done tells whether everything here is confirmed.
func (p *Progress) Done() bool {
	for _, l := range p.Logs {
		if l.Confirmed < l.Here {
			return false
		}
	}
	return true
}

func (p *Progress) send(log string, end int64) {
	if l := p.Logs[log]; l != nil {
		l.Sent, l.Here = end, max(l.Here, end)
	}
}

func (p *Progress) confirm(log string, size int64, at time.Time) {
	if l := p.Logs[log]; l != nil {
		l.Confirmed, l.At, l.Sent = size, at, max(l.Sent, size)
	}
}

// tell hands the progress on, with what is left at the rate so far.
func (c *Courier) tell() {
	if c.Told == nil {
		return
	}
	if took := c.Now().Sub(c.began).Seconds(); took > 0.5 && c.p.BytesSent > 0 {
		c.p.Rate = float64(c.p.BytesSent) / took
		c.p.Left = time.Duration(float64(max(c.p.Bytes-c.p.BytesSent, 0)) / c.p.Rate * float64(time.Second))
	}
	c.Told(c.p.copied())
}

// copied can be kept by whoever is told.
func (p *Progress) copied() Progress {
	out := *p
	out.Logs = make(map[string]*LogProgress, len(p.Logs))
	for name, l := range p.Logs {
		one := *l
		out.Logs[name] = &one
	}
	return out
}
