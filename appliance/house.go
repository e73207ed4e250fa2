package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sync/errgroup"

	"phonghop/access"
	"phonghop/documents"
	"phonghop/dossier"
	"phonghop/drafts"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/rehearsal"
	"phonghop/room"
	"phonghop/search"
	"phonghop/store"
	"phonghop/sync/courier"
	"phonghop/web"
)

// reserveSize is laid aside on the disk for the day it is full: enough for the
// entries and the filed minutes of one session's end.
const reserveSize = 32 << 20

// The prefixes of a journal's origins.
const (
	prefixRoom = "phonghop"
	prefixDemo = "phonghop-demo"
)

// house is a data folder at work: everything that is opened once and closed at
// the end, in the opposite order.
type house struct {
	dir      string
	log      *slog.Logger
	folder   *store.Folder
	journal  *journal.Journal
	papers   *documents.Store
	access   *access.Access
	room     *room.Room
	errands  *courier.Errands
	backups  *backups
	reserve  *store.Reserve
	receipts *courier.Receipts
	clock    stagedClock
	work     paperWork
	drafts   *drafts.Store
	index    *search.Index
	seats    []seatLink    // the demo's; nil elsewhere
	settled  chan struct{} // closed once the first page may be out: what can wait waits for it

	opening sync.Mutex     // guards open while parts are opened side by side
	open    []func() error // closes what is open, in the order in which it was opened
}

