package pages

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// findOffice is the path of LibreOffice; "" where there is none.
func findOffice(wish string) string {
	switch wish {
	case "-":
		return ""
	case "":
		for _, name := range []string{"soffice", "libreoffice"} {
			if path, err := exec.LookPath(name); err == nil {
				return path
			}
		}
		return ""
	}
	return wish
}

// HasOffice tells whether LibreOffice is there.
func (p *Pages) HasOffice() bool { return p.office != "" }

// source finds what is drawn for a paper, and remembers it: LibreOffice takes
// seconds.
func (p *Pages) source(ctx context.Context, paper Paper) (source, error) {
	ending, office := forOffice()[bare(paper.Type)]
	if !office {
		return source{ref: paper.Ref, mime: paper.Type}, nil
	}
	p.sources.Lock()
	s, ok := p.sources.via[paper.Ref]
	p.sources.Unlock()
	if ok && p.Documents.Has(s.ref) {
		return s, nil
	}
	s, err := p.convert(ctx, paper, ending)
	if err != nil {
		return s, err
	}
	p.sources.Lock()
	defer p.sources.Unlock()
	p.sources.via[paper.Ref] = s
	return s, nil
}

// convert has LibreOffice make a PDF of the paper. Where it is not there, or
// fails, the bare text of a DOCX is drawn.
func (p *Pages) convert(ctx context.Context, paper Paper, ending string) (source, error) {
	old := ending == ".docx" && p.oldFont(ctx, paper)
	if p.office != "" {
		s, err := p.throughOffice(ctx, paper, ending)
		if err == nil {
			s.oldFont = old
			return s, nil
		}
		if ctx.Err() != nil {
			return s, ctx.Err()
		}
		p.Log.Warn("LibreOffice could not turn a paper into pages", "document", paper.Ref, "name", paper.Name, "err", err)
	}
	if ending != ".docx" {
		return source{}, ErrNoOffice
	}
	return source{ref: paper.Ref, mime: paper.Type, text: true, noOffice: true, oldFont: old}, nil
}

// oldFont asks the child which fonts a DOCX is set in.
func (p *Pages) oldFont(ctx context.Context, paper Paper) bool {
	a, err := p.opened(ctx, source{ref: paper.Ref, mime: paper.Type, text: true})
	return err == nil && a.OldFont
}

func (p *Pages) throughOffice(ctx context.Context, paper Paper, ending string) (source, error) {
	dir, err := os.MkdirTemp(p.Cache, "office-")
	if err != nil {
		return source{}, err
	}
	defer os.RemoveAll(dir)
	in := filepath.Join(dir, "paper"+ending)
	if err := p.lay(paper, in); err != nil {
		return source{}, err
	}
	if err := p.runOffice(ctx, dir, in); err != nil {
		return source{}, err
	}
	f, err := os.Open(filepath.Join(dir, "paper.pdf"))
	if err != nil {
		return source{}, fmt.Errorf("it made no PDF: %w", err)
	}
	defer f.Close()
	ref, _, err := p.Documents.Put(ctx, f, 2<<30)
	return source{ref: ref, mime: typePDF}, err
}

// lay copies the paper to where LibreOffice may read it, under an ending it knows.
func (p *Pages) lay(paper Paper, path string) error {
	from, err := p.Documents.Open(paper.Ref)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if closed := to.Close(); err == nil {
		err = closed
	}
	return err
}

// runOffice runs LibreOffice with a profile of its own, last in every queue,
// without a network where that is allowed, and never longer than its time.
func (p *Pages) runOffice(ctx context.Context, dir, in string) error {
	ctx, cancel := context.WithTimeout(ctx, p.Limits.Office)
	defer cancel()
	profile := url.URL{Scheme: "file", Path: filepath.Join(p.Cache, "office")}
	run := func(alone bool) error {
		c := exec.CommandContext(ctx, p.office, "-env:UserInstallation="+profile.String(), "--headless", "--norestore", "--nolockcheck", "--nodefault",
			"--convert-to", "pdf", "--outdir", dir, in)
		c.Env = append(os.Environ(), "TMPDIR="+dir, "HOME="+dir, "SAL_DISABLE_OPENCL=1")
		c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
		if alone {
			c.SysProcAttr.Cloneflags = syscall.CLONE_NEWNET
		}
		c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
		if err := c.Start(); err != nil {
			return err
		}
		humble(c.Process.Pid)
		return c.Wait()
	}
	err := run(true)
	if err != nil && ctx.Err() == nil {
		err = run(false)
	}
	return err
}

// humble puts a process last in the queues for processor and disk. Its children
// are born as humble. What the system refuses is not worth a word.
func humble(pid int) {
	_ = unix.Setpriority(unix.PRIO_PGRP, pid, 19)
	const whoGroup, classIdle = 2, 3 << 13
	_, _, _ = unix.Syscall(unix.SYS_IOPRIO_SET, whoGroup, uintptr(pid), classIdle)
}

// Humble makes this process the last in every queue, with all that it starts. It
// is called once, before the process has threads that matter: on Linux the claim
// belongs to a thread, and a new program inherits it from the one that starts it.
func Humble() {
	_ = unix.Setpriority(unix.PRIO_PROCESS, 0, 19)
	const whoProcess, classIdle = 1, 3 << 13
	_, _, _ = unix.Syscall(unix.SYS_IOPRIO_SET, whoProcess, 0, classIdle)
}
