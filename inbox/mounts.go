package inbox

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// mountWatch tells when something is mounted or unmounted. A mount over a
// watched folder gives no other sign, and neither does a USB drive.
type mountWatch struct {
	changed chan struct{}
	table   *os.File
	stop    *os.File // closing it ends the wait
	stopped *os.File
	gone    sync.WaitGroup
}

func watchMounts(path string) (*mountWatch, error) {
	m := &mountWatch{changed: make(chan struct{}, 1)}
	table, err := os.Open(path)
	if err != nil {
		return m, fmt.Errorf("opening the table of mounts: %w", err)
	}
	if m.stopped, m.stop, err = os.Pipe(); err != nil {
		return m, errors.Join(err, table.Close())
	}
	m.table = table
	table64, stopped64 := int32(table.Fd()), int32(m.stopped.Fd())
	m.gone.Go(func() { m.wait(table64, stopped64) })
	return m, nil
}

func (m *mountWatch) wait(table, stopped int32) {
	for {
		fds := []unix.PollFd{{Fd: table, Events: unix.POLLPRI}, {Fd: stopped, Events: unix.POLLIN}}
		_, err := unix.Poll(fds, -1)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil || fds[1].Revents != 0:
			return
		}
		signal(m.changed)
	}
}

func (m *mountWatch) close() {
	if m.table == nil {
		return
	}
	m.stop.Close()
	m.gone.Wait()
	m.stopped.Close()
	m.table.Close()
}

// mountPoints are the folders something is mounted on.
func mountPoints(path string) ([]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the table of mounts: %w", err)
	}
	var out []string
	for line := range strings.Lines(string(raw)) {
		if fields := strings.Fields(line); len(fields) > 4 {
			out = append(out, unescaped(fields[4]))
		}
	}
	return out, nil
}

// unescaped undoes the octal escapes of the table: a space is \040.
func unescaped(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
