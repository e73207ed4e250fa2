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
	own    func(templates.Page, meeting.View, meeting.Mine) []templates.Panel
	whole  bool
}

func screens() map[meeting.Screen]screen {
	return map[meeting.Screen]screen{
		meeting.MemberScreen: {
			path: "/member", page: templates.MemberPage, shared: templates.MemberShared, own: templates.MemberOwn,
		},
		meeting.ChairScreen: {
			path: "/chair", page: templates.ChairPage, shared: templates.ChairShared, own: templates.ChairOwn, whole: true,
		},
		meeting.SecretaryScreen: {
			path: "/secretary", page: templates.SecretaryPage, shared: templates.SecretaryShared, own: templates.SecretaryOwn, whole: true,
		},
		meeting.HallScreen: {
			path: "/hall", shared: templates.HallShared,
			page: func(p templates.Page, v meeting.View, _ meeting.Mine) templ.Component {
				return templates.HallPage(p, v)
			},
		},
	}
}
