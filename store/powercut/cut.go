package powercut

import (
	"maps"
	"math/rand/v2"
	"slices"
)

// Manner is how a cut treats what was not synced.
type Manner int

// The extremes come first: they find what rests on luck. The random ones find
// what rests on order.
const (
	Oldest  Manner = iota // nothing since the last sync was kept
	Newest                // everything was
	InOrder               // everything up to some call
	Pages                 // each page in any of its states
	Sectors               // each sector of each page
	LostOne               // all but one page
	KeptOne               // one page only
	manners
)

// cut is one power cut: how, and its dice.
type cut struct {
	Manner
	rng  *rand.Rand
	last int // InOrder: the last call that was kept
}

// Cut is what the folder may hold if the power goes now. The seed decides among
// the possibilities; the same seed gives the same folder.
func (d *Disk) Cut(seed uint64) Image {
	rng := rand.New(rand.NewPCG(seed, uint64(d.applied)))
	c := cut{Manner: Manner(rng.IntN(int(manners))), rng: rng}
	c.last = d.applied - rng.IntN(1<<rng.IntN(12))
	image := Image{}
	names := c.names(d.durable, d.pending)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !isIndex(name) {
			image[name] = names[name].after(c)
		}
	}
	if d.shm && rng.IntN(4) == 0 {
		for name := range d.names {
			if isIndex(name) {
				image[name] = rubbish(rng)
			}
		}
	}
	return image
}

// keeps decides one thing that happened at a call.
func (c cut) keeps(op int) bool {
	switch c.Manner {
	case Oldest, KeptOne:
		return false
	case Newest, LostOne:
		return true
	case InOrder:
		return op <= c.last
	}
	return c.rng.IntN(2) == 0
}

func (c cut) names(durable map[string]*file, pending []naming) map[string]*file {
	names := maps.Clone(durable)
	for _, n := range pending {
		if c.keeps(n.op) {
			n.apply(names)
		}
	}
	return names
}

func (c cut) size(sizes []sized) int64 {
	switch c.Manner {
	case Oldest:
		return sizes[0].size
	case Newest, LostOne, KeptOne:
		return sizes[len(sizes)-1].size
	case InOrder:
		at := 0
		for i, s := range sizes {
			if s.op <= c.last {
				at = i
			}
		}
		return sizes[at].size
	}
	return sizes[c.rng.IntN(len(sizes))].size
}

// page chooses among the states of a page; odd marks the one page that fares
// otherwise than the rest.
func (c cut) page(states []state, odd bool) []byte {
	newest, oldest := states[len(states)-1].bytes, states[0].bytes
	switch c.Manner {
	case Oldest:
		return oldest
	case Newest:
		return newest
	case InOrder:
		return c.inOrder(states)
	case LostOne:
		if odd {
			return oldest
		}
		return newest
	case KeptOne:
		if odd {
			return newest
		}
		return oldest
	case Sectors:
		return c.torn(states)
	}
	return states[c.rng.IntN(len(states))].bytes
}

func (c cut) inOrder(states []state) []byte {
	at := 0
	for i, s := range states {
		if s.op <= c.last {
			at = i
		}
	}
	return states[at].bytes
}

func (c cut) torn(states []state) []byte {
	out := make([]byte, 0, pageSize)
	for at := 0; at < pageSize; at += sectorSize {
		out = append(out, states[c.rng.IntN(len(states))].bytes[at:at+sectorSize]...)
	}
	return out
}
