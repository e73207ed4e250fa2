// Package drafts keeps what somebody is typing, so that a closed lid or a lost line costs no sentence.
//
// A draft is no part of any session: nobody else sees it, it is in no record and
// in no file that leaves the room. It ends when its text is recorded or dropped.
// The same small database remembers two more things that are not history: what
// somebody last looked at of the minutes, so that they can be told what changed
// since, and files that came back and wait for the secretary's decision.
//
// Losing drafts.db costs unrecorded sentences and nothing else.
package drafts
