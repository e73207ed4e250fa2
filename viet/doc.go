// Package viet writes and reads Vietnamese the way an office does: names, dates, numbers, list letters and alphabetical order.
//
// Everything typed, uploaded or imported passes through Clean (one line) or
// CleanText (several) before it is compared or kept, so the rest of the program
// only ever meets NFC: a macOS file name and a Telex keyboard spell "Trịnh" with
// different bytes. Fold gives the key for searching and for finding duplicates,
// never for showing. The package knows the clock of Việt Nam as a fixed +07:00,
// so a box without a time-zone database writes the same minutes.
package viet
