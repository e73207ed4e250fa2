package pages

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"phonghop/documents"
)

// Limits is what the child may use. Zero fields are the usual ones.
type Limits struct {
	Memory int64         // bytes it may hold; 768 MB. LibreOffice as much
	Start  time.Duration // to compile the renderer, which is done once; 5 min
	Open   time.Duration // to open a paper; 60 s
	Page   time.Duration // to draw a page; 60 s, and as long again at 75 dpi
	Office time.Duration // for LibreOffice to turn a paper into PDF; 120 s
	Idle   time.Duration // without work before it ends; 20 s
}

func (l Limits) settled() Limits {
	or := func(d *time.Duration, usual time.Duration) {
		if *d == 0 {
			*d = usual
		}
	}
	if l.Memory == 0 {
		l.Memory = 768 << 20
	}
	or(&l.Start, 5*time.Minute)
	or(&l.Open, 60*time.Second)
	or(&l.Page, 60*time.Second)
	or(&l.Office, 120*time.Second)
	or(&l.Idle, 20*time.Second)
	return l
}

// papersOpen is how many papers the child holds open.
const papersOpen = 4

// How a child can fail its asker. Each is errChild too.
var (
	errChild = errors.New("pages: the child that draws has ended")
	errLate  = fmt.Errorf("%w: it took too long", errChild)
	errLarge = fmt.Errorf("%w: it grew too large", errChild)
)

// child is one process that draws. Its methods are called by one goroutine at a
// time, which holds Pages.mu.
type child struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	papers  *os.File        // a socket: papers are handed over open
	open    []documents.Ref // oldest first
	books   map[documents.Ref]answer
	ended   chan struct{} // closed when the process has ended
	large   atomic.Bool   // it was ended for its memory
}

// begin starts the child.
func begin(command []string, cache string, limits Limits, log *slog.Logger) (*child, error) {
	c := &child{books: map[documents.Ref]answer{}, ended: make(chan struct{})}
	ours, theirs, err := sockets()
	if err != nil {
		return nil, fmt.Errorf("starting the child that draws: %w", err)
	}
	defer theirs.Close()
	c.papers = ours
	c.process, err = start(func() (*exec.Cmd, error) {
		p := confined(command, fence{write: []string{cache}}, append(slices.Clone(command), "--cache", cache)...)
		p.Env = []string{"GOMAXPROCS=1", "GOMEMLIMIT=" + strconv.FormatInt(limits.Memory*2/3, 10)}
		p.ExtraFiles = []*os.File{theirs}
		var in, out error
		var from io.Reader
		c.in, in = p.StdinPipe()
		from, out = p.StdoutPipe()
		c.out = bufio.NewReaderSize(from, 1<<20)
		return p, errors.Join(in, out)
	})
	if err != nil {
		ours.Close()
		return nil, fmt.Errorf("starting the child that draws: %w", err)
	}
	go c.wait()
	go watch(c.process.Process.Pid, limits.Memory, c.ended, func(used int64) {
		log.Warn("the child that draws grew too large and is ended", "bytes", used)
		c.large.Store(true)
		c.kill()
	})
	return c, nil
}

func (c *child) wait() {
	_ = c.process.Wait() // how it ended is seen by whoever asked
	close(c.ended)
}

func (c *child) kill() { endGroup(c.process) }

// end lets the child go: it sees the end of its input, or is killed.
func (c *child) end() {
	defer c.papers.Close()
	c.in.Close()
	patience := time.NewTimer(time.Second)
	defer patience.Stop()
	select {
	case <-c.ended:
	case <-patience.C:
		c.kill()
		<-c.ended
	}
}

func (c *child) alive() bool {
	select {
	case <-c.ended:
		return false
	default:
		return true
	}
}

// call asks one thing, with the paper it is about where the child has to open it,
// and waits so long for the answer. After an error the child is gone.
func (c *child) call(ctx context.Context, a ask, paper *os.File, within time.Duration) (answer, []byte, error) {
	type got struct {
		answer
		picture []byte
		err     error
	}
	done := make(chan got, 1)
	go func() {
		var g got
		g.answer, g.picture, g.err = c.exchange(a, paper)
		done <- g
	}()
	late := time.NewTimer(within)
	defer late.Stop()
	var err error
	select {
	case g := <-done:
		if g.err == nil {
			return g.answer, g.picture, nil
		}
		err = fmt.Errorf("%w: %w", errChild, g.err)
		c.kill()
	case <-late.C:
		err = fmt.Errorf("%w: no answer within %v", errLate, within)
		c.kill()
		<-done
	case <-ctx.Done():
		err = ctx.Err()
		c.kill() // nothing can stop it in the middle of a page
		<-done
	}
	<-c.ended
	if c.large.Load() && ctx.Err() == nil {
		err = errLarge
	}
	return answer{}, nil, err
}

func (c *child) exchange(a ask, paper *os.File) (reply answer, picture []byte, err error) {
	if paper != nil {
		if err = unix.Sendmsg(int(c.papers.Fd()), []byte{1}, unix.UnixRights(int(paper.Fd())), nil, unix.MSG_NOSIGNAL); err != nil {
			return reply, nil, err
		}
	}
	if err = send(c.in, a, nil); err != nil {
		return reply, nil, err
	}
	if err = receive(c.out, &reply); err != nil {
		return reply, nil, err
	}
	picture, err = readPicture(c.out, reply.Picture)
	return reply, picture, err
}

func readPicture(r io.Reader, size int) ([]byte, error) {
	if size < 0 || size > pictureMost {
		return nil, errors.New("a picture of impossible size")
	}
	b := make([]byte, size)
	_, err := io.ReadFull(r, b)
	return b, err
}

// sockets are two ends to hand open files through.
func sockets() (ours, theirs *os.File, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	return os.NewFile(uintptr(pair[0]), "papers"), os.NewFile(uintptr(pair[1]), "papers"), nil
}

// received takes the next paper that was handed to this process, the child.
func received() (*os.File, error) {
	const socket = 3 // the first of ExtraFiles
	rights := make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := unix.Recvmsg(socket, make([]byte, 1), rights, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("receiving a paper: %w", err)
	}
	messages, err := unix.ParseSocketControlMessage(rights[:n])
	if err != nil || len(messages) != 1 {
		return nil, fmt.Errorf("receiving a paper: %d messages, %w", len(messages), err)
	}
	files, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(files) != 1 {
		return nil, fmt.Errorf("receiving a paper: %d files, %w", len(files), err)
	}
	return os.NewFile(uintptr(files[0]), "paper"), nil
}
