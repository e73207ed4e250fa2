// Package ghosts plays tablets: it signs in, listens, asks to speak and votes as
// a room full of members does, with real requests over the network, and says how
// long each of them waited.
//
// A [Tablet] is what one member holds: a browser's cookies, a line that stays
// open for its presses, and one stream that its screen follows. A [Crowd] is many
// tablets doing the same thing at the same instant. The rehearsal of a room
// (phonghop rehearse, and the key "Diễn tập") and the benchmarks play with the
// same ones, so what a benchmark calls a ballot is what a tablet calls one.
//
// A tablet here is lean on purpose: no browser, no script, requests written as
// they go over the line. A thousand of them share a machine with the room they
// measure, and what they burn themselves would be counted as the room's.
package ghosts
