package search

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"phonghop/viet"
)

// Every word of an indexed page is found: as it is spelt, folded, in capitals,
// by its beginning; and its page says where it stands.
func TestEveryWordIsFound(t *testing.T) {
	x := fresh(t)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		word := rapid.OneOf(
			rapid.SampledFrom([]string{"Nghị", "quyết", "đầu", "tư", "Ủy", "118/TTr-SKHĐT", "hoà", "1.500.000"}),
			rapid.StringMatching(`[\p{L}\p{N}\p{M}]{1,9}`),
			rapid.String(),
		)
		text := strings.Join(rapid.SliceOfN(word, 1, 12).Draw(r, "words"), " ")
		n++
		doc := fmt.Sprint(n)
		if err := x.Put(t.Context(), doc, []Page{{Number: 1, Text: text, Words: []Word{{Text: "Nghị"}}}}); err != nil {
			r.Fatal(err)
		}
		stored, err := x.Text(t.Context(), doc, 1)
		if err != nil {
			r.Fatal(err)
		}
		for _, token := range (lexicon{}).tokens(stored) {
			spelt := stored[token.from:token.to]
			if len(spelt) > longest {
				continue
			}
			asked := []string{spelt, viet.Fold(spelt)}
			if capitals := strings.ToUpper(spelt); viet.Fold(capitals) == viet.Fold(spelt) { // not so for µ
				asked = append(asked, `"`+capitals+`"`)
			}
			for _, typed := range asked {
				hits, _, err := x.Find(t.Context(), typed, []string{doc}, 1)
				if err != nil || len(hits) != 1 || hits[0].Words == 0 {
					r.Fatalf("%q of %q is not found: %v, %v", typed, stored, hits, err)
				}
			}
		}
	})
}

func FuzzFind(f *testing.F) {
	x := fresh(f)
	put(f, x, "a", "Nghị quyết đầu tư công 118/TTr-SKHĐT; NEAR AND OR NOT folded spelt")
	for _, typed := range []string{
		`"`, `""`, `"a" "b`, `a* *b`, `^nghi`, `nghi NEAR/2 quyet`, `folded:nghi`, `(((`, `a OR`, `-a`, "a\x00b", "\xff\xfe",
		`'; DROP TABLE word; --`, `“đầu tư”`, strings.Repeat("a ", 999), strings.Repeat(`"a`, 99), "ﬁ²½", "đ̣̣̣̣̣̣",
	} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		hits, more, err := x.Find(t.Context(), typed, []string{"a", typed}, 10)
		if err != nil || more || len(hits) > 1 {
			t.Fatalf("%q: %v, %v, %v", typed, hits, more, err)
		}
		for _, hit := range hits {
			if hit.Words == 0 || !slices.ContainsFunc(hit.Snippet, func(p Piece) bool { return p.Marked }) {
				t.Fatalf("%q found, but nothing is marked: %v", typed, hit)
			}
		}
		boxes, err := x.Marks(t.Context(), "a", 1, typed)
		if err != nil || (len(hits) > 0) != (len(boxes) > 0) {
			t.Fatalf("%q: %v hits, %v boxes, %v", typed, len(hits), len(boxes), err)
		}
		if !x.Has(t.Context(), "a", 1) {
			t.Fatalf("%q made the index begin anew", typed)
		}
	})
}

// Whatever a page holds can be put in and taken out again.
func FuzzPut(f *testing.F) {
	x := fresh(f)
	f.Add("Nghị quyết", "đầu", float32(0.5))
	f.Add("\xff\x00", strings.Repeat("ế", 99), float32(math.Inf(1)))
	f.Add("", "", float32(math.NaN()))
	f.Fuzz(func(t *testing.T, text, word string, place float32) {
		page := Page{Number: 1, Text: text, Words: []Word{{word, place, place, place, place}, {"cuối", 0, 0, 1, 1}}}
		for range 2 {
			if err := x.Put(t.Context(), "a", []Page{page}); err != nil {
				t.Fatal(err)
			}
		}
		words := unpack(pack(page.Words))
		if len(words) != 2 || words[0].Text != cut(word, longest) || words[1].Text != "cuối" {
			t.Fatalf("words came back as %v", words)
		}
		for _, share := range []float32{words[0].X, words[0].Y, words[0].W, words[0].H} {
			if place >= 0 && place <= 1 && math.Abs(float64(share-place)) > 1e-4 || share < 0 || share > 1 {
				t.Fatalf("%v came back as %v", place, share)
			}
		}
		if err := x.Forget(t.Context(), "a"); err != nil || found(t, x, text, "a") != nil {
			t.Fatalf("not forgotten: %v", err)
		}
	})
}

func FuzzUnpack(f *testing.F) {
	f.Add(pack(laid("đầu tư công")))
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0})
	f.Fuzz(func(t *testing.T, blob []byte) { unpack(blob) })
}

func TestManyAtOnce(t *testing.T) {
	x := fresh(t)
	put(t, x, "steady", "nghị quyết đầu tư", "trang hai")
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for n := range 20 {
				put(t, x, fmt.Sprint("doc", i), fmt.Sprintf("đầu tư lần %d", n), "trang hai")
			}
			if err := x.Forget(t.Context(), fmt.Sprint("doc", i)); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			for range 40 {
				hits, _, err := x.Find(t.Context(), "dau tu", []string{"doc0", "doc1", "doc2", "doc3", "steady"}, 10)
				if err != nil || len(hits) == 0 || hits[len(hits)-1].Doc != "steady" {
					t.Errorf("%v, %v", hits, err)
				}
			}
		})
	}
	all.Wait()
}

// thousands are the pages of a large annex: some 400 words each.
func thousands(n int) (pages []Page) {
	chance := rand.New(rand.NewPCG(47, 1))
	syllables := strings.Fields("nghị quyết đầu tư công trung hạn của tỉnh và huyện xã đường trường học y tế giáo dục vốn ngân sách dự án đất đai quy hoạch giải ngân kế hoạch năm báo cáo tờ trình phụ lục số tiền đồng tỷ triệu")
	for i := range n {
		var b strings.Builder
		for range 400 {
			if chance.IntN(10) == 0 {
				fmt.Fprintf(&b, "%d.%03d ", chance.IntN(999), chance.IntN(1000))
			} else {
				b.WriteString(syllables[chance.IntN(len(syllables))] + " ")
			}
		}
		pages = append(pages, Page{Number: i + 1, Text: b.String(), Words: laid(b.String())})
	}
	return pages
}

func TestALargeAnnex(t *testing.T) {
	x := fresh(t)
	pages := thousands(2000)
	if err := x.Put(t.Context(), "annex", pages); err != nil {
		t.Fatal(err)
	}
	if err := x.Done(t.Context(), "annex", len(pages)); err != nil {
		t.Fatal(err)
	}
	hits, more, err := x.Find(t.Context(), "nghi quyet dau tu", []string{"annex"}, 20)
	if err != nil || !more || len(hits) != 20 || hits[0].Words < 4 {
		t.Errorf("%d hits, %v, %v", len(hits), more, err)
	}
}

func BenchmarkPut2000Pages(b *testing.B) {
	x, pages := fresh(b), thousands(2000)
	for b.Loop() {
		if err := x.Put(b.Context(), "annex", pages); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	x := fresh(b)
	if err := x.Put(b.Context(), "annex", thousands(2000)); err != nil {
		b.Fatal(err)
	}
	for _, typed := range []string{"t", "nghi quyet dau tu", "nghị quyết đầu tư", "999.9", `"quy hoạch đất"`} {
		b.Run(typed, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := x.Find(b.Context(), typed, []string{"annex"}, 20); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
