package courier

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/store"
	"phonghop/sync/letters"
)

// Parcel is what was written to a stick.
type Parcel struct {
	Path  string
	Files int
	Bytes int64
	Logs  int
}

// ErrNothing means that the centre has signed for everything already.
var ErrNothing = errors.New("courier: nothing is new")

// WriteParcel writes what the centre has not signed for yet into a folder of the
// stick: the same bytes as over a line, sealed so that only the centre can read
// them. Nothing there is overwritten; the file has its name only when all of it is
// on the stick. What has been written is fsynced when it answers; the stick may
// then be unmounted.
func WriteParcel(ctx context.Context, c Config, stick string) (Parcel, error) {
	centre, err := c.Receipts.Centre(ctx)
	if err != nil {
		return Parcel{}, err
	}
	to, err := age.ParseX25519Recipient(centre.Recipient)
	if err != nil {
		return Parcel{}, fmt.Errorf("the centre's key for parcels: %w", err)
	}
	p := &packing{c: c, made: c.Now().UTC()}
	if err := p.collect(ctx); err != nil {
		return Parcel{}, err
	}
	if p.logs == 0 {
		return Parcel{}, ErrNothing
	}
	path := filepath.Join(stick, letters.ParcelFolder, fmt.Sprintf("%s-%s%s", c.Journal.Room(), p.made.Format("20060102-150405"), letters.ParcelEnding))
	if err := p.write(path, to); err != nil {
		return Parcel{}, fmt.Errorf("writing a parcel: %w", err)
	}
	return Parcel{path, len(p.files), p.bytes, p.logs}, nil
}

// packing is a parcel being put together.
type packing struct {
	c     Config
	made  time.Time
	files []packed
	seen  map[string]bool
	bytes int64
	logs  int
}

type packed struct {
	letters.File
	data []byte        // of a delivery
	ref  documents.Ref // of a document
}

// collect takes each log that is not wholly signed for, with its papers.
func (p *packing) collect(ctx context.Context) error {
	courier := &Courier{Config: p.c}
	for _, l := range courier.roomFirst() {
		r, err := p.c.Receipts.Of(ctx, l.Name)
		if err != nil {
			return err
		}
		if r.Size >= l.Size || l.Size == 0 {
			continue
		}
		p.logs++
		if err := p.papers(ctx, courier, l); err != nil {
			return err
		}
		if err := p.entries(ctx, l, r.Size); err != nil {
			return err
		}
	}
	return nil
}

func (p *packing) papers(ctx context.Context, courier *Courier, l journal.Log) error {
	refs, err := courier.named(ctx, l.Name, false)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		if p.seen[ref] {
			continue
		}
		if p.seen == nil {
			p.seen = map[string]bool{}
		}
		p.seen[ref] = true
		size := courier.sizeOf(ref)
		if size == 0 {
			return fmt.Errorf("%w: %s", ErrLost, ref)
		}
		p.add(packed{File: letters.File{Path: "documents/" + ref, Size: size, Hash: ref}, ref: documents.Ref(ref)})
	}
	return nil
}

func (p *packing) entries(ctx context.Context, l journal.Log, from int64) error {
	for from < l.Size {
		d, err := p.c.Journal.Deliver(ctx, l.Name, from, journal.Portion{Entries: entriesAtOnce, Bytes: bytesAtOnce})
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := d.Write(&b); err != nil {
			return err
		}
		sum := sha256.Sum256(b.Bytes())
		p.add(packed{File: letters.File{Path: fmt.Sprintf("logs/%s/%d", l.Name, from), Size: int64(b.Len()), Hash: hex.EncodeToString(sum[:])}, data: b.Bytes()})
		from = d.End()
	}
	return nil
}

func (p *packing) add(f packed) {
	p.files = append(p.files, f)
	p.bytes += f.Size
}

// write seals the tar into a file that gets its name at the end.
func (p *packing) write(path string, to age.Recipient) error {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s: %w", path, fs.ErrExist)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	in, out := io.Pipe()
	go func() { out.CloseWithError(p.seal(out, to)) }()
	_, err := store.WriteFrom(path, in, 0o644)
	in.CloseWithError(errors.New("the stick was not written to the end"))
	return err
}

