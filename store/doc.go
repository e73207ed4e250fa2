// Package store is how this room keeps something for good: when a function here
// says "done", pulling the plug does not undo it.
//
// There are two such things. [DB] is the one way to open a SQLite file that must
// survive a power cut, and [WriteFile] the one way to write a plain file that
// must. Nothing else in this house opens a durable file by itself. A [Later] is a DB
// that is opened when it is first needed.
//
// # What is promised, and how
//
// A database is opened in WAL mode with synchronous=FULL, so that every commit
// ends with an fsync; the driver's own default is weaker and loses acknowledged
// commits. Both are asserted on every connection, because a misspelt option is
// otherwise ignored in silence.
//
// # When a commit fails
//
// Three things can happen, and they are told apart by their error:
//
//   - Any ordinary error: the transaction is gone, the file is as before.
//   - [ErrFull]: the disk is full. The transaction is gone, the file is as
//     before, reading goes on. Nothing is uncertain.
//   - [ErrUncertain]: the commit itself failed, or the disk reported an I/O
//     error. The transaction may or may not be on disk. The caller answers
//     nobody, forgets what it believed, and calls [DB.Reopen].
//
// Reading the row back would prove nothing: after a failed fsync Linux marks the
// lost pages clean and still serves them from memory, so that they are read back
// well and are gone after the next power cut, together with everything appended
// behind them. Hence the rule for Reopen and for every start: PRAGMA
// wal_checkpoint(TRUNCATE) must copy the whole log into the database, fsync that,
// and report busy = 0, and one small commit must sync the emptied log (SQLite
// leaves that to the next commit; found by cutting the power between the two),
// before anybody is answered. If it cannot, twice, the file
// can no longer be trusted: [ErrEnd], for good. Only a person may start again.
package store
