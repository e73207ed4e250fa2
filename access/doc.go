// Package access knows who sits at this tablet: seat cards, six-digit codes, PINs, the first sign-in of the secretary, and the room's own certificate.
//
// # Sitting down
//
// A person is given a card (IssueCards) with a token in its QR and a six-digit
// code. Either signs a tablet in (EnterToken, EnterCode) and yields a cookie;
// that binds nothing, since a link preview does the same. The tablet's first
// POST or stream binds the seat (Bind). A second tablet then waits for a yes
// from the first or from the secretary (Waiting, Allow, Deny). When the first
// has not been seen for half a minute, a code the secretary reads out is enough
// (TakeOver). Release sends a tablet away in one call.
//
// Chair, secretary and IT choose a PIN at their first sign-in; until it is
// proven on a device their seat cannot be bound.
//
// # Guessing
//
// Wrong codes and PINs slow the device that types them, by its cookie and by
// its address; never the seat, and never a tablet that is already signed in.
// Somebody may change both, so two brakes act on the room: after many wrong
// codes within ten minutes a right code alone no longer binds, it waits for a
// yes; and a card whose PIN was guessed wrong thirty times ends, to be printed
// again.
//
// # What is kept, and what a leak costs
//
// access.db holds no token, code, cookie or PIN in plain. Tokens, claim links
// and cookies are random and long, so their SHA-256 tells nothing. PINs are
// argon2id: a million guesses at 40 ms, eleven hours of one core for each person.
// Codes are HMAC-SHA256 under a secret that lies in the same file, because they
// must be found by value: who has the whole file has the codes of the current
// cards in a second, and then still meets the bound seats and the PINs. The
// secret only helps where less than the whole file leaks.
//
// The table of seats is in memory, an immutable value read back after every
// commit, so that knowing who asks is one map look-up without a lock; a crash
// loses at most when a tablet was last seen and who was waiting. Losing
// access.db costs printing the cards again; it holds nothing of any session.
package access
