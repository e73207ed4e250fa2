package search

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"

	"phonghop/viet"
)

// What is taken of one page at most; a hostile PDF writes millions of words.
const (
	mostText  = 512 << 10
	mostWords = 20_000
)

// How much goes into one transaction. The disk is the voting's too: between two
// of these it is free.
const (
	chunkPages = 64
	chunkText  = 256 << 10
)

// Page is one page of a paper. Words are in reading order, Text is the same
// words as they are read; where it is empty the words make it.
type Page struct {
	Number int // from 1
	Text   string
	Words  []Word
}

// Word is a word of a page and its place, in shares of the page's width and
// height, upright as it is drawn.
type Word struct {
	Text       string
	X, Y, W, H float32
}

// prepared is a page cut and folded, ready to be written.
type prepared struct {
	number        int
	text          string
	folded, spelt string
	words         []byte
}

// Put takes in pages of a document; pages of the same number are replaced. A
// crash, or the end of ctx, leaves some of them in: Has says no until Done was
// told that all are. The pages are cut outside of any transaction and written in
// small ones.
func (x *Index) Put(ctx context.Context, doc string, pages []Page) error {
	words := lexicon{}
	for len(pages) > 0 {
		var chunk []prepared
		for size := 0; len(pages) > 0 && len(chunk) < chunkPages && size < chunkText; pages = pages[1:] {
			if pages[0].Number < 1 || pages[0].Number > math.MaxInt32 {
				return fmt.Errorf("indexing %s: there is no page %d", doc, pages[0].Number)
			}
			chunk = append(chunk, ready(words, pages[0]))
			size += len(pages[0].Text)
		}
		if err := x.putChunk(ctx, doc, chunk); err != nil {
			return err
		}
	}
	return nil
}

func ready(words lexicon, p Page) prepared {
	p.Words = p.Words[:min(len(p.Words), mostWords)]
	if p.Text == "" {
		var b strings.Builder
		for _, w := range p.Words {
			b.WriteString(w.Text + " ")
		}
		p.Text = b.String()
	}
	text := viet.CleanText(cut(p.Text, mostText))
	var folded, spelt strings.Builder
	for _, t := range words.tokens(text) {
		folded.WriteString(t.folded + " ")
		spelt.WriteString(t.spelt + " ")
	}
	return prepared{p.Number, text, folded.String(), spelt.String(), pack(p.Words)}
}

func (x *Index) putChunk(ctx context.Context, doc string, chunk []prepared) error {
	return x.write(ctx, "indexing "+doc, func(tx *sql.Tx) error {
		paper, err := paperOf(tx, doc)
		if err != nil {
			return err
		}
		for _, p := range chunk {
			if err := remove(tx, `paper = ? AND number = ?`, paper, p.number); err != nil {
				return err
			}
			if err := insert(tx, paper, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func paperOf(tx *sql.Tx, doc string) (id int64, err error) {
	if _, err = tx.Exec(`INSERT INTO paper (doc) VALUES (?) ON CONFLICT DO NOTHING`, doc); err != nil {
		return 0, err
	}
	err = tx.QueryRow(`SELECT id FROM paper WHERE doc = ?`, doc).Scan(&id)
	return id, err
}

func insert(tx *sql.Tx, paper int64, p prepared) error {
	done, err := tx.Exec(`INSERT INTO page (paper, number, text, words) VALUES (?, ?, ?, ?)`, paper, p.number, p.text, p.words)
	if err != nil {
		return err
	}
	id, err := done.LastInsertId()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO word (docid, folded, spelt) VALUES (?, ?, ?)`, id, p.folded, p.spelt)
	return err
}

// remove takes pages out: their words, then themselves.
func remove(tx *sql.Tx, which string, args ...any) error {
	_, err := tx.Exec(`DELETE FROM word WHERE docid IN (SELECT id FROM page WHERE `+which+`)`, args...)
	if err == nil {
		_, err = tx.Exec(`DELETE FROM page WHERE `+which, args...)
	}
	return err
}

// Done notes that all pages of a document are in, 1 to pages; others of it are
// taken out. ErrIncomplete: they are not all in.
func (x *Index) Done(ctx context.Context, doc string, pages int) error {
	return x.write(ctx, "completing "+doc, func(tx *sql.Tx) error {
		paper, err := paperOf(tx, doc)
		if err != nil {
			return err
		}
		if err := remove(tx, `paper = ? AND number > ?`, paper, pages); err != nil {
			return err
		}
		var in int
		if err := tx.QueryRow(`SELECT count(*) FROM page WHERE paper = ?`, paper).Scan(&in); err != nil {
			return err
		}
		if in != pages {
			return fmt.Errorf("%w: %d of %d", ErrIncomplete, in, pages)
		}
		_, err = tx.Exec(`UPDATE paper SET pages = ? WHERE id = ?`, pages, paper)
		return err
	})
}

// Has tells whether all of so many pages are in.
func (x *Index) Has(ctx context.Context, doc string, pages int) bool {
	var in sql.NullInt64
	err := x.do("asking for "+doc, func(h handles) error {
		err := h.reader.QueryRowContext(ctx, `SELECT pages FROM paper WHERE doc = ?`, doc).Scan(&in)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return err == nil && in.Valid && in.Int64 == int64(pages)
}

// Forget takes a document out.
func (x *Index) Forget(ctx context.Context, doc string) error {
	return x.write(ctx, "forgetting "+doc, func(tx *sql.Tx) error {
		err := remove(tx, `paper = (SELECT id FROM paper WHERE doc = ?)`, doc)
		if err == nil {
			_, err = tx.Exec(`DELETE FROM paper WHERE doc = ?`, doc)
		}
		return err
	})
}
