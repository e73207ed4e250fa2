package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"phonghop/ghosts"
	"phonghop/rehearsal"
	"phonghop/templates"
	"phonghop/web"
)

// rehearseOptions are the flags of rehearse.
type rehearseOptions struct {
	url, link      string
	tablets, votes int
	json           bool
}

func rehearseCommand(l language) *cobra.Command {
	o := rehearseOptions{}
	c := &cobra.Command{
		Use: "rehearse", Args: noArgs,
		Short: l.or("diễn tập với máy thử: đo xem phòng và mạng chịu được bao nhiêu máy", "rehearse with simulated tablets: how many the room and its network bear"),
		Long: l.or(
			"Máy thử đăng nhập, xem màn hình, đăng ký phát biểu và biểu quyết trong một bản sao của phiên họp; không có gì vào biên bản.\nTrên chính máy phòng họp chỉ cần --url. Từ máy khác: --link lấy ở trang Diễn tập của thư ký.\nMã thoát 1 khi có phiếu mất, kết quả sai hoặc máy không vào được.",
			"Simulated tablets sign in, watch, ask to speak and vote in a copy of the session; nothing reaches the minutes.\nOn the room's own computer --url is enough. From another: --link, from the secretary's Rehearsal page.\nExit code 1 when a ballot was lost, a result was wrong or a tablet did not get in."),
		RunE: func(c *cobra.Command, _ []string) error {
			return rehearse(c.Context(), l, o, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringVar(&o.url, "url", "", l.or("địa chỉ phòng họp, như máy tính bảng gõ", "address of the room, as tablets type it"))
	f.StringVar(&o.link, "link", "", l.or("liên kết dùng một lần của trang Diễn tập", "one-time link of the Rehearsal page"))
	f.IntVar(&o.tablets, "tablets", 60, l.or("số máy thử, nhiều nhất 2000", "simulated tablets, at most 2000"))
	f.IntVar(&o.votes, "votes", 3, l.or("số cuộc biểu quyết thử", "trial votes"))
	f.BoolVar(&o.json, "json", false, l.or("in JSON cho chương trình khác", "print JSON for programs"))
	return c
}

// endWithin is how long the room may take to end a rehearsal and count it again.
const endWithin = time.Minute

// rehearse plays one whole rehearsal from this computer.
func rehearse(ctx context.Context, l language, o rehearseOptions, out, errs io.Writer) error {
	where, link, err := o.where()
	if err != nil {
		return err
	}
	if err := allowFiles(2*o.tablets + filesBeside); err != nil {
		return said(l, err)
	}
	clerk := ghosts.NewTablet(where, "phonghop rehearse")
	defer clerk.Hang()
	cast, err := beginThere(ctx, l, clerk, o, link)
	if err != nil {
		return said(l, err)
	}
	p := ghosts.NewPlay(where, cast, false, tellProgress(l, errs))
	fault := perform(ctx, p, o.votes)
	endProgress(errs)
	p.Leave()
	if fault != nil {
		p.Failed(fault)
	}
	if err := endThere(clerk, cast, p); err != nil {
		fmt.Fprintln(errs, l.or("Phòng họp không trả lời khi kết thúc: ", "The room did not answer at the end: ")+err.Error())
	}
	if ctx.Err() != nil {
		fmt.Fprintln(errs, l.or("Đã dừng; buổi diễn tập đã kết thúc.", "Stopped; the rehearsal has ended."))
		return errWrong
	}
	return tellReport(l, o, p.Report(), out)
}

// where is the room the options name, with the secret of the link.
func (o rehearseOptions) where() (where ghosts.Room, link string, err error) {
	if o.tablets < 1 || o.tablets > rehearsal.GhostsMost || o.votes < 1 || o.votes > 100 {
		return where, "", &usageError{errors.New("--tablets 1…2000, --votes 1…100")}
	}
	address, pin := o.url, ""
	if o.link != "" {
		u, err := url.Parse(o.link)
		if err != nil || u.Host == "" {
			return where, "", &usageError{errors.New("--link")}
		}
		link, pin, _ = strings.Cut(u.Fragment, ".")
		if address == "" {
			address = u.Scheme + "://" + u.Host
		}
	}
	if address == "" {
		return where, "", &usageError{errors.New("--url")}
	}
	if where, err = ghosts.At(address, secureBy(address, pin)); err != nil {
		return where, "", &usageError{err}
	}
	if host, _, _ := net.SplitHostPort(where.Address); link == "" && !loopback(host) {
		return where, "", &usageError{errors.New("--link: từ máy khác cần liên kết của trang Diễn tập (from another computer)")}
	}
	return where, link, nil
}

// secureBy is how the room's certificate is known: by the link that names its key; on
// this computer itself it need not be.
func secureBy(address, pin string) *tls.Config {
	if pin != "" {
		return ghosts.Pinned(pin)
	}
	if u, err := url.Parse(address); err == nil && loopback(u.Hostname()) {
		return &tls.Config{InsecureSkipVerify: true} // nobody sits between two programs of one computer
	}
	return nil
}

func loopback(host string) bool {
	at, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && at.IsLoopback()
}

// beginThere has the room stage a rehearsal, and is given its cast.
func beginThere(ctx context.Context, l language, clerk *ghosts.Tablet, o rehearseOptions, link string) (cast ghosts.Cast, err error) {
	form := url.Values{"tablets": {strconv.Itoa(o.tablets)}}
	if link != "" {
		form.Set("link", link)
	}
	a, err := clerk.Press(ctx, "/rehearsal/cast?lang="+l.or("vi", "en"), form)
	if err != nil {
		return cast, err
	}
	if err := json.Unmarshal(a.Body, &cast); err != nil {
		return cast, fmt.Errorf("the room's answer is no cast: %w", err)
	}
	if len(cast.Ghosts) != o.tablets {
		return cast, fmt.Errorf("the room's cast is of %d, not %d", len(cast.Ghosts), o.tablets)
	}
	return cast, nil
}

// perform plays every scene. What stops it is returned; a tablet's own trouble is in
// the report.
func perform(ctx context.Context, p *ghosts.Play, votes int) error {
	if err := p.ComeIn(ctx); err != nil {
		return err
	}
	if err := p.AskFloor(ctx); err != nil {
		return err
	}
	for range votes {
		if err := p.Vote(ctx, time.Minute); err != nil {
			return err
		}
	}
	return nil
}

// endThere ends it, also when this program was told to stop, and notes what the room
// says of it.
func endThere(clerk *ghosts.Tablet, cast ghosts.Cast, p *ghosts.Play) error {
	ctx, cancel := context.WithTimeout(context.Background(), endWithin)
	defer cancel()
	seen, err := json.Marshal(p.Report())
	if err != nil {
		return err
	}
	a, err := clerk.Press(ctx, "/rehearsal/cast/end", url.Values{"key": {cast.Key}, "report": {string(seen)}})
	if err != nil {
		return err
	}
	var end struct {
		Recount *ghosts.Recounted
		Joined  []string
		Ended   string
	}
	if err := json.Unmarshal(a.Body, &end); err != nil {
		return err
	}
	p.Close(end.Recount, end.Joined, end.Ended)
	return nil
}

// tellReport prints what was seen; what was lost or wrong is an error.
func tellReport(l language, o rehearseOptions, r ghosts.Report, out io.Writer) error {
	if o.json {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(r); err != nil {
			return err
		}
	} else {
		sayReport(l, r, out)
	}
	if r.Verdict != ghosts.Good && r.Verdict != ghosts.Slow || r.Fault != "" {
		return errWrong
	}
	return nil
}

func sayReport(l language, r ghosts.Report, out io.Writer) {
	lang, view := l.pages(), *web.RehearsalReport(r)
	for _, row := range templates.RehearsalRows(lang, view) {
		fmt.Fprintln(out, row.Title+":")
		for _, say := range row.Says {
			fmt.Fprintln(out, "  "+say)
		}
	}
	verdict, wrong := templates.RehearsalVerdict(lang, view)
	fmt.Fprintln(out, l.or("KẾT LUẬN: ", "RESULT: ")+verdict)
	for _, what := range wrong {
		fmt.Fprintln(out, "  → "+what)
	}
	if r.Fault != "" {
		fmt.Fprintln(out, l.or("Đã dừng giữa chừng: ", "It was cut short: ")+r.Fault)
	}
}

// tellProgress shows the step on a terminal, in one line that changes.
func tellProgress(l language, errs io.Writer) func(ghosts.Progress) {
	if !terminal(errs) {
		return nil
	}
	var mu sync.Mutex
	var last string
	return func(now ghosts.Progress) {
		line := templates.RehearsalStepSays(l.pages(), templates.RehearsalStep{Name: string(now.Step), Vote: now.Vote, Done: now.Done, Of: now.Of})
		if now.Step == ghosts.ComingIn {
			line += fmt.Sprintf(" %d/%d", now.Done-now.Done%10, now.Of)
		}
		mu.Lock()
		defer mu.Unlock()
		if line != last {
			fmt.Fprintf(errs, "\r%-78s", line)
			last = line
		}
	}
}

// said puts a refusal into words: the room's, or our own.
func said(l language, err error) error {
	if refused, ok := errors.AsType[*ghosts.Refused](err); ok {
		return errors.New(refused.Said())
	}
	if r, ok := errors.AsType[rehearsal.Refusal](err); ok {
		return errors.New(l.pages().T("refusal.rehearsal-" + string(r)))
	}
	return err
}

// pages is the language as pages name it.
func (l language) pages() templates.Lang {
	if l == english {
		return templates.English
	}
	return templates.Vietnamese
}
