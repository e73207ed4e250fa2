package checkup

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"phonghop/backup"
	"phonghop/documents"
	"phonghop/journal"
	"phonghop/meeting"
	"phonghop/store"
	"phonghop/sync/courier"
)

// Look says what to gather.
type Look struct {
	Data   string // the folder
	Backup string // where backups go; "" nowhere
	Now    time.Time
	Verify bool // read all of the record once more
}

// Gather looks at a data folder, beside whatever runs in it. What cannot be read is
// a fact too: it is in the Err of its part.
func Gather(ctx context.Context, l Look) Facts {
	f := Facts{Now: l.Now, Disk: lookAtDisk(l.Data), Cert: lookAtCertificate(filepath.Join(l.Data, "tls")), Backup: lookForBackups(l)}
	f.Clock.File = changed(filepath.Join(l.Data, "journal.db"), filepath.Join(l.Data, "journal.db-wal"))
	j, err := journal.Open(ctx, journal.Config{Path: filepath.Join(l.Data, "journal.db"), ReadOnly: true})
	if err != nil {
		f.Record.Err = err
		return f
	}
	defer j.Close()
	f.Demo = strings.HasSuffix(j.Prefix(), "-demo")
	f.record(ctx, j, l)
	f.Papers = lookForPapers(ctx, j, documents.Read(filepath.Join(l.Data, "documents")))
	f.receipts(ctx, j, l.Data)
	return f
}

// record reads how much there is, from when, and, if asked, whether it is as signed.
func (f *Facts) record(ctx context.Context, j *journal.Journal, l Look) {
	for _, log := range j.Logs() {
		if log.Size == 0 {
			continue
		}
		f.Record.Entries += log.Size
		for _, seq := range []int64{0, log.Size - 1} {
			rec, err := j.At(ctx, log.Name, seq)
			if err != nil {
				f.Record.Err = err
				return
			}
			if f.Record.Began.IsZero() || rec.At.Before(f.Record.Began) {
				f.Record.Began = rec.At
			}
			f.Clock.Entry = later(f.Clock.Entry, rec.At)
		}
	}
	if !l.Verify {
		return
	}
	var wrong *journal.Wrong
	switch _, err := j.Verify(ctx); {
	case errors.As(err, &wrong):
		f.Record.Wrong = wrong
	case err != nil:
		f.Record.Err = err
	default:
		f.Record.Verified = l.Now
	}
}

// lookForPapers asks of each document an entry names whether it is there.
func lookForPapers(ctx context.Context, j *journal.Journal, docs *documents.Store) Papers {
	var p Papers
	seen := map[string]bool{}
	for _, log := range j.Logs() {
		for e, err := range j.Named(ctx, log.Name, 0) {
			if err != nil {
				return p // the record has said so already
			}
			for _, ref := range e.Refs {
				if !seen[ref] {
					seen[ref] = true
					p.note(ref, meeting.Kind(e.Kind) == meeting.PagesDrawn, docs.Has(documents.Ref(ref)))
				}
			}
		}
	}
	return p
}

func (p *Papers) note(ref string, image, there bool) {
	switch {
	case image && !there:
		p.Images++
	case !image:
		p.Named++
		if !there {
			p.Missing++
			if p.First == "" {
				p.First = ref
			}
		}
	}
}

// receipts reads what the centre has signed for.
func (f *Facts) receipts(ctx context.Context, j *journal.Journal, data string) {
	path := filepath.Join(data, "receipts.db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return
	}
	if f.Centre.Paired, f.Centre.Name, f.Centre.Err = pairedWith(ctx, path); f.Centre.Err != nil {
		return
	}
	for _, log := range j.Logs() {
		r, err := courier.ReadReceipt(ctx, path, log.Name)
		if err != nil {
			f.Centre.Err = err
			return
		}
		f.Centre.Waiting += max(log.Size-r.Size, 0)
		f.Clock.Receipt = later(f.Clock.Receipt, r.At)
	}
	f.Centre.Last = f.Clock.Receipt
}

// pairedWith reads the name of the centre beside the courier that holds the file.
func pairedWith(ctx context.Context, path string) (paired bool, name string, err error) {
	db, err := store.OpenReader(ctx, path)
	if err != nil {
		return false, "", fmt.Errorf("opening the receipts: %w", err)
	}
	defer db.Close()
	if err = db.Read().QueryRowContext(ctx, `SELECT count(*), coalesce(max(name), '') FROM centre`).Scan(&paired, &name); err != nil {
		err = fmt.Errorf("reading the pairing: %w", err)
	}
	return paired, name, err
}

// lookAtCertificate reads the one that is served; nil where there is none.
func lookAtCertificate(dir string) *Certificate {
	for _, name := range []string{"given.pem", "leaf.pem"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		c := Certificate{Given: name == "given.pem", Err: err}
		if err == nil {
			c.From, c.Until, c.Err = validity(text)
		}
		return &c
	}
	return nil
}

func validity(text []byte) (from, until time.Time, err error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return from, until, fmt.Errorf("reading the certificate: %w", err)
		}
		return cert.NotBefore, cert.NotAfter, nil
	}
	return from, until, errors.New("reading the certificate: there is none in the file")
}

// Ending is that of a backup's file.
const Ending = ".saoluu"

// lookForBackups finds the newest in their folder.
func lookForBackups(l Look) Backup {
	b := Backup{Dir: l.Backup}
	_, err := backup.Recovery(l.Data)
	b.Recovery = err == nil
	if l.Backup == "" {
		return b
	}
	list, err := os.ReadDir(l.Backup)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		b.Err = err
	}
	for _, entry := range list {
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() && filepath.Ext(entry.Name()) == Ending && info.ModTime().After(b.Last) {
			b.Last, b.Size = info.ModTime(), info.Size()
		}
	}
	return b
}

// changed is when the newest of some files was written.
func changed(paths ...string) (newest time.Time) {
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil {
			newest = later(newest, info.ModTime())
		}
	}
	return newest
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
