package viet

import (
	"bytes"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Index is the row of letters of an index bar: Ă Â Đ Ê Ô Ơ Ư are letters of
// their own.
func Index() []string {
	return []string{"A", "Ă", "Â", "B", "C", "D", "Đ", "E", "Ê", "G", "H", "I", "K", "L", "M", "N",
		"O", "Ô", "Ơ", "P", "Q", "R", "S", "T", "U", "Ư", "V", "X", "Y"}
}

// SortText puts items in dictionary order by the text each yields. Equal ones
// keep their order. Each call has a collator of its own: they are not safe to
// share between goroutines.
func SortText[T any](items []T, text func(T) string) {
	sortBy(items, func(c *collate.Collator, b *collate.Buffer, item T) [][]byte {
		return [][]byte{c.KeyFromString(b, text(item))}
	})
}

// SortNames puts people in the order an office expects: by given name, then
// family, then middle name. A protocol list is not alphabetical; it comes first.
func SortNames[T any](items []T, name func(T) string) {
	sortBy(items, func(c *collate.Collator, b *collate.Buffer, item T) [][]byte {
		family, middle, given := SplitName(name(item))
		return [][]byte{c.KeyFromString(b, given), c.KeyFromString(b, family), c.KeyFromString(b, middle)}
	})
}

func sortBy[T any](items []T, key func(*collate.Collator, *collate.Buffer, T) [][]byte) {
	type keyed struct {
		key  [][]byte
		item T
	}
	c, b := collate.New(language.Vietnamese), new(collate.Buffer)
	list := make([]keyed, len(items))
	for i, item := range items {
		list[i] = keyed{key(c, b, item), item}
	}
	slices.SortStableFunc(list, func(x, y keyed) int { return slices.CompareFunc(x.key, y.key, bytes.Compare) })
	for i := range list {
		items[i] = list[i].item
	}
}
