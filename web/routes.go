package web

import (
	"net/http"

	"phonghop/meeting"
)

// route is one line of the table. most bounds what a request may bring; 0 means
// a form's size, and that the form is read before the handler.
type route struct {
	pattern string
	door    door
	handle  http.HandlerFunc
	most    int64
}

const liveRoute = "GET /live"

// routes is every address the room answers.
func (w *Web) routes() []route {
	return append(w.ofSitting(), []route{
		// coming in, going out
		{"GET /{$}", open, w.front, 0},
		{"GET /join", open, w.joinPage, 0},
		{"POST /join", open, w.join, 0},
		{"GET /enter/{token}", open, w.enter, 0},
		{"GET /claim/{token}", open, w.claimPage, 0},
		{"POST /claim/{token}", open, w.claim, 0},
		{"GET /pin", open, w.pinPage, 0},
		{"POST /pin", open, w.pin, 0},
		{"GET /waiting", open, w.waiting, 0},
		{"POST /waiting", open, w.takeOver, 0},
		{"POST /leave", open, w.leave, 0},
		{"POST /seats/{seat}/{verb}", seated, w.decideSeat, 0},
		{"GET /enrol", open, w.enrol, 0},
		{"GET /ca.crt", open, w.authority, 0},

		{"GET /board", local, w.board, 0},

		// reading papers: member.go, reader.go, pageimages.go, search.go
		{"GET /papers/{paper}/{name}", seated, w.paper, 0},
		{"GET /papers/{paper}/read", seated, w.reader, 0},
		{"GET /papers/{paper}/pages/{page}", seated, w.pageImage, 0},
		{"GET /papers/{paper}/pages/{page}/{ref}", seated, w.keptImage, 0},
		{"GET /papers/{paper}/fine/{page}", seated, w.fineImage, 0},
		{"GET /papers/{paper}/fine/{page}/{ref}", seated, w.keptFine, 0},
		{"GET /papers/{paper}/thumbs/{page}", seated, w.thumbImage, 0},
		{"GET /papers/{paper}/thumbs/{page}/{ref}", seated, w.keptThumb, 0},
		{"POST /papers/{paper}/opened", seated, w.openPaper, 0},
		{"GET /search", seated, w.searchPage, 0},

		// preparing: prepare.go, preparepeople.go, preparepapers.go
		{"GET /prepare", clerk, w.prepareHome, 0},
		{"POST /prepare", clerk, w.createSession, 0},
		{"GET /prepare/session", clerk, w.prepareSession, 0},
		{"POST /prepare/session", clerk, w.changeSession, 0},
		{"GET /prepare/agenda", clerk, w.prepareAgenda, 0},
		{"POST /items", clerk, w.addItem, 0},
		{"POST /items/{item}", clerk, w.changeItem, 0},
		{"POST /items/{item}/move", clerk, w.moveItem, 0},
		{"POST /items/{item}/papers", clerk, w.takePapers, uploadMost},
		{"GET /prepare/papers/{paper}", clerk, w.paperPage, 0},
		{"POST /papers/{paper}", clerk, w.changePaper, 0},
		{"POST /papers/{paper}/move", clerk, w.movePaper, 0},
		{"POST /papers/{paper}/withdraw", clerk, w.withdrawPaper, 0},

		// files coming in: upload.go, papers.go
		{"POST /uploads", clerk, w.beginUpload, 0},
		{"PATCH /uploads/{id}", clerk, w.appendUpload, pieceMost},
		{"GET /prepare/arrivals", clerk, w.arrivalsPart, 0},
		{"POST /arrivals/{arrival}/publish", clerk, w.publishArrival, 0},
		{"POST /arrivals/{arrival}/hold", clerk, w.holdArrival, 0},
		{"POST /arrivals/{arrival}/dismiss", clerk, w.dismissArrival, 0},
		{"POST /arrivals/{arrival}/aim", clerk, w.aimArrival, 0},
		{"POST /usb", clerk, w.takeMedium, 0},

		// preparing: people, seats, cards
		{"GET /prepare/people", clerk, w.preparePeople, 0},
		{"POST /people", clerk, w.addPerson, 0},
		{"POST /people/{person}", clerk, w.changePerson, 0},
		{"POST /people/{person}/remove", clerk, w.removePerson, 0},
		{"POST /people/{person}/pin", clerk, w.resetPIN, 0},
		{"POST /people/import", clerk, w.previewPeople, importMost},
		{"POST /people/import/confirm", clerk, w.takePeople, 0},
		{"GET /people/template.xlsx", clerk, w.rosterTemplate, 0},
		{"GET /prepare/seats", clerk, w.prepareSeats, 0},
		{"POST /prepare/seats", clerk, w.setSeats, 0},
		{"GET /prepare/cards", clerk, w.prepareCards, 0},
		{"POST /cards", clerk, w.issueCards, 0},

		// the minutes and the tasks: minutes.go, minuteslock.go, minutesfiles.go, tasks.go
		{"GET /minutes", seated, w.minutesPage, 0},
		{"GET /minutes/part", seated, w.minutesPart, 0},
		{"POST /minutes/drafts", seated, w.keepDraft, writeMost},
		{"POST /minutes/write", seated, w.writeMinutes, writeMost},
		{"POST /minutes/accept", seated, w.acceptWords, 0},
		{"POST /minutes/seen", seated, w.seenMinutes, 0},
		{"GET /minutes/mine", seated, w.ownWords, 0},
		{"POST /minutes/words/confirm", seated, w.confirmWords, 0},
		{"POST /minutes/words/propose", seated, w.proposeWords, 0},
		{"POST /minutes/lock", seated, w.lockMinutes, 0},
		{"POST /minutes/unlock", seated, w.unlockMinutes, 0},
		{"POST /minutes/confirm", seated, w.confirmMinutes, 0},
		{"GET /minutes/{session}/bien-ban.pdf", seated, w.minutesFile, 0},
		{"GET /minutes/{session}/bien-ban.docx", seated, w.minutesFile, 0},
		{"GET /take/{file}", open, w.takePDF, 0},
		{"GET /tasks", seated, w.tasksPage, 0},
		{"POST /tasks", seated, w.setTask, 0},

		// minutes signed and coming back: minutessign.go, minutesreturn.go
		{"POST /minutes/sign-link", seated, w.makeSignLink, 0},
		{"GET /sign/{file}", open, w.signFile, 0},
		{"POST /sign/{file}", open, w.takeSigned, signedMost},
		{"POST /minutes/returned", clerk, w.uploadReturned, signedMost},
		{"GET /minutes/check", seated, w.checkReturned, 0},
		{"POST /minutes/take", seated, w.takeReturned, 0},
		{"POST /minutes/refuse", seated, w.putBackReturned, 0},
		{"GET /minutes/{session}/tra-lai/{ref}", seated, w.returnedFile, 0},

		// after the session: after.go, download.go, savings.go
		{"GET /sessions", seated, w.sessionsPage, 0},
		{"GET /sessions/{session}", seated, w.sessionPage, 0},
		{"GET /sessions/{session}/documents/{name}", seated, w.sessionDocument, 0},
		{"GET /sessions/{session}/ho-so.zip", seated, w.sessionFile, 0},
		{"POST /office", seated, w.saveOffice, 0},
		{"GET /savings", seated, w.savingsPage, 0},
		{"POST /savings/prices", seated, w.savePrices, 0},
		{"GET /savings/bao-cao.pdf", seated, w.savingsReport, 0},
		{"GET /savings/bao-cao.docx", seated, w.savingsReport, 0},

		// the box itself: it.go
		{"GET /it", clerk, w.ofIT(w.itPage), 0},
		{"GET /it/part", clerk, w.ofIT(w.itPart), 0},
		{"POST /it/send", clerk, w.ofIT(w.itSend), 0},
		{"POST /it/pair", clerk, w.ofIT(w.itPair), 0},
		{"POST /it/backup", clerk, w.ofIT(w.itBackUp), 0},
		{"POST /it/recovery", clerk, w.ofIT(w.itRecovery), 0},
		{"POST /it/recovery/done", clerk, w.ofIT(w.itRecoveryDone), 0},
		{"POST /it/usb/{verb}", clerk, w.ofIT(w.itDrive), 0},

		// a rehearsal: rehearsal.go, rehearsaldoor.go
		{"GET /rehearsal", clerk, w.ofStage(w.rehearsalPage), 0},
		{"GET /rehearsal/part", clerk, w.ofStage(w.rehearsalPart), 0},
		{"POST /rehearsal", clerk, w.ofStage(w.beginRehearsal), 0},
		{"POST /rehearsal/votes", clerk, w.ofStage(w.voteInRehearsal), 0},
		{"POST /rehearsal/end", clerk, w.ofStage(w.endRehearsal), 0},
		{"POST /rehearsal/link", clerk, w.ofStage(w.linkRehearsal), 0},
		{"POST /rehearsal/enter", seated, w.ofStage(w.enterRehearsal), 0},
		{"GET /rehearsal/enter/{token}", open, w.ofStage(w.enterAsGhost), 0},
		{"GET /rehearsal/join/{token}", open, w.ofStage(w.joinRehearsalPage), 0},
		{"POST /rehearsal/join/{token}", open, w.ofStage(w.joinRehearsal), 0},
		{"POST /rehearsal/cast", open, w.ofStage(w.giveCast), 0},
		{"POST /rehearsal/cast/end", open, w.ofStage(w.takeReport), reportMost},

		// programs and files
		{"GET /healthz", open, w.healthz, 0},
		{"GET /metrics", open, w.metrics, 0},
	}...)
}

