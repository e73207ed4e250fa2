package main

import (
	"context"
	"os"
	"path/filepath"

	"phonghop/documents"
	"phonghop/inbox"
	"phonghop/meeting"
	"phonghop/pages"
	"phonghop/press"
	"phonghop/store"
)

// paperWork is the path of a paper, from the folder it is dropped in to the
// pictures of its pages and the words on them.
type paperWork struct {
	press *press.Press
	inbox *inbox.Inbox
	warm  func() // once the room has started
}

// mediaFolders are where a system mounts a stick. What an administrator mounts
// under /mnt is there to stay: backups, other disks.
var mediaFolders = []string{"/media", "/run/media"}

// takePapers opens what papers go through; h closes it. returned is told of files
// that come back into the folder of the minutes.
func (h *house) takePapers(ctx context.Context, returned func(path string)) error {
	drawer := pages.New(pages.Config{Documents: h.papers, Cache: cacheFolder(h.dir), Log: h.log})
	h.closing(drawer.Close)
	draws := press.New(press.Config{Room: h.room, Documents: h.papers, Pages: drawer, Search: h.index, Log: h.log, Settled: h.settled,
		Free: func() (uint64, error) { return store.Free(h.dir) }})
	h.closing(draws.Close)
	in, err := inbox.Open(ctx, inbox.Config{
		Dir: filepath.Join(h.dir, "inbox"), Room: h.room, Documents: h.papers, Now: h.clock.now, Log: h.log, Media: mediaFolders,
		Prepare:  func(ref documents.Ref, typ, name string) { draws.Prepare(pages.Paper{Ref: ref, Type: typ, Name: name}) },
		Drawn:    drawnBy(draws),
		Returned: returned,
	})
	if err != nil {
		return err
	}
	h.work = paperWork{press: draws, inbox: in}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	h.closing(func() error { stop(); return in.Close() })
	go wakeInbox(ctx, draws, in)
	h.work.warm = func() { h.warm(ctx, drawer) }
	return nil
}

// warm makes the renderer ready soon after the start, so that the first paper does
// not wait for it to be compiled. What fails here is tried again with that paper.
func (h *house) warm(ctx context.Context, drawer *pages.Pages) {
	if err := drawer.Ready(ctx); err != nil && ctx.Err() == nil {
		h.log.Warn("the renderer is not ready", "err", err)
	}
}

func drawnBy(p *press.Press) func(documents.Ref) (int, int, meeting.Trouble) {
	return func(ref documents.Ref) (int, int, meeting.Trouble) {
		s := p.State(ref)
		return s.Drawn, s.Total, s.Trouble
	}
}

// wakeInbox shows in the list of arrivals how far they are drawn.
func wakeInbox(ctx context.Context, p *press.Press, in *inbox.Inbox) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.Changes():
			in.Wake()
		}
	}
}

// cacheFolder is where the compiled renderer lies: the user's cache, shared by the
// rooms of one box, or else a folder beside the data. It may be deleted at any time.
func cacheFolder(data string) string {
	base, err := os.UserCacheDir()
	if err == nil {
		dir := filepath.Join(base, "phonghop")
		if os.MkdirAll(dir, 0o700) == nil {
			return dir
		}
	}
	return filepath.Join(data, "cache")
}
