// Package minutes writes the minutes of a session and its other papers the way a Vietnamese office signs them: on screen, in Word and as PDF.
//
// A paper is composed once, as a Sheet: a list of blocks (the two-column head,
// the title, paragraphs, tables, the signatures) that says what stands where
// and nothing about files. Two pens draw a Sheet, WriteDOCX and WritePDF, and
// Text writes it plainly for tests and for comparing. So the two files can never
// say different things, and whoever adds a paper composes blocks and is done.
//
// The form is decree 30/2020: A4, margins 20, 20, 30 and 15 mm, Times New Roman
// 14, the page number centred above and hidden on the first page.
//
// The words have two sorts. Sentences computed from the record (who was here,
// the quorum, counts of votes, times) are made here and nowhere else; what the
// secretary wrote comes in with the Account and is set between them untouched.
//
// Everything here is pure: no clock, no disk. Equal input gives equal bytes, in
// every process of one build, since the bytes are filed by their hash. Every
// text is hostile until drawn: whatever it holds, both files open.
package minutes
