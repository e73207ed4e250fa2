package journal

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // the hand that tampers needs no store

	"golang.org/x/mod/sumdb/tlog"
)

// tampered is a hand in the closed file: what it does, and what must be named.
type tampered struct {
	name string
	do   func(*testing.T, *sql.DB)
	seq  int64
	what string
}

func statement(query string, args ...any) func(*testing.T, *sql.DB) {
	return func(t *testing.T, db *sql.DB) {
		t.Helper()
		r, err := db.Exec(query, args...)
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := r.RowsAffected(); n == 0 {
			t.Fatal("nothing was changed")
		}
	}
}

// flip changes a byte of a blob in the one row the condition names.
func flip(table, column, where string, at int) func(*testing.T, *sql.DB) {
	return func(t *testing.T, db *sql.DB) {
		t.Helper()
		var b []byte
		if err := db.QueryRow(`SELECT ` + column + ` FROM ` + table + ` WHERE log = 2 AND ` + where).Scan(&b); err != nil {
			t.Fatal(err)
		}
		b[at] ^= 1
		statement(`UPDATE `+table+` SET `+column+` = ? WHERE log = 2 AND `+where, b)(t, db)
	}
}

func swap(t *testing.T, db *sql.DB) {
	for _, step := range [][2]int{{50, -1}, {51, 50}, {-1, 51}} {
		statement(`UPDATE entry SET seq = ? WHERE log = 2 AND seq = ?`, step[1], step[0])(t, db)
	}
}

