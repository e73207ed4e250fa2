// Package templates is every page people see: what it shows, its words in
// Vietnamese and English, how it looks and what its scripts do.
//
// A page is drawn from values that were cut for whoever looks
// (meeting.View, meeting.Mine): it cannot show what it was not given. Each of
// the four screens (member, chair, secretary, hall) is a whole document that
// works without script where its reader has to get on without, and a list of
// panels, the parts the live stream sends again when their bytes change. Shared
// panels are the same for a whole audience; own ones hold what is personal.
//
// Words stand in text_*.go, by area, both languages side by side; a test walks
// every key. Style and scripts lie in assets/ and are bundled by scripts/assets
// into assets/dist, which is embedded. The *_templ.go files are generated from
// the *.templ files and committed; a test proves them fresh.
package templates
