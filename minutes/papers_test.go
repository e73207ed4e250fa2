package minutes

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"phonghop/meeting"
)

// paperSource is the sample session as the other papers see it: the room itself
// keeps the words of the in-camera item, people have places, and one more task
// comes from the session before.
func paperSource() Source {
	src := sampleSource()
	a := &src.Account
	a.Items[5].Withheld, a.Items[5].Title, a.Items[5].Conclusion = false, "Kỷ luật cán bộ", "Thống nhất hình thức khiển trách."
	a.Votes[5].Hidden, a.Votes[5].Motion = false, "Hình thức kỷ luật khiển trách"
	a.Tasks = append(a.Tasks,
		meeting.Task{ID: "t3", Item: "i6", Number: 3, Text: "Trình quyết định kỷ luật", Unit: "Sở Nội vụ", State: meeting.TaskOpen, Held: true},
		meeting.Task{ID: "t4", Number: 4, Text: "Báo cáo tiến độ trụ sở xã Nậm Khoai", Unit: "Sở Xây dựng", Due: "2026-06-10", State: meeting.TaskDone, Percent: 100, From: "018", Note: "Đã hoàn thành"})
	for i := range a.People {
		if p := &a.People[i]; p.Role == meeting.RoleGuest || p.Role == meeting.RoleSubstitute {
			p.Seat = fmt.Sprint(30 + i)
		}
	}
	for i := range a.People {
		if a.People[i].ID == "g1" {
			a.People[i].Items = []meeting.ItemID{"i3"}
		}
	}
	a.Votes[2].Ballots[3].Entered = true
	for i := range a.Votes[2].Ballots {
		if b := &a.Votes[2].Ballots[i]; b.Choice != "" {
			b.At, b.Code = a.Votes[2].Opened.Add(time.Duration(7+i)*time.Second), fmt.Sprintf("K%dQ%d", i%9, i%7)
		}
	}
	return src
}

// before is the session before it opens: nobody has come, nothing is decided.
func before(src Source) Source {
	a := &src.Account
	a.Phase, a.Opened, a.Ended, a.Votes, a.Tasks, a.Chairs = meeting.Preparing, time.Time{}, time.Time{}, nil, nil, nil
	a.People = slices.Clone(a.People)
	for i := range a.People {
		p := &a.People[i]
		p.WasPresent, p.Came, p.Left, p.Late, p.Attendance = false, time.Time{}, time.Time{}, false, meeting.Unmarked
	}
	a.Items = slices.Clone(a.Items)
	for i := range a.Items {
		it := &a.Items[i]
		*it = meeting.AccountItem{ID: it.ID, Number: it.Number, Title: it.Title, Presenter: it.Presenter, Unit: it.Unit, InCamera: it.InCamera, Minutes: it.Minutes, State: meeting.ItemPending, Papers: it.Papers}
	}
	return src
}

func samplePapers() map[string]Sheet { return papersOf(paperSource()) }

// papersOf are all papers but the minutes, by the names of their golden texts.
func papersOf(src Source) map[string]Sheet {
	early := before(src)
	vote := FallbackVote{Number: 3, Motion: src.Account.Votes[2].Motion, Named: true}
	return map[string]Sheet{
		"notice": ConclusionNotice(src), "digest-all": OpinionDigest(src, ""), "digest-item": OpinionDigest(src, "i3"), "digest-before": OpinionDigest(early, "i1"),
		"count-all": CountRecord(src, ""), "count-one": CountRecord(src, "v3"), "roll": RollList(src), "roll-blank": RollList(early),
		"invitation-member": Invitation(early, "m09"), "invitation-guest": Invitation(early, "g1"), "invitation-blank": Invitation(early, ""),
		"fallback-guide": FallbackGuide(early), "fallback-roll": FallbackRoll(early), "fallback-ballots": FallbackBallots(early, FallbackVote{}),
		"fallback-ballots-named": FallbackBallots(early, vote), "fallback-count": FallbackCount(early, FallbackVote{}), "fallback-packet": FallbackPacket(early, vote),
		"savings": SavingsReport(src, sampleSavings()),
	}
}

