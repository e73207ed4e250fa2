// Package roster reads the list of people for a session from the Excel or CSV file the secretary already has, and says line by line what is wrong with it.
//
// Read takes the bytes of the upload and returns a Preview: the rows as they
// were understood and the problems found. Nothing is imported here. Columns are
// known by their Vietnamese or English headings, in any order, under any title
// lines; the first row that holds a heading for names is the heading row.
// Problems carry kinds and values, never sentences: the words on screen belong
// to the pages. Template is the empty form to download and fill in.
//
// The file comes from outside, so there are limits (2 MB, 2,000 people, 200
// characters a cell, 16 MB unpacked) and garbage is an error, never a crash.
package roster
