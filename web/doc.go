// Package web is what the tablets talk to: every page they show, every key they
// press, and the stream that keeps their screens at what the room is doing now.
//
// All routes stand in one table (routes.go). A request passes the guard
// (guard.go: the room's own names only, no foreign site's forms, size limits,
// security headers, a number for every fault), then its door (door.go: who may
// come here), then a handler of ten to twenty lines: parse, room.Do or
// room.State, render.
//
// A handler answers in one of three voices (answer.go): htmx gets a small
// fragment, a program that accepts JSON gets JSON, a plain form is sent back to
// its page. What went wrong is told apart the same way everywhere: a refusal is
// one sentence, a fault is a short number on screen and the whole chain in the
// log under that number.
//
// Screens are kept fresh by state, never by changes (hub.go, live.go): each
// frame of the room is rendered once per audience and language, the panels of one
// person once for all who are in the same state, and a stream sends the panels its
// page holds that differ from those it sent before. A few drawers work for all
// streams (Web.drawers). One's own ballot comes as an event "ballot", the JSON that
// answers the press. A slow tablet skips frames; nothing waits for it.
//
// A rehearsal (rehearsal.go) is served by a second Web over a room of its own: the
// addresses of a sitting and no others. A cookie beside that of the seat decides
// which of the two a request reaches (rehearsaldoor.go); what is pressed on a page
// of a rehearsal that is over is carried out in neither.
package web