// sampleTables are the tables by the names of their files.
func sampleTables() map[string]func(io.Writer, meeting.Account) error {
	marked := func(f func(io.Writer, meeting.Account, ...string) error) func(io.Writer, meeting.Account) error {
		return func(w io.Writer, a meeting.Account) error { return f(w, a, "BẢN MẪU") }
	}
	return map[string]func(io.Writer, meeting.Account) error{
		"bieu-quyet.xlsx": marked(WriteVotesXLSX), "diem-danh.xlsx": marked(WriteAttendanceXLSX), "phat-bieu.xlsx": marked(WriteSpeechXLSX), "nhiem-vu.xlsx": marked(WriteTasksXLSX),
		"bieu-quyet.csv": WriteVotesCSV, "bieu-quyet-theo-thanh-vien.csv": WriteBallotsCSV, "diem-danh.csv": WriteAttendanceCSV, "phat-bieu.csv": WriteSpeechCSV, "nhiem-vu.csv": WriteTasksCSV,
	}
}

// sampleSavings are four sessions over two quarters.
func sampleSavings() []Savings {
	var list []Savings
	for i, month := range []time.Month{time.June, time.May, time.April, time.February} {
		a := paperSource().Account
		a.Header.Number = 47 - i
		a.Opened = time.Date(2026, month, 25, 7, 30, 0, 0, at(0, 0).Location())
		for j := range i {
			a.People[j].WasPresent = false
		}
		list = append(list, Saved(a, nil, DefaultPrices()))
	}
	return list
}

// TestPapers compares the text of every paper with the one that was looked at.
func TestPapers(t *testing.T) {
	for name, sh := range samplePapers() {
		if name == "fallback-packet" {
			continue // the papers before it, one behind the other
		}
		golden(t, name+".txt", sh.Text())
	}
}

// sums are the hashes of every paper and table.
func sums(t *testing.T) string {
	var lines []string
	add := func(name string, file []byte) { lines = append(lines, fmt.Sprintf("%s %x", name, sha256.Sum256(file))) }
	for name, sh := range samplePapers() {
		add(name+".docx", docx(t, sh))
		add(name+".pdf", pdf(t, sh))
	}
	for name, write := range sampleTables() {
		add(name, written(t, write, paperSource().Account))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func written(t testing.TB, write func(io.Writer, meeting.Account) error, a meeting.Account) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestOtherProcessesMakeTheSamePapers makes every paper and table here and in
// another process, in another time zone.
func TestOtherProcessesMakeTheSamePapers(t *testing.T) {
	here := sums(t)
	if os.Getenv("PAPERS_CHILD") != "" {
		fmt.Println(here)
		return
	}
	child := exec.Command(os.Args[0], "-test.run=^TestOtherProcessesMakeTheSamePapers$")
	child.Env = append(os.Environ(), "PAPERS_CHILD=1", "TZ=America/Lima")
	out, err := child.Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), here) {
		t.Errorf("here\n%s\nthere\n%s", here, out)
	}
}

// TestInCameraStaysInside looks for the words of the in-camera item in every
// paper that leaves the room.
func TestInCameraStaysInside(t *testing.T) {
	for name, sh := range samplePapers() {
		if strings.HasPrefix(name, "count") {
			continue // it stays with the minutes
		}
		for _, secret := range []string{"kỷ luật", "khiển trách"} {
			if strings.Contains(strings.ToLower(sh.Text()), secret) {
				t.Errorf("%s says %q", name, secret)
			}
		}
	}
	if asked := OpinionDigest(paperSource(), "i6").Text(); !strings.Contains(asked, "Kỷ luật cán bộ") {
		t.Error("asked for by its id, the in-camera item is not told of")
	}
	if all := CountRecord(paperSource(), "").Text(); !strings.Contains(all, "khiển trách") {
		t.Error("the test would not see the words if they stood there")
	}
}
