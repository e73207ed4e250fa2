package search

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"phonghop/viet"
)

// mostHits is how many pages one Find answers with at most.
const mostHits = 200

// Hit is a page on which the words stand.
type Hit struct {
	Doc     string
	Page    int
	Snippet []Piece
	Words   int // of the page that are marked
}

// Piece is a part of a snippet, in the original spelling.
type Piece struct {
	Text   string
	Marked bool
}

// Box is a rectangle on a page, in shares of its width and height.
type Box struct{ X, Y, W, H float32 }

// Find looks for the words in the documents given, and in no other, and answers
// with at most limit pages, the best first (the package's text says what that
// means); documents named first come first. more: there are further pages in
// these documents. Whatever is typed is understood; what holds no word finds
// nothing.
func (x *Index) Find(ctx context.Context, typed string, in []string, limit int) (hits []Hit, more bool, err error) {
	readings := parse(typed).readings()
	limit = min(limit, mostHits)
	if len(readings) == 0 || len(in) == 0 || limit <= 0 {
		return nil, false, nil
	}
	err = x.do("searching", func(h handles) error {
		hits, err = find(ctx, h.reader, readings, in, limit+1)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	return hits[:min(len(hits), limit)], len(hits) > limit, nil
}

// statement asks for all readings at once. A page is ranked by the first reading
// that finds it; its text is fetched only when it is among the first.
func statement(readings []reading, in string, limit int) (string, []any) {
	var union []string
	args := []any{in}
	for i, r := range readings {
		union = append(union, fmt.Sprintf(`SELECT docid, %d FROM word WHERE %s MATCH ?`, i, r.column()))
		args = append(args, r.match())
	}
	return `WITH may (paper, doc, place) AS MATERIALIZED (
			SELECT paper.id, paper.doc, given.key FROM json_each(?) given JOIN paper ON paper.doc = given.value),
		found (page, reading) AS (` + strings.Join(union, " UNION ALL ") + `),
		best (page, reading, doc, place, number) AS MATERIALIZED (
			SELECT page.id, min(found.reading), may.doc, may.place, page.number
			FROM found JOIN page ON page.id = found.page JOIN may ON may.paper = page.paper
			GROUP BY page.id ORDER BY min(found.reading), may.place, page.number LIMIT ?)
		SELECT best.reading, best.doc, best.number, page.text FROM best JOIN page ON page.id = best.page
		ORDER BY best.reading, best.place, best.number`,
		append(args, limit)
}

func find(ctx context.Context, db *sql.DB, readings []reading, in []string, limit int) ([]Hit, error) {
	list, err := json.Marshal(distinct(in))
	if err != nil {
		return nil, err
	}
	sql, args := statement(readings, string(list), limit)
	rows, err := db.QueryContext(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var hits []Hit
	for words := (lexicon{}); rows.Next(); {
		var r int
		var text string
		var hit Hit
		if err := rows.Scan(&r, &hit.Doc, &hit.Page, &text); err != nil {
			return nil, err
		}
		hit.Snippet, hit.Words = snippet(text, words.tokens(text), readings[r])
		hits = append(hits, hit)
	}
	return hits, rows.Err()
}

// distinct keeps the first of each, in order.
func distinct(in []string) []string {
	seen := make(map[string]bool, len(in))
	return slices.DeleteFunc(slices.Clone(in), func(doc string) bool {
		again := seen[doc]
		seen[doc] = true
		return again
	})
}

// Marks is where on a page the words of the query stand, a rectangle a word.
// None where the page does not satisfy the query.
func (x *Index) Marks(ctx context.Context, doc string, page int, typed string) ([]Box, error) {
	readings := parse(typed).readings()
	if len(readings) == 0 {
		return nil, nil
	}
	var blob []byte
	if err := x.page(ctx, "words", doc, page, &blob); err != nil {
		return nil, err
	}
	return boxes(unpack(blob), readings), nil
}

// boxes marks the words by the strictest reading they satisfy.
func boxes(words []Word, readings []reading) (list []Box) {
	var tokens []token
	var owner []int // the word each token is part of
	forms := lexicon{}
	for i, w := range words {
		for _, t := range forms.tokens(viet.Clean(w.Text)) {
			tokens, owner = append(tokens, t), append(owner, i)
		}
	}
	for _, r := range readings {
		marks, ok := r.marks(tokens)
		if !ok {
			continue
		}
		last := -1
		for i, mark := range marks {
			if w := words[owner[i]]; mark > 0 && owner[i] != last {
				list, last = append(list, Box{w.X, w.Y, w.W, w.H}), owner[i]
			}
		}
		return list
	}
	return nil
}

// Text is the text of a page, "" where there is none.
func (x *Index) Text(ctx context.Context, doc string, page int) (text string, err error) {
	err = x.page(ctx, "text", doc, page, &text)
	return text, err
}

func (x *Index) page(ctx context.Context, column, doc string, page int, into any) error {
	return x.do("reading a page", func(h handles) error {
		err := h.reader.QueryRowContext(ctx, `SELECT page.`+column+` FROM page JOIN paper ON paper.id = page.paper
			WHERE paper.doc = ? AND page.number = ?`, doc, page).Scan(into)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
}
