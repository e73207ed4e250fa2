// Package announce says on the room's own network "this room is here", so that a
// tablet finds phong-a2.local without anybody typing an address.
//
// Three parts speak multicast DNS (RFC 6762) together. hashicorp/mdns answers for
// the service (DNS-SD, RFC 6763) and pion/mdns for the host name, each of them what
// it does well: pion echoes id and question to one-shot askers and gives each
// network its own address. What neither does is here: probing before a name is
// used, announcing it, saying goodbye, denying at once what the name does not have
// (NSEC), and beginning again when a link or an address changes.
//
// A name is a convenience, never the only door: seat cards carry the address.
// Loopback is never announced on.
package announce

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Config says what to announce.
type Config struct {
	Slug     string // the name wanted: phong-a2, for phong-a2.local
	Instance string // the service's name for people: "Phòng họp A2"
	Service  string // "_phonghop._tcp" and the like; "" = _https._tcp
	Port     int
	Text     []string // key=value
	Log      *slog.Logger
	Poll     time.Duration          // how often links are looked at; 0 = half a second
	Links    func() ([]Link, error) // nil: those of this machine
}

// serviceType is what a browser of services finds us under.
const serviceType = "_https._tcp"

// namesMost is how many names are tried: phong-a2, phong-a2-2, …
const namesMost = 50

var errNames = errors.New("every name is taken")

// Announcer announces a room until it is closed.
type Announcer struct {
	Config
	stop chan struct{}
	gone chan struct{}
	once sync.Once
	name atomic.Value // string
	told chan struct{}
}

// Start begins announcing. That there is no network yet is no error: it is
// announced when one comes.
func Start(c Config) *Announcer {
	if c.Poll == 0 {
		c.Poll = 500 * time.Millisecond
	}
	if c.Service == "" {
		c.Service = serviceType
	}
	if c.Links == nil {
		c.Links = Links
	}
	a := &Announcer{Config: c, stop: make(chan struct{}), gone: make(chan struct{}), told: make(chan struct{}, 1)}
	a.name.Store("")
	go a.run()
	return a
}

// Close says goodbye, so that no cache keeps the name, and ends.
func (a *Announcer) Close() error {
	a.once.Do(func() { close(a.stop) })
	<-a.gone
	return nil
}

// Name is the name that is announced now, "phong-a2.local"; "" while none is.
func (a *Announcer) Name() string { return a.name.Load().(string) }

// Changes is told, without waiting, when Name has changed.
func (a *Announcer) Changes() <-chan struct{} { return a.told }

func (a *Announcer) called(name string) {
	if a.name.Swap(name) != name {
		select {
		case a.told <- struct{}{}:
		default:
		}
	}
}

// run owns everything that is open on the network.
func (a *Announcer) run() {
	defer close(a.gone)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { <-a.stop; cancel() }()
	for ctx.Err() == nil {
		links := a.links()
		if len(links) > 0 {
			a.while(ctx, links)
		}
		a.called("")
		a.changed(ctx, links)
	}
}

func (a *Announcer) links() []Link {
	links, err := a.Links()
	if err != nil {
		a.Log.Warn("looking at the network links", "err", err)
	}
	return links
}

// changed waits until the links are other than these.
func (a *Announcer) changed(ctx context.Context, links []Link) {
	look := time.NewTicker(a.Poll)
	defer look.Stop()
	for {
		if now := a.links(); !slices.EqualFunc(now, links, Link.equal) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}

// while announces on these links as long as they stay as they are and nobody
// else takes the name.
func (a *Announcer) while(ctx context.Context, links []Link) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { a.changed(ctx, links); cancel() }()
	for ctx.Err() == nil {
		if err := a.sit(ctx, links); err != nil && ctx.Err() == nil {
			a.Log.Warn("announcing the room", "err", err)
			pause(ctx, 5*time.Second)
		}
	}
}

// sit takes a name and answers to it until ctx ends or the name is lost.
func (a *Announcer) sit(ctx context.Context, links []Link) error {
	t, err := newTalker(links)
	if err != nil {
		return err
	}
	defer t.close()
	name, err := a.claim(ctx, t)
	if err != nil || ctx.Err() != nil {
		return err
	}
	z := newZone(a.Config, name, t)
	t.answer(z.reply)
	stop, err := serve(z, links)
	if err != nil {
		return err
	}
	defer stop()
	a.called(strings.TrimSuffix(name, "."))
	a.Log.Info("announced", "name", name, "links", describe(links))
	defer func() { t.say(z.goodbye) }()
	for _, wait := range []time.Duration{0, time.Second, 2 * time.Second} {
		if pause(ctx, wait) {
			t.say(z.all)
		}
	}
	return t.lost(ctx, name)
}

// claim finds a name that nobody on any of the links answers to.
func (a *Announcer) claim(ctx context.Context, t *talker) (string, error) {
	for n := 1; n <= namesMost; n++ {
		name := a.Slug
		if n > 1 {
			name += "-" + strconv.Itoa(n)
		}
		name += ".local."
		taken, err := t.probe(ctx, name)
		if err != nil || ctx.Err() != nil {
			return "", err
		}
		if !taken {
			return name, nil
		}
		a.Log.Info("the name is taken by another host", "name", name)
	}
	return "", errNames
}

// pause waits; false: ctx has ended meanwhile.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return ctx.Err() == nil
	}
}

func describe(links []Link) string {
	var all []string
	for _, l := range links {
		all = append(all, fmt.Sprint(l.Name, l.Addrs))
	}
	return strings.Join(all, " ")
}
