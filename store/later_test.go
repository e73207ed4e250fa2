package store

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestLater: nothing is touched before somebody asks; an opening that failed is tried
// again; what is closed stays closed.
func TestLater(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "late.db")
	l := OpenLater(path, `CREATE TABLE IF NOT EXISTS word (text TEXT)`)
	if _, err := os.Stat(filepath.Dir(path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("touched: %v", err)
	}
	if err := os.WriteFile(filepath.Dir(path), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Read(t.Context()); err == nil {
		t.Error("opened in a file")
	}
	if err := os.Remove(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	err := l.Write(t.Context(), func(tx *sql.Tx) error { _, err := tx.Exec(`INSERT INTO word VALUES ('sau')`); return err })
	if err != nil {
		t.Fatal(err)
	}
	db, err := l.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var text string
	if err := db.QueryRow(`SELECT text FROM word`).Scan(&text); err != nil || text != "sau" {
		t.Errorf("%q, %v", text, err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.DB(t.Context()); !errors.Is(err, sql.ErrConnDone) {
		t.Errorf("after closing: %v", err)
	}
	if err := OpenLater(path, "").Close(); err != nil {
		t.Errorf("closing what was never opened: %v", err)
	}
}
