package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"phonghop/access"
)

// controlWait bounds one exchange on the control socket.
const controlWait = 10 * time.Second

// controlSocket is the socket `control` of a running room's data folder. Whoever
// may open it (0600) is its administrator: it asks for a new claim link.
type controlSocket struct {
	net.Listener
	path string
	all  sync.WaitGroup
}

// control listens in the data folder, whose lock is held: a socket that is there
// was left by a crash.
func control(h *house, address func() string) (*controlSocket, error) {
	path, dir, err := controlPath(h.dir)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("removing an old control socket: %w", err)
	}
	mask := unix.Umask(0o177)
	l, err := net.Listen("unix", path)
	unix.Umask(mask)
	if err != nil {
		return nil, fmt.Errorf("opening the control socket: %w", err)
	}
	s := &controlSocket{Listener: l, path: filepath.Join(h.dir, "control")}
	s.all.Go(func() { s.serve(h.access, address) })
	return s, nil
}

// controlPath names the socket through the open folder: the path of a socket may
// not be longer than 107 bytes, that of a data folder may.
func controlPath(data string) (string, *os.File, error) {
	dir, err := os.Open(data)
	if err != nil {
		return "", nil, fmt.Errorf("opening the data folder: %w", err)
	}
	return fmt.Sprintf("/proc/self/fd/%d/control", dir.Fd()), dir, nil
}

// Close stops listening and waits for the exchange in hand.
func (s *controlSocket) Close() error {
	err := s.Listener.Close()
	s.all.Wait()
	if gone := os.Remove(s.path); !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

func (s *controlSocket) serve(a *access.Access, address func() string) {
	for {
		c, err := s.Accept()
		if err != nil {
			return
		}
		answerControl(c, a, address)
	}
}

// answerControl takes one line and answers with "ok URL" or "error TEXT".
func answerControl(c net.Conn, a *access.Access, address func() string) {
	defer c.Close()
	if c.SetDeadline(time.Now().Add(controlWait)) != nil {
		return
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != "claim" {
		fmt.Fprintln(c, "error unknown command")
		return
	}
	link, err := claimLink(context.Background(), a, address())
	if err != nil {
		fmt.Fprintln(c, "error", err)
		return
	}
	fmt.Fprintln(c, "ok", link)
}

// claimLink makes the link that makes one person secretary and IT.
func claimLink(ctx context.Context, a *access.Access, address string) (string, error) {
	token, err := a.NewClaim(ctx, time.Now())
	if err != nil {
		return "", err
	}
	return address + "/claim/" + token, nil
}

// askControl asks the room that runs on a data folder for a claim link.
func askControl(data string) (string, error) {
	path, dir, err := controlPath(data)
	if err != nil {
		return "", err
	}
	defer dir.Close()
	c, err := net.DialTimeout("unix", path, controlWait)
	if err != nil {
		return "", fmt.Errorf("asking the running room: %w", err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(controlWait)); err != nil {
		return "", fmt.Errorf("asking the running room: %w", err)
	}
	fmt.Fprintln(c, "claim")
	answer, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("asking the running room: %w", err)
	}
	link, ok := strings.CutPrefix(strings.TrimSpace(answer), "ok ")
	if !ok {
		return "", fmt.Errorf("the running room: %s", strings.TrimPrefix(strings.TrimSpace(answer), "error "))
	}
	return link, nil
}
