package search

import (
	"encoding/binary"
	"math"
)

// pack writes the words of a page with their places as bytes: for each its
// length, its text and four sixteenth-bit shares of the page, which is finer than
// any screen.
func pack(words []Word) []byte {
	blob := make([]byte, 0, len(words)*16)
	for _, w := range words {
		text := cut(w.Text, longest)
		blob = append(binary.AppendUvarint(blob, uint64(len(text))), text...)
		for _, share := range [...]float32{w.X, w.Y, w.W, w.H} {
			blob = binary.LittleEndian.AppendUint16(blob, quantised(share))
		}
	}
	return blob
}

// quantised takes any number, also those that are none.
func quantised(share float32) uint16 {
	if !(share > 0) {
		return 0
	}
	return uint16(math.Round(float64(min(share, 1)) * math.MaxUint16))
}

// unpack is the way back; it stops where the bytes make no sense.
func unpack(blob []byte) (words []Word) {
	for len(blob) > 0 {
		n, used := binary.Uvarint(blob)
		if used <= 0 || n > longest || uint64(len(blob)-used) < n+8 {
			return words
		}
		text, rest := blob[used:used+int(n)], blob[used+int(n):]
		w := Word{Text: string(text)}
		for i, share := range [...]*float32{&w.X, &w.Y, &w.W, &w.H} {
			*share = float32(binary.LittleEndian.Uint16(rest[2*i:])) / math.MaxUint16
		}
		words, blob = append(words, w), rest[8:]
	}
	return words
}