// ofSitting are the addresses of a sitting: what is seen and done on its screens.
// A rehearsal answers these too, and no others.
func (w *Web) ofSitting() []route {
	return []route{
		// screens
		{"GET /member", seated, w.screenPage(meeting.MemberScreen), 0},
		{"GET /chair", seated, w.screenPage(meeting.ChairScreen), 0},
		{"GET /secretary", seated, w.screenPage(meeting.SecretaryScreen), 0},
		{"GET /hall", seated, w.screenPage(meeting.HallScreen), 0},
		{liveRoute, seated, w.live, 0},

		// a member's keys: member.go
		{"GET /member/record", seated, w.ownRecord, 0},
		{"GET /items/{item}", seated, w.itemPage, 0},
		{"GET /member/call", seated, w.voteCall, 0},
		{"POST /presence", seated, w.markSelf, 0},
		{"POST /floor/ask", seated, w.askFloor, 0},
		{"POST /floor/withdraw", seated, w.withdrawAsk, 0},
		{"POST /floor/yield", seated, w.yieldFloor, 0},
		{"POST /items/{item}/opinion", seated, w.writeOpinion, 0},
		{"POST /votes/{vote}/ballot", seated, w.castBallot, 0},

		// conducting: conduct.go
		{"POST /session/open", seated, w.openSession, 0},
		{"POST /session/close", seated, w.closeSession, 0},
		{"POST /session/recess", seated, w.beginRecess, 0},
		{"POST /session/resume", seated, w.endRecess, 0},
		{"POST /session/chair", seated, w.handOver, 0},
		{"POST /items/{item}/open", seated, w.openItem, 0},
		{"POST /items/{item}/close", seated, w.closeItem, 0},
		{"POST /items/{item}/defer", seated, w.deferItem, 0},
		{"POST /items/{item}/restore", seated, w.restoreItem, 0},
		{"POST /items/{item}/votes", seated, w.openVote, 0},
		{"POST /votes/{vote}/close", seated, w.closeVote, 0},
		{"POST /votes/{vote}/annul", seated, w.annulVote, 0},
		{"POST /votes/{vote}/ballots", seated, w.enterBallot, 0},
		{"POST /floor/give", seated, w.giveFloor, 0},
		{"POST /floor/extend", seated, w.extendFloor, 0},
		{"POST /floor/stop", seated, w.stopFloor, 0},
		{"POST /people/{person}/presence", seated, w.markPerson, 0},
		{"POST /presence/all", seated, w.markAll, 0},
		{"POST /people/{person}/absence", seated, w.reportAbsence, 0},
		{"POST /people/{person}/absence/answer", seated, w.answerAbsence, 0},
		{"POST /undo/{seq}", seated, w.undo, 0},

		// the record: record.go
		{"POST /items/{item}/conclusion", seated, w.conclude, 0},
		{"POST /notes", seated, w.note, 0},
		{"POST /entries/{seq}/correct", seated, w.correct, 0},
		{"GET /record", seated, w.record, 0},

		// programs, and what pages are made of
		{"GET /api/session", seated, w.apiSession, 0},
		{"POST /prefs", open, w.prefs, 0},
		{"GET /assets/{name}", open, w.asset, 0},
	}
}
