package pages

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"phonghop/documents"
)

// findOffice is the path of LibreOffice; "" where there is none.
func findOffice(wish string) string {
	names := []string{wish}
	switch wish {
	case "-":
		return ""
	case "":
		names = []string{"soffice", "libreoffice"}
	}
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		// The program itself, past the script that starts it: it ends when we do.
		if program, err := exec.LookPath(filepath.Join(filepath.Dir(path), "soffice.bin")); err == nil {
			return program
		}
		return path
	}
	return ""
}

// HasOffice tells whether LibreOffice is there.
func (p *Pages) HasOffice() bool { return p.office() != "" }

// source finds what is drawn for a paper, and remembers it: LibreOffice takes
// seconds. One paper is converted at a time.
func (p *Pages) source(ctx context.Context, paper Paper) (source, error) {
	ending, office := forOffice()[bare(paper.Type)]
	if !office {
		return source{ref: paper.Ref, mime: paper.Type}, nil
	}
	if s, ok := p.known(paper.Ref); ok {
		return s, nil
	}
	select {
	case <-p.converting:
		defer func() { p.converting <- struct{}{} }()
	case <-ctx.Done():
		return source{}, ctx.Err()
	}
	if s, ok := p.known(paper.Ref); ok {
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

func (p *Pages) known(ref documents.Ref) (source, bool) {
	p.sources.Lock()
	defer p.sources.Unlock()
	s, ok := p.sources.via[ref]
	return s, ok && p.Documents.Has(s.ref)
}

// convert has LibreOffice make a PDF of the paper. Where it is not there, or
// fails, the bare text of a DOCX is drawn.
func (p *Pages) convert(ctx context.Context, paper Paper, ending string) (source, error) {
	seen, err := p.look(ctx, source{ref: paper.Ref})
	if err != nil && !errors.Is(err, errChild) && !errors.Is(err, ErrDamaged) {
		return source{}, err
	}
	if p.HasOffice() {
		s, err := p.throughOffice(ctx, paper, ending)
		if err == nil {
			s.oldFont = seen.OldFont
			return s, nil
		}
		if ctx.Err() != nil || p.life.Err() != nil || errors.Is(err, syscall.ENOSPC) {
			return s, err
		}
		p.Log.Warn("LibreOffice could not turn a paper into pages", "document", paper.Ref, "name", paper.Name, "err", err)
	}
	if ending != ".docx" {
		return source{}, ErrNoOffice
	}
	return source{ref: paper.Ref, mime: paper.Type, text: true, noOffice: true, oldFont: seen.OldFont}, nil
}

// throughOffice has LibreOffice work in a folder of its own, which is gone
// afterwards.
func (p *Pages) throughOffice(ctx context.Context, paper Paper, ending string) (source, error) {
	if err := os.MkdirAll(p.Cache, 0o700); err != nil {
		return source{}, err
	}
	dir, err := os.MkdirTemp(p.Cache, "office-")
	if err != nil {
		return source{}, err
	}
	defer os.RemoveAll(dir)
	if err := p.lay(paper, filepath.Join(dir, "paper"+ending)); err != nil {
		return source{}, err
	}
	if err := p.runOffice(ctx, dir, "paper"+ending); err != nil {
		return source{}, err
	}
	f, err := os.Open(filepath.Join(dir, "paper.pdf"))
	if err != nil {
		return source{}, fmt.Errorf("it made no PDF: %w", err)
	}
	defer f.Close()
	ref, _, err := p.Documents.Put(ctx, f, fileMost)
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
	return errors.Join(err, to.Close())
}

// restartMe is how LibreOffice says that its profile is new and it wants to begin
// again.
const restartMe = 81

// runOffice runs LibreOffice, confined, and never longer than its time. A profile
// in which it failed is thrown away.
func (p *Pages) runOffice(ctx context.Context, dir, paper string) error {
	ctx, cancel := context.WithTimeout(ctx, p.Limits.Office)
	defer cancel()
	defer context.AfterFunc(p.life, cancel)()
	profile, done, err := takeProfile(p.Cache, dir)
	if err != nil {
		return err
	}
	defer done()
	address := url.URL{Scheme: "file", Path: profile}
	argv := []string{p.office(), "-env:UserInstallation=" + address.String(), "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
		"--convert-to", "pdf", "--outdir", dir, filepath.Join(dir, paper)}
	err = p.runConfined(ctx, dir, profile, argv)
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.ExitCode() == restartMe {
		err = p.runConfined(ctx, dir, profile, argv)
	}
	if err != nil {
		err = errors.Join(err, os.RemoveAll(profile))
	}
	return err
}

// runConfined runs a program until it ends, or ctx, or this process, or it grows
// too large.
func (p *Pages) runConfined(ctx context.Context, dir, profile string, argv []string) error {
	c, err := start(func() (*exec.Cmd, error) {
		c := confined(p.Command, fence{write: []string{dir, profile}, socket: []string{"/tmp"}}, argv...) // it insists on a socket there
		c.Dir = dir
		c.Env = []string{"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + dir, "TMPDIR=" + dir, "SAL_DISABLE_OPENCL=1", "SAL_USE_VCLPLUGIN=svp"}
		return c, nil
	})
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	defer close(ended)
	large := make(chan error, 1)
	go watch(c.Process.Pid, p.Limits.Memory, ended, func(used int64) {
		large <- fmt.Errorf("%w: %d bytes", errLarge, used)
		endGroup(c)
	})
	unhook := context.AfterFunc(ctx, func() { endGroup(c) })
	defer unhook()
	err = c.Wait()
	select {
	case err = <-large:
	default:
	}
	return errors.Join(err, ctx.Err())
}