// rewrite is what somebody does who knows the format and has no key: one entry
// changed, and every node above it made to fit.
func rewrite(t *testing.T, db *sql.DB) {
	var all [][]byte
	for seq := range 100 {
		var line []byte
		if err := db.QueryRow(`SELECT line FROM entry WHERE log = 2 AND seq = ?`, seq).Scan(&line); err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	all[40] = []byte(strings.Replace(string(all[40]), `"choice":"for"`, `"choice":"against"`, 1))
	statement(`UPDATE entry SET line = ? WHERE log = 2 AND seq = 40`, all[40])(t, db)
	var e edge
	for seq, line := range all {
		hashes, err := e.grow(int64(seq), tlog.RecordHash(line))
		if err != nil {
			t.Fatal(err)
		}
		for i, h := range hashes {
			statement(`UPDATE node SET hash = ? WHERE log = 2 AND n = ?`, h[:], tlog.StoredHashIndex(0, int64(seq))+int64(i))(t, db)
		}
	}
}

// resign replaces the session's checkpoint by one that fits, signed by another.
func resign(t *testing.T, db *sql.DB) {
	var text string
	if err := db.QueryRow(`SELECT note FROM checkpoint WHERE log = 2`).Scan(&text); err != nil {
		t.Fatal(err)
	}
	o, err := ParseOrigin(strings.SplitN(text, "\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	s, err := parseCheckpoint(o, text[:strings.Index(text, "\n\n")+1])
	if err != nil {
		t.Fatal(err)
	}
	thief := &Journal{prefix: o.Prefix, key: NewKey()}
	tr := &tree{name: o.Log, size: s.size, edge: edgeOf(t, db)}
	if err := thief.sign(tr, epochs{room: o.Room}); err != nil || tr.root != s.root {
		t.Fatal(err, tr.root)
	}
	statement(`UPDATE checkpoint SET note = ? WHERE log = 2`, tr.note)(t, db)
}

func edgeOf(t *testing.T, db *sql.DB) (e edge) {
	rows, err := db.Query(`SELECT line FROM entry WHERE log = 2 ORDER BY seq`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for seq := int64(0); rows.Next(); seq++ {
		var line []byte
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		if _, err := e.grow(seq, tlog.RecordHash(line)); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func tamperings() []tampered {
	all := []tampered{
		{"a byte of a body", flip("body", "body", "seq = 42", 3), 42, "body"},
		{"a byte of a salt", flip("body", "salt", "seq = 42", 31), 42, "body"},
		{"a body of another", statement(`INSERT INTO body SELECT log, 43, salt, body FROM body WHERE log = 2 AND seq = 42`), 43, "body"},
		{"a leaf", flip("node", "hash", fmt.Sprint("n = ", tlog.StoredHashIndex(0, 42)), 0), 42, "hash in the tree"},
		{"an inner node", flip("node", "hash", fmt.Sprint("n = ", tlog.StoredHashIndex(3, 4)), 9), 39, "3 levels up"},
		{"a node gone", statement(`DELETE FROM node WHERE log = 2 AND n = ?`, tlog.StoredHashIndex(1, 20)), 41, "missing"},
		{"a node too many", statement(`INSERT INTO node SELECT 2, max(n) + 1, hash FROM node WHERE log = 2`), 100, "nodes of the tree without"},
		{"an entry gone", statement(`DELETE FROM entry WHERE log = 2 AND seq = 40`), 40, "missing"},
		{"the first gone", statement(`DELETE FROM entry WHERE log = 2 AND seq = 0`), 0, "missing"},
		{"all gone", statement(`DELETE FROM entry WHERE log = 2`), 0, "missing"},
		{"cut off", statement(`DELETE FROM entry WHERE log = 2 AND seq >= 90`), 90, "100 entries were signed"},
		{"two swapped", swap, 50, "another entry"},
		{"an id", statement(`UPDATE entry SET id = 'other' WHERE log = 2 AND seq = 40`), 40, "another entry"},
		{"one renumbered", statement(`UPDATE entry SET seq = 100 WHERE log = 2 AND seq = 99`), 99, "missing"},
		{"a history rewritten", rewrite, -1, "not those that were signed"},
		{"a foreign key", resign, -1, "not signed by the key"},
		{"a byte of the checkpoint", flip("checkpoint", "note", "epoch = 1", 80), -1, ""},
		{"the checkpoint gone", statement(`DELETE FROM checkpoint WHERE log = 2`), -1, "no signed checkpoint"},
		{"another log's checkpoint", statement(`UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE log = 1), size = 1 WHERE log = 2`), -1, "in the place of another"},
	}
	for _, i := range []int{0, 5, 60, 150, 180} {
		all = append(all, tampered{fmt.Sprintf("byte %d of an entry", i), flip("entry", "line", "seq = 77", i), 77, ""})
	}
	return all
}

func TestTamperingIsFoundAtOpening(t *testing.T) {
	for _, tt := range tamperings() {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			j := found(t, dir)
			fill(t, j, 100)
			j.Close()
			tamper(t, dir, tt.do)

			_, err := Open(t.Context(), Config{Path: filepath.Join(dir, "journal.db"), Key: j.key})
			check(t, tt, err)

			reader, err := Open(t.Context(), Config{Path: filepath.Join(dir, "journal.db"), ReadOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			defer reader.Close()
			report, err := reader.Verify(t.Context())
			check(t, tt, err)
			if len(report.Logs) != 2 || report.Logs[0].Wrong != nil || report.Logs[1].Wrong == nil {
				t.Errorf("the report: %+v", report)
			}
		})
	}
}

func check(t *testing.T, tt tampered, err error) {
	t.Helper()
	wrong, ok := errors.AsType[*Wrong](err)
	if !ok || wrong.Log != session || wrong.Seq != tt.seq || !strings.Contains(wrong.What, tt.what) {
		t.Errorf("found %v, want entry %d: %s", err, tt.seq, tt.what)
	}
}

func tamper(t *testing.T, dir string, do func(*testing.T, *sql.DB)) {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(dir, "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	do(t, db)
}

// Another room's key does not open a journal, and a lost one is not replaced.
func TestForeignOrLostKey(t *testing.T) {
	dir := t.TempDir()
	found(t, dir).Close()
	if _, err := Open(t.Context(), Config{Path: filepath.Join(dir, "journal.db"), Key: NewKey()}); !errors.Is(err, ErrForeignKey) {
		t.Errorf("a foreign key: %v", err)
	}
	if err := os.Remove(keyPath(dir)); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenKey(dir); !errors.Is(err, ErrKeyMissing) {
		t.Errorf("a lost key: %v", err)
	}
}
