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
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"phonghop/documents"
)

// Limits is what the child may use. Zero fields are the usual ones.
type Limits struct {
	Memory int64         // bytes it may hold; 768 MB
	Open   time.Duration // to open a paper; 30 s
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
	or(&l.Open, 30*time.Second)
	or(&l.Page, 60*time.Second)
	or(&l.Office, 120*time.Second)
	or(&l.Idle, 20*time.Second)
	return l
}

// papersOpen is how many papers the child holds open.
const papersOpen = 4

// child is one process that draws. Its methods are called by one goroutine at a
// time, which holds Pages.mu.
type child struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	open    []documents.Ref // oldest first
	books   map[documents.Ref]answer
	watch   chan struct{} // closed when the process has ended
	fat     bool          // it was killed for its memory
	mu      sync.Mutex    // guards fat
}

// begin starts the child, with the lowest claim on everything.
func begin(command []string, limits Limits, log *slog.Logger) (*child, error) {
	c := &child{books: map[documents.Ref]answer{}, watch: make(chan struct{})}
	start := func(alone bool) error {
		c.process = exec.Command(command[0], command[1:]...)
		c.process.Env = []string{"GOMAXPROCS=1", "GOMEMLIMIT=" + strconv.FormatInt(limits.Memory*2/3, 10), "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.TempDir()}
		c.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
		if alone {
			c.process.SysProcAttr.Cloneflags = syscall.CLONE_NEWNET
		}
		var err error
		if c.in, err = c.process.StdinPipe(); err != nil {
			return err
		}
		out, err := c.process.StdoutPipe()
		if err != nil {
			return err
		}
		c.out = bufio.NewReaderSize(out, 1<<20)
		return c.process.Start()
	}
	if err := start(true); err != nil { // without the right to a network of its own, it shares ours
		if err = start(false); err != nil {
			return nil, fmt.Errorf("starting the child that draws: %w", err)
		}
	}
	go c.guard(limits, log)
	return c, nil
}

// guard waits for the end of the process and ends it where it grows too large.
func (c *child) guard(limits Limits, log *slog.Logger) {
	go func() {
		_ = c.process.Wait() // how it ended is seen by whoever asked
		close(c.watch)
	}()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-c.watch:
			return
		case <-look.C:
			if used := resident(c.process.Process.Pid); used > limits.Memory {
				log.Warn("the child that draws grew too large and is ended", "bytes", used)
				c.mu.Lock()
				c.fat = true
				c.mu.Unlock()
				c.kill()
			}
		}
	}
}

// resident is how much memory a process holds.
func resident(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

func (c *child) kill() { _ = syscall.Kill(-c.process.Process.Pid, syscall.SIGKILL) }

// end lets the child go: it sees the end of its input, or is killed.
func (c *child) end() {
	c.in.Close()
	select {
	case <-c.watch:
	case <-time.After(2 * time.Second):
		c.kill()
		<-c.watch
	}
}

// call asks one thing and waits so long for the answer. After errChild the child
// is gone.
func (c *child) call(ctx context.Context, a ask, within time.Duration) (answer, []byte, error) {
	type got struct {
		answer
		picture []byte
		err     error
	}
	done := make(chan got, 1)
	go func() {
		var g got
		if g.err = send(c.in, a, nil); g.err == nil {
			if g.err = receive(c.out, &g.answer); g.err == nil {
				g.picture, g.err = readPicture(c.out, g.Picture)
			}
		}
		done <- g
	}()
	late := time.NewTimer(within)
	defer late.Stop()
	select {
	case g := <-done:
		if g.err != nil {
			c.kill()
			return answer{}, nil, fmt.Errorf("%w: %w", errChild, g.err)
		}
		return g.answer, g.picture, nil
	case <-late.C:
		c.kill()
		<-done
		return answer{}, nil, fmt.Errorf("%w: no answer within %v", errChild, within)
	case <-ctx.Done():
		c.kill() // nothing can stop it in the middle of a page
		<-done
		return answer{}, nil, ctx.Err()
	}
}

func readPicture(r io.Reader, size int) ([]byte, error) {
	if size < 0 || size > pictureMost {
		return nil, errors.New("a picture of impossible size")
	}
	b := make([]byte, size)
	_, err := io.ReadFull(r, b)
	return b, err
}

func (c *child) alive() bool {
	select {
	case <-c.watch:
		return false
	default:
		return true
	}
}
