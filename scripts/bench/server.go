package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"phonghop/ghosts"
)

// server is a program under measurement: the room's, or the floor.
type server struct {
	cmd   *exec.Cmd
	url   string
	errs  bytes.Buffer
	began time.Time
}

// slowed puts a command behind strace, which holds every fsync of it for so long,
// or only counts them where it is 0.
func slowed(by time.Duration, count string, command ...string) []string {
	args := []string{"strace", "-f", "--seccomp-bpf", "-o", count, "-e", "trace=fsync,fdatasync"}
	if by > 0 {
		args = append(args, "-e", fmt.Sprintf("inject=fsync,fdatasync:delay_exit=%d", by.Microseconds()))
	}
	return append(args, command...)
}

// start runs a command that prints "ready URL" once it serves.
func start(ctx context.Context, command ...string) (*server, error) {
	s := &server{cmd: exec.CommandContext(ctx, command[0], command[1:]...), began: time.Now()}
	s.cmd.Cancel = s.ask
	s.cmd.WaitDelay = 10 * time.Second
	s.cmd.Stderr = &s.errs
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", command[0], err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
			s.url = url
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return s, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s never said ready: %s", command[0], s.errs.String()), s.cmd.Wait())
}

func (s *server) room() (ghosts.Room, error) {
	return ghosts.At(s.url, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}}) //nolint:gosec // this machine, a throw-away room
}

// stop ends it as a person does.
func (s *server) stop() error {
	if err := s.ask(); err != nil {
		return err
	}
	if err := s.cmd.Wait(); err != nil && s.cmd.ProcessState.ExitCode() > 0 {
		return fmt.Errorf("stopping: %w: %s", err, s.errs.String())
	}
	return nil
}

// ask asks the server itself to end: what stands around it follows.
func (s *server) ask() error { return syscall.Kill(s.pid(), syscall.SIGTERM) }

// pid is the server's own where it runs behind another program.
func (s *server) pid() int {
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", s.cmd.Process.Pid, s.cmd.Process.Pid))
	if err != nil || len(children) == 0 || !strings.Contains(s.cmd.Path, "strace") {
		return s.cmd.Process.Pid
	}
	pid, _ := strconv.Atoi(strings.Fields(string(children))[0])
	return pid
}

// children are the programs a server has started and not yet seen end.
func (s *server) children() (pids []int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", s.pid()))
	for _, list := range lists {
		b, _ := os.ReadFile(list) // none where the thread has ended meanwhile
		for _, child := range strings.Fields(string(b)) {
			if pid, err := strconv.Atoi(child); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// memory is what the process holds for itself now, in bytes: resident, without
// the pages of the program file, which the system takes back at will.
func (s *server) memory() (int64, error) { return s.status("RssAnon:") }

// resident is all of it.
func (s *server) resident() (int64, error) { return s.status("VmRSS:") }

func (s *server) status(field string) (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.pid()))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, field); ok {
			kB, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kB << 10, err
		}
	}
	return 0, fmt.Errorf("no %s in the status of %d", field, s.pid())
}