func (p *packing) seal(out io.Writer, to age.Recipient) error {
	sealed, err := age.Encrypt(out, to)
	if err != nil {
		return err
	}
	t := tar.NewWriter(sealed)
	manifest, err := p.manifest()
	if err != nil {
		return err
	}
	if err := p.put(t, letters.ManifestFile, int64(len(manifest)), bytes.NewReader(manifest)); err != nil {
		return err
	}
	for _, f := range p.files {
		if err := p.file(t, f); err != nil {
			return err
		}
	}
	return errors.Join(t.Close(), sealed.Close())
}

func (p *packing) file(t *tar.Writer, f packed) error {
	if f.ref == "" {
		return p.put(t, f.Path, f.Size, bytes.NewReader(f.data))
	}
	r, err := p.c.Documents.Open(f.ref)
	if err != nil {
		return err
	}
	defer r.Close()
	return p.put(t, f.Path, f.Size, r)
}

func (p *packing) put(t *tar.Writer, name string, size int64, r io.Reader) error {
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: p.made.Truncate(time.Second), Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := io.Copy(t, r)
	return err
}

func (p *packing) manifest() ([]byte, error) {
	m := letters.Manifest{Room: p.c.Journal.Room(), Prefix: p.c.Prefix, Name: p.c.Name, Made: p.made}
	for _, f := range p.files {
		m.Files = append(m.Files, f.File)
	}
	text, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	return p.c.Journal.SignParcel(letters.ParcelHead + string(text) + "\n")
}

// TakeReceipts reads the answers a centre has written beside this room's parcels
// and keeps those that it really signed. It answers how many were new.
func TakeReceipts(ctx context.Context, c Config, stick string) (int, error) {
	centre, err := c.Receipts.Centre(ctx)
	if err != nil {
		return 0, err
	}
	answers, err := filepath.Glob(filepath.Join(stick, letters.ParcelFolder, c.Journal.Room()+"-*"+letters.ReceiptEnding))
	if err != nil {
		return 0, err
	}
	taken := 0
	for _, path := range answers {
		n, err := takeAnswer(ctx, c, centre, path)
		if err != nil {
			return taken, fmt.Errorf("reading %s: %w", filepath.Base(path), err)
		}
		taken += n
	}
	return taken, nil
}

func takeAnswer(ctx context.Context, c Config, centre Centre, path string) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	var heads letters.Heads
	if err := json.Unmarshal(text, &heads); err != nil {
		return 0, err
	}
	taken := 0
	for log, head := range heads.Logs {
		if head.Receipt == "" {
			continue
		}
		n, err := c.take(ctx, centre, log, head.Receipt)
		if err != nil {
			return taken, err
		}
		taken += n
	}
	return taken, nil
}

// take keeps a receipt that is signed by the centre and says more than the one
// that is here.
func (c Config) take(ctx context.Context, centre Centre, log, receipt string) (int, error) {
	o, size, at, err := journal.CheckCosigned([]byte(receipt), centre.Cosigner)
	if err != nil {
		return 0, err
	}
	was, err := c.Receipts.Of(ctx, log)
	if err != nil || o.Log != log || o.Room != c.Journal.Room() || size <= was.Size {
		return 0, err
	}
	return 1, c.Receipts.keep(ctx, Receipt{log, size, at, []byte(receipt)})
}

// TakeCard reads what a centre hands to rooms that never have a line to it, from
// a stick: from then on parcels can be written. A centre that is paired already
// stays.
func TakeCard(ctx context.Context, c Config, stick string) error {
	if _, err := c.Receipts.Centre(ctx); !errors.Is(err, ErrUnpaired) {
		return err
	}
	text, err := os.ReadFile(filepath.Join(stick, letters.ParcelFolder, letters.CardFile))
	if errors.Is(err, fs.ErrNotExist) {
		return ErrUnpaired
	}
	if err != nil {
		return err
	}
	var card letters.Card
	if err := json.Unmarshal(text, &card); err != nil {
		return fmt.Errorf("reading the centre's card: %w", err)
	}
	if _, err := age.ParseX25519Recipient(card.Recipient); err != nil || !strings.Contains(card.Cosigner, "+") {
		return errors.New("the centre's card is damaged")
	}
	return c.Receipts.pair(ctx, Centre{Name: card.Centre, Cosigner: card.Cosigner, Recipient: card.Recipient})
}
