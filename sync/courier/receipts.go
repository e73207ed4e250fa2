package courier

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"phonghop/journal"
	"phonghop/store"
	"phonghop/sync/letters"
)

const schema = `
CREATE TABLE IF NOT EXISTS centre (
	one         INTEGER PRIMARY KEY CHECK (one = 1),
	url         TEXT NOT NULL,
	name        TEXT NOT NULL,
	token       TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	cosigner    TEXT NOT NULL,
	recipient   TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS receipt (
	log  TEXT PRIMARY KEY,
	size INTEGER NOT NULL,
	at   INTEGER NOT NULL,
	note BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cleared (
	one INTEGER PRIMARY KEY CHECK (one = 1)
) WITHOUT ROWID;
`

// Receipts is receipts.db: which centre was paired, and what it has signed for.
// Losing it costs a pairing; the centre gives its receipts again.
type Receipts struct{ file *store.Later }

// NewReceipts is the receipts in a file.
func NewReceipts(path string) *Receipts { return &Receipts{store.OpenLater(path, schema)} }

// Close lets go of the file.
func (r *Receipts) Close() error { return r.file.Close() }

// Centre is the centre this room has paired with.
type Centre struct {
	URL         string
	Name        string
	Token       string
	Fingerprint string // of its certificate's key, as its code carried it; "" over http on loopback
	Cosigner    string // what its receipts are checked with
	Recipient   string // what parcels are sealed to
}

// Centre is the paired one, or ErrUnpaired.
func (r *Receipts) Centre(ctx context.Context) (c Centre, err error) {
	db, err := r.file.Read(ctx)
	if err != nil {
		return c, err
	}
	err = db.QueryRowContext(ctx, `SELECT url, name, token, fingerprint, cosigner, recipient FROM centre`).
		Scan(&c.URL, &c.Name, &c.Token, &c.Fingerprint, &c.Cosigner, &c.Recipient)
	if errors.Is(err, sql.ErrNoRows) {
		return c, ErrUnpaired
	}
	if err != nil {
		return c, fmt.Errorf("reading the pairing: %w", err)
	}
	return c, nil
}

func (r *Receipts) pair(ctx context.Context, c Centre) error {
	err := r.file.Write(ctx, func(t *sql.Tx) error {
		_, err := t.ExecContext(ctx, `INSERT OR REPLACE INTO centre VALUES (1, ?, ?, ?, ?, ?, ?)`, c.URL, c.Name, c.Token, c.Fingerprint, c.Cosigner, c.Recipient)
		return err
	})
	if err != nil {
		return fmt.Errorf("keeping the pairing: %w", err)
	}
	return nil
}

// cleared tells whether what is marked hold has been brought to the centre since
// it was cleared for it.
func (r *Receipts) cleared(ctx context.Context) (there bool, err error) {
	db, err := r.file.Read(ctx)
	if err == nil {
		err = db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM cleared)`).Scan(&there)
	}
	if err != nil {
		err = fmt.Errorf("reading whether the centre is cleared: %w", err)
	}
	return there, err
}

func (r *Receipts) setCleared(ctx context.Context, cleared bool) error {
	query := `DELETE FROM cleared`
	if cleared {
		query = `INSERT OR REPLACE INTO cleared VALUES (1)`
	}
	err := r.file.Write(ctx, func(t *sql.Tx) error { _, err := t.ExecContext(ctx, query); return err })
	if err != nil {
		return fmt.Errorf("noting that the centre is cleared: %w", err)
	}
	return nil
}

// Receipt is what the centre has signed for a log.
type Receipt struct {
	Log  string
	Size int64
	At   time.Time // by the centre's clock
	Note []byte    // the countersigned checkpoint
}

// Of is the receipt of a log; empty where there is none.
func (r *Receipts) Of(ctx context.Context, log string) (Receipt, error) {
	db, err := r.file.Read(ctx)
	if err != nil {
		return Receipt{}, err
	}
	return receiptOf(ctx, db, log)
}

func receiptOf(ctx context.Context, db *sql.DB, log string) (Receipt, error) {
	got := Receipt{Log: log}
	var at int64
	err := db.QueryRowContext(ctx, `SELECT size, at, note FROM receipt WHERE log = ?`, log).Scan(&got.Size, &at, &got.Note)
	if errors.Is(err, sql.ErrNoRows) {
		return got, nil
	}
	if err != nil {
		return got, fmt.Errorf("reading the receipt of log %s: %w", log, err)
	}
	got.At = time.Unix(at, 0).UTC()
	return got, nil
}

// All lists the receipts.
func (r *Receipts) All(ctx context.Context) ([]Receipt, error) {
	db, err := r.file.Read(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, `SELECT log, size, at, note FROM receipt ORDER BY log`)
	if err != nil {
		return nil, fmt.Errorf("reading the receipts: %w", err)
	}
	defer rows.Close()
	var all []Receipt
	for rows.Next() {
		var got Receipt
		var at int64
		if err := rows.Scan(&got.Log, &got.Size, &at, &got.Note); err != nil {
			return nil, fmt.Errorf("reading the receipts: %w", err)
		}
		got.At = time.Unix(at, 0).UTC()
		all = append(all, got)
	}
	return all, rows.Err()
}

// keep writes a receipt down, unless it is the one that is here.
func (r *Receipts) keep(ctx context.Context, got Receipt) error {
	was, err := r.Of(ctx, got.Log)
	if err != nil || was.Size == got.Size && string(was.Note) == string(got.Note) {
		return err
	}
	err = r.file.Write(ctx, func(t *sql.Tx) error {
		_, err := t.ExecContext(ctx, `INSERT OR REPLACE INTO receipt VALUES (?, ?, ?, ?)`, got.Log, got.Size, got.At.Unix(), got.Note)
		return err
	})
	if err != nil {
		return fmt.Errorf("keeping the receipt of log %s: %w", got.Log, err)
	}
	return nil
}

// Pair introduces the room to a centre and keeps what it answers. The code is as
// typed; empty only for a centre on this computer.
func Pair(ctx context.Context, c Config, url, typed string) (Centre, error) {
	var code letters.Code
	if typed != "" {
		var err error
		if code, err = letters.ParseCode(typed); err != nil {
			return Centre{}, err
		}
	}
	centre := Centre{URL: url, Fingerprint: code.Fingerprint}
	l := newLine(centre, c.Transport, 0)
	p := letters.Pairing{Code: typed, Room: c.Journal.Room(), Prefix: c.Prefix, Name: c.Name, Key: c.Journal.PublicKey()}
	var paired letters.Paired
	if err := l.ask(ctx, "POST", "/api/pair", jsonOf(p), &paired); err != nil {
		return Centre{}, fmt.Errorf("pairing with %s: %w", url, err)
	}
	centre.Name, centre.Token, centre.Cosigner, centre.Recipient = paired.Centre, paired.Token, paired.Cosigner, paired.Recipient
	if _, _, _, err := journal.CheckCosigned(nil, centre.Cosigner); err == nil {
		return Centre{}, errors.New("pairing: the centre sent no key")
	}
	return centre, c.Receipts.pair(ctx, centre)
}

// ReadReceipt reads the receipt of one log beside whoever holds the file.
func ReadReceipt(ctx context.Context, path, log string) (Receipt, error) {
	db, err := store.OpenReader(ctx, path)
	if err != nil {
		return Receipt{}, fmt.Errorf("opening the receipts: %w", err)
	}
	defer db.Close()
	return receiptOf(ctx, db.Read(), log)
}
