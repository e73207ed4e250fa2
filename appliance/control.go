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
// may open it (0600) is its administrator: it asks for a new claim link, or for a
// delivery to the centre now.
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
	s.all.Go(func() { s.serve(h, address) })
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

func (s *controlSocket) serve(h *house, address func() string) {
	for {
		c, err := s.Accept()
		if err != nil {
			return
		}
		s.all.Go(func() { answerControl(c, h, address) })
	}
}

// answerControl takes one line and answers with any number of "say TEXT" and at
// the end "ok TEXT", or "error TEXT".
func answerControl(c net.Conn, h *house, address func() string) {
	defer c.Close()
	if c.SetReadDeadline(time.Now().Add(controlWait)) != nil {
		return
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	var said string
	switch word {
	case "claim":
		said, err = claimLink(context.Background(), h.access, address())
	case "sync":
		err = h.syncAsked(c, rest)
	default:
		err = errors.New("unknown command")
	}
	if err != nil {
		fmt.Fprintln(c, "error", strings.ReplaceAll(err.Error(), "\n", " "))
		return
	}
	fmt.Fprintln(c, "ok", said)
}

// claimLink makes the link that makes one person secretary and IT.
func claimLink(ctx context.Context, a *access.Access, address string) (string, error) {
	token, err := a.NewClaim(ctx, time.Now())
	if err != nil {
		return "", err
	}
	return address + "/claim/" + token, nil
}

// roomSaid is what the running room answered instead of doing what was asked.
type roomSaid string

func (r roomSaid) Error() string { return "the running room: " + string(r) }

// askControl asks the room that runs on a data folder, and hands on what it says
// meanwhile.
func askControl(data, line string, within time.Duration, say func(string)) (string, error) {
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
	if err := c.SetDeadline(time.Now().Add(within)); err != nil {
		return "", fmt.Errorf("asking the running room: %w", err)
	}
	fmt.Fprintln(c, line)
	for answer := bufio.NewScanner(c); answer.Scan(); {
		word, rest, _ := strings.Cut(answer.Text(), " ")
		switch word {
		case "say":
			say(rest)
		case "ok":
			return rest, nil
		default:
			return "", roomSaid(rest)
		}
	}
	return "", errors.New("asking the running room: it hung up")
}