// openHouse takes the data folder's lock and opens what lies in it. A first
// start founds it: the key first, then the journal it signs.
func openHouse(ctx context.Context, o serveOptions, log *slog.Logger) (h *house, err error) {
	h = &house{dir: o.data, log: log, settled: make(chan struct{})}
	if err := checkFolder(o.data, o.demo); err != nil {
		return nil, err
	}
	if h.folder, err = store.LockFolder(o.data); err != nil {
		return nil, err
	}
	h.closing(h.folder.Close)
	if err := rehearsal.Sweep(o.data); err != nil {
		return nil, errors.Join(err, h.close())
	}
	if o.demo {
		if err := clearUnfinished(o.data); err != nil {
			return nil, errors.Join(err, h.close())
		}
	}
	if err := h.openWithReserve(ctx, o.demo); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

// openWithReserve opens the parts of a room. A full disk must not keep people
// out of it: the reserve is given up and the parts are opened once more.
func (h *house) openWithReserve(ctx context.Context, demo bool) (err error) {
	if h.reserve, err = store.OpenReserve(h.dir, reserveSize); err != nil {
		return err
	}
	kept := len(h.open)
	err = h.openParts(ctx, demo)
	if !errors.Is(err, store.ErrFull) || !h.reserve.Held() {
		return err
	}
	h.log.Warn("the disk is full: giving up the reserve to open the room", "err", err)
	if err := errors.Join(h.closeTo(kept), h.reserve.Release()); err != nil {
		return err
	}
	return h.openParts(ctx, demo)
}

// openParts opens the journal with the room, and beside them what knows of neither:
// each waits for the disk a few times, and a start should not add that up. What the
// first page does not need opens itself when it is asked for something. Where the
// first start was cut off, nothing lies in the folder that a journal did not precede:
// by that the next start knows the folder.
func (h *house) openParts(ctx context.Context, demo bool) error {
	var parts errgroup.Group
	if _, err := os.Stat(filepath.Join(h.dir, "journal.db")); err != nil {
		if err := h.openRoom(ctx, demo); err != nil {
			return err
		}
	} else {
		parts.Go(func() error { return h.openRoom(ctx, demo) })
	}
	parts.Go(func() (err error) {
		h.access, err = access.Open(ctx, h.dir, h.clock.now())
		return h.opened(h.access, err)
	})
	parts.Go(func() (err error) {
		h.papers, err = documents.Open(filepath.Join(h.dir, "documents"))
		return err
	})
	if err := parts.Wait(); err != nil {
		return err
	}
	h.receipts = courier.NewReceipts(filepath.Join(h.dir, receiptsFile))
	h.drafts = drafts.New(filepath.Join(h.dir, "drafts.db"))
	h.index = search.New(filepath.Join(h.dir, "search.db"))
	h.closing(h.receipts.Close)
	h.closing(h.drafts.Close)
	h.closing(h.index.Close)
	return nil
}

// openRoom opens the journal, and the room that writes it. A demo never goes on with
// a real room's, nor a room with a demo's.
func (h *house) openRoom(ctx context.Context, demo bool) error {
	prefix := prefixRoom
	if demo {
		prefix = prefixDemo
	}
	key, err := journal.OpenKey(h.dir)
	if err != nil {
		return err
	}
	reading := room.Read()
	h.journal, err = journal.Open(ctx, journal.Config{Path: filepath.Join(h.dir, "journal.db"), Key: key, Prefix: prefix, Follow: reading.Take})
	reading.End()
	if errors.Is(err, journal.ErrPrefix) {
		return &usageError{fmt.Errorf("%s: %w", h.dir, errOtherSort)}
	}
	if err := h.opened(h.journal, err); err != nil {
		return err
	}
	h.room, err = room.Open(ctx, room.Config{Journal: h.journal, Now: h.clock.now, Log: h.log, Reserve: h.reserve, Reading: reading})
	return h.opened(h.room, err)
}

// opened has a part closed at the end, if it was opened.
func (h *house) opened(part io.Closer, err error) error {
	if err == nil {
		h.closing(part.Close)
	}
	return err
}

// closing has something done at the end, before what was asked for earlier.
func (h *house) closing(end func() error) {
	h.opening.Lock()
	defer h.opening.Unlock()
	h.open = append(h.open, end)
}

// origin names the log of a session, for the technical page of its minutes.
func (h *house) origin(id meeting.SessionID) string {
	return h.journal.Prefix() + "/" + h.journal.Room() + "/" + string(id)
}

// receipt is the centre's receipt of a session; nil where there is none.
func (h *house) receipt(ctx context.Context, id meeting.SessionID) []byte {
	r, err := h.receipts.Of(ctx, string(id))
	if err != nil {
		h.log.Warn("reading a receipt", "session", id, "err", err)
	}
	return r.Note
}

// paired tells whether a centre is to receive this room's sessions.
func (h *house) paired() bool {
	if h.errands == nil {
		return false
	}
	s, _ := h.errands.State()
	return s.Paired
}

// close closes what was opened, the last first.
func (h *house) close() error { return h.closeTo(0) }

// closeTo closes what was opened after the first kept.
func (h *house) closeTo(kept int) error {
	var errs []error
	for len(h.open) > kept {
		last := len(h.open) - 1
		errs = append(errs, h.open[last]())
		h.open = h.open[:last]
	}
	return errors.Join(errs...)
}

// begin makes the first entry of a new room, and the demo's session.
func (h *house) begin(ctx context.Context, demo bool) error {
	name := "Phòng họp"
	if demo {
		name = demoRoom
	}
	if !h.room.State().House.Founded() {
		_, err := h.room.DoRoom(ctx, "found", "", func(r *meeting.Room, _ meeting.Act) ([]meeting.Event, error) {
			return r.Found(name, name, h.journal.PublicKey())
		})
		if err != nil {
			return fmt.Errorf("founding the room: %w", err)
		}
	}
	if demo {
		return h.beginDemo(ctx)
	}
	return nil
}

// pages is what the web pages stand on.
func (h *house) pages(o serveOptions, n *network) web.Config {
	return web.Config{
		Room: h.room, Access: h.access, Documents: h.papers, Log: h.log, Now: h.clock.now,
		Settled: h.settled,
		Demo:    o.demo, Loopback: o.loopback(), Secure: o.secure(), Insecure: !o.secure() && !o.loopback(),
		Inbox: h.work.inbox, Press: h.work.press, Search: h.index, Drafts: h.drafts,
		Minutes: web.Imprint{Key: dossier.Fingerprint(h.journal.PublicKey()), Origin: h.origin},
		After:   web.After{Journal: h.journal, Receipt: h.receipt, Paired: h.paired, Office: newOfficeFile(h.dir)},
		IT:      h.device(o, n),
		Stage:   h.stage(), Reach: n.reach,
		Hosts: n.hosts, Address: n.address, SecurePort: n.port(), Certificates: n.authority, Board: h.panes(),
	}
}
