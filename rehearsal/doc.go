// Package rehearsal lets a room try itself out before it counts: the session that
// is prepared, once more, with simulated members, and nothing of it stays.
//
// # What it is made of
//
// A rehearsal is a room of its own beside the real one: the same code (room,
// journal, access) over files of its own, rehearsal.db and rehearsal-access.db,
// under origins of their own (phonghop-rehearsal/...). Its journal is signed with
// a key that is never on the disk and is gone with the process, so nobody can ever
// take its log for a session's. No entry of the room names it; minutes, backups,
// the centre and the session file are made from journal.db and cannot see it.
//
// The copy has what is needed to sit down and vote: the particulars, the rule set,
// the people with their seats, the titles of the agenda. It has no papers, no
// opinions, no absences and not the title of an item that is held in camera:
// tablets without a seat and programs come in too, and must learn nothing here
// that they could not know. For the same reason all its ids but those of people
// are new: a form drawn in the rehearsal says nothing to the room.
//
// # Who takes part
//
// So many ghosts, voting members who are marked present; a member of the real
// session is in the copy without a vote until their own tablet joins, so that
// those who stay away do not count. Whoever conducts is a second secretary who is
// nobody's person.
//
// # When it ends
//
// It ends when somebody ends it, when its chair closes the session, when the real
// session opens or a vote opens in it (the session never waits for us), when the
// disk is full, after 30 minutes in which nothing happened, and when the program
// stops. Its files go then, and whatever a crash left of them goes at the next
// start, before anything else is done.
package rehearsal
