package web

import (
	"github.com/a-h/templ"

	"phonghop/meeting"
	"phonghop/templates"
)

// screen is how one of the four screens is drawn. Shared panels are the same
// for a whole audience; own ones hold what is personal. Where whole is set, own
// panels show the whole room and are drawn for every frame; else only when more
// than a count changed, or something of that person's: a sheet is not drawn
// anew under a finger because others vote.
type screen struct {
	path   string
	page   func(templates.Page, meeting.View, meeting.Mine) templ.Component
	shared func(templates.Page, meeting.View) []templates.Panel
	own    func(p templates.Page, v meeting.View, m meeting.Mine, at string) []templates.Panel
	shares bool                        // own panels are drawn once for all of one MemberState
	holds  func(at, panel string) bool // nil: its one page holds every panel
	whole  bool
}

// oneOf are the own panels of a screen with one page.
func oneOf(own func(templates.Page, meeting.View, meeting.Mine) []templates.Panel) func(templates.Page, meeting.View, meeting.Mine, string) []templates.Panel {
	return func(p templates.Page, v meeting.View, m meeting.Mine, _ string) []templates.Panel {
		return own(p, v, m)
	}
}

func screens() map[meeting.Screen]screen {
	return map[meeting.Screen]screen{
		meeting.MemberScreen: {
			path: "/member", page: templates.MemberPage, shared: templates.MemberShared, own: templates.MemberOwn,
			holds: templates.MemberHolds, shares: true,
		},
		meeting.ChairScreen: {
			path: "/chair", page: templates.ChairPage, shared: templates.ChairShared, own: oneOf(templates.ChairOwn), whole: true,
		},
		meeting.SecretaryScreen: {
			path: "/secretary", page: templates.SecretaryPage, shared: templates.SecretaryShared, own: oneOf(templates.SecretaryOwn), whole: true,
		},
		meeting.HallScreen: {
			path: "/hall", shared: templates.HallShared,
			page: func(p templates.Page, v meeting.View, _ meeting.Mine) templ.Component {
				return templates.HallPage(p, v)
			},
		},
	}
}
