// Package search finds the words that somebody remembers in the papers, typed with or without marks.
//
// The index knows the text of each page twice: folded (viet.Fold: lower case, no
// marks, đ as d), so that "nghi quyet dau tu" finds "Nghị quyết đầu tư", and as it
// is spelt, so that somebody who types "đất" is shown "đất" before "đạt". Beside
// it lie the words of the page with their places, for marking them on its image.
//
// # What a query means
//
// All of its words must stand on one page, anywhere. Words in quotes stand
// together, in this order; so do the parts of a number such as 118/TTr-SKHĐT.
// The last word, and the last one within quotes, may be the beginning of a word.
// Anything else typed (signs, operators, half a quote) is a space.
//
// # What comes first
//
// A query is read in up to eight ways, from the strictest: spelt as typed or only
// folded, all words together or scattered, the last word whole or only begun. A
// page counts by the strictest reading it satisfies, and is marked by that one
// alone: where "nghị quyết đầu tư" stands together nobody wants every "tư" of the
// page marked. Pages of one reading come in the order in which the papers were
// asked for, then by page number: the order of the agenda is what people know.
//
// # Who may know
//
// The index knows no persons. Find looks only within the papers it is given, in
// the database itself: neither a hit nor a count nor a snippet is ever made of
// another. Whoever asks must first ask the session what this person may read.
//
// # What it may lose
//
// Everything. The file is disposable: made from the documents, never backed up,
// and removed when it is damaged or was written by another version. Hence
// synchronous=NORMAL instead of the FULL of package store: a commit does not
// sync, so that indexing never stands before the fsync of a ballot; after a power
// cut the last pages are missing, Has says so, and they are put in again.
package search
