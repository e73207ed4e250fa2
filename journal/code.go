package journal

import "golang.org/x/mod/sumdb/tlog"

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// BallotCode is the four letters a member can compare: the first 20 bits of the
// leaf hash of their ballot's entry.
func BallotCode(leaf tlog.Hash) string { return code(leaf, 4) }

// ResultCode is the six letters of a vote's result: the first 30 bits of the leaf
// hash of the entry that closed it.
func ResultCode(leaf tlog.Hash) string { return code(leaf, 6) }

// code writes the first 5n bits of a hash in Crockford's base32, n at most 8.
func code(leaf tlog.Hash, n int) string {
	var bits uint64
	for _, b := range leaf[:5] {
		bits = bits<<8 | uint64(b)
	}
	letters := make([]byte, n)
	for i := range letters {
		letters[i] = crockford[bits>>(35-5*i)&31]
	}
	return string(letters)
}
