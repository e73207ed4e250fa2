package checkup

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC)

// sound is a box of which nothing is to be said.
func sound() Facts {
	apart := time.Second
	return Facts{
		Now: noon, Built: noon.AddDate(0, -1, 0), Office: true, Version: "1.0",
		Disk:   Disk{Free: 100 << 30, Total: 200 << 30, Reserve: true, Sync: 2 * time.Millisecond},
		Clock:  Clock{Entry: noon.Add(-time.Hour), File: noon, Receipt: noon.Add(-time.Hour), Drift: &apart},
		Cert:   &Certificate{From: noon.AddDate(0, -1, 0), Until: noon.AddDate(0, 3, 0)},
		Record: Record{Entries: 10, Began: noon.AddDate(0, -1, 0), Verified: noon},
		Papers: Papers{Named: 7},
		Backup: Backup{Dir: "/mnt/saoluu", Last: noon.Add(-time.Minute), Size: 1 << 20, Recovery: true},
		Centre: Centre{Paired: true, Name: "Trung tâm", Last: noon},
		Desk:   &Desk{Tablets: 22, Seats: 22},
	}
}

func days8(f *Facts) { f.Backup.Last = noon.AddDate(0, 0, -8) }

func TestJudge(t *testing.T) {
	d := func(x time.Duration) *time.Duration { return &x }
	for _, tt := range []struct {
		what   string
		change func(*Facts)
		name   string
		state  State
		say    string
	}{
		{"full disk", func(f *Facts) { f.Disk.Free = 200 << 20 }, "disk", Act, "sắp đầy"},
		{"little space", func(f *Facts) { f.Disk.Free = 3 << 30 }, "disk", Attention, "ít chỗ"},
		{"memory", func(f *Facts) { f.Disk.Memory = true }, "disk", Attention, "bộ nhớ"},
		{"no disk", func(f *Facts) { f.Disk.Err = errors.New("gone") }, "disk", Act, "Không đọc được"},
		{"slow disk", func(f *Facts) { f.Disk.Sync = 40 * time.Millisecond }, "sync", Attention, "hơi chậm"},
		{"very slow disk", func(f *Facts) { f.Disk.Sync = time.Second }, "sync", Act, "rất chậm"},
		{"not timed", func(f *Facts) { f.Disk.Sync = 0 }, "sync", Attention, "Không ghi thử được"},
		{"reserve given up", func(f *Facts) { f.Disk.Reserve = false }, "reserve", Act, "dùng hết"},
		{"clock before the program", func(f *Facts) { f.Built = noon.AddDate(1, 0, 0) }, "clock", Act, "trước khi phần mềm"},
		{"clock before the record", func(f *Facts) { f.Clock.Entry = noon.Add(time.Hour) }, "clock", Act, "chậm hơn mục cuối"},
		{"clock before a receipt", func(f *Facts) { f.Clock.Receipt = noon.Add(time.Hour) }, "clock", Act, "biên nhận"},
		{"clock before a file", func(f *Facts) { f.Clock.File = noon.Add(time.Hour) }, "clock", Attention, "tương lai"},
		{"a second ahead is nothing", func(f *Facts) { f.Clock.Entry = noon.Add(time.Second) }, "clock", OK, "khớp"},
		{"minutes behind the centre", func(f *Facts) { f.Clock.Drift = d(-5 * time.Minute) }, "clock", Attention, "lệch"},
		{"years from the centre", func(f *Facts) { f.Clock.Drift = d(20000 * time.Hour) }, "clock", Act, "lệch"},
		{"never compared", func(f *Facts) { f.Clock.Drift = nil }, "clock", OK, "chưa so được"},
		{"expired", func(f *Facts) { f.Cert.Until = noon.Add(-time.Minute) }, "certificate", Act, "hết hạn"},
		{"not in force yet", func(f *Facts) { f.Cert.From = noon.AddDate(1, 0, 0) }, "certificate", Act, "chưa có hiệu lực"},
		{"given, ends soon", func(f *Facts) { f.Cert.Given = true; f.Cert.Until = noon.AddDate(0, 0, 20) }, "certificate", Attention, "sắp hết hạn"},
		{"own, ends in 20 days", func(f *Facts) { f.Cert.Until = noon.AddDate(0, 0, 20) }, "certificate", OK, "còn hạn"},
		{"own, not renewed", func(f *Facts) { f.Cert.Until = noon.AddDate(0, 0, 3) }, "certificate", Attention, "chưa được tự cấp"},
		{"unreadable certificate", func(f *Facts) { f.Cert.Err = errors.New("torn") }, "certificate", Act, "Không đọc được"},
		{"unreadable record", func(f *Facts) { f.Record.Err = errors.New("torn") }, "record", Act, "Không đọc được"},
		{"forged record", func(f *Facts) { f.Record.Wrong = errors.New("log x, entry 3: leaf") }, "record", Act, "entry 3"},
		{"not verified yet", func(f *Facts) { f.Record.Verified = time.Time{} }, "record", Quiet, "Đang kiểm tra"},
		{"a missing paper", func(f *Facts) { f.Papers.Missing, f.Papers.First = 1, "abcdef012345678" }, "papers", Act, "Thiếu 1 tài liệu (abcdef012345…)"},
		{"missing images", func(f *Facts) { f.Papers.Images = 4 }, "papers", Quiet, "tự dựng lại"},
		{"no backup for 8 days", days8, "backup", Act, "8 ngày"},
		{"8 days, but nothing new", func(f *Facts) { days8(f); f.Clock.Entry = noon.AddDate(0, 0, -9) }, "backup", OK, "đủ mọi nội dung"},
		{"3 days old", func(f *Facts) { f.Backup.Last = noon.AddDate(0, 0, -3) }, "backup", Attention, "3 ngày"},
		{"an hour old", func(f *Facts) { f.Backup.Last = noon.Add(-2 * time.Hour) }, "backup", OK, "đêm nay"},
		{"never, for a month", func(f *Facts) { f.Backup.Last = time.Time{} }, "backup", Act, "Chưa có bản"},
		{"never, since today", func(f *Facts) { f.Backup.Last = time.Time{}; f.Record.Began = noon.Add(-time.Hour) }, "backup", Attention, "Chưa có bản"},
		{"never, a demo", func(f *Facts) { f.Backup.Last = time.Time{}; f.Demo = true }, "backup", Attention, "Chưa có bản"},
		{"failed", func(f *Facts) { f.Backup.Err = errors.New("no space") }, "backup", Act, "no space"},
		{"no recovery key", func(f *Facts) { f.Backup.Recovery = false }, "recovery", Attention, "Chưa có khóa"},
		{"unpaired", func(f *Facts) { f.Centre.Paired = false }, "centre", Attention, "Chưa ghép nối"},
		{"offline in session", func(f *Facts) {
			f.Centre.Waiting, f.Centre.Sitting, f.Centre.Fault = 5, true, Sentence{"mất mạng", "no line"}
		}, "centre", Quiet, "Đang họp"},
		{"offline", func(f *Facts) { f.Centre.Waiting = 5 }, "centre", Quiet, "Chưa có đường truyền"},
		{"offline for days", func(f *Facts) { f.Centre.Waiting = 5; f.Centre.Last = noon.AddDate(0, 0, -4) }, "centre", Attention, "4 ngày"},
		{"refused", func(f *Facts) { f.Centre.Waiting = 5; f.Centre.Fault = Sentence{"Trung tâm từ chối.", "Refused."} }, "centre", Quiet, "từ chối"},
		{"sending", func(f *Facts) { f.Centre.Waiting, f.Centre.Running = 5, true }, "centre", OK, "Đang gửi"},
		{"unreadable receipts", func(f *Facts) { f.Centre.Err = errors.New("torn") }, "centre", Act, "biên nhận"},
		{"tablets missing", func(f *Facts) { f.Desk.Tablets = 20 }, "tablets", Quiet, "2 chỗ"},
		{"no session", func(f *Facts) { f.Desk = &Desk{} }, "tablets", Quiet, "Chưa có phiên"},
		{"papers waiting", func(f *Facts) { f.Desk.Arrivals, f.Desk.Undrawn = 2, 1 }, "waiting", Quiet, "2 tệp chờ"},
		{"paper in trouble", func(f *Facts) { f.Desk.Troubled = 1 }, "waiting", Attention, "không dựng được"},
		{"no LibreOffice", func(f *Facts) { f.Office = false }, "office", Attention, "Không có LibreOffice"},
	} {
		f := sound()
		tt.change(&f)
		all := Judge(f)
		got := find(t, all, tt.name)
		if got.State != tt.state || !strings.Contains(got.Say.VI, tt.say) {
			t.Errorf("%s: %s %q", tt.what, got.State, got.Say.VI)
		}
		if (got.State == Attention || got.State == Act) && (got.Do.VI == "" || got.Do.EN == "") {
			t.Errorf("%s: nobody is told what to do", tt.what)
		}
		for _, other := range all {
			if other.Name != tt.name && other.State != OK {
				t.Errorf("%s: %s is %s too: %s", tt.what, other.Name, other.State, other.Say.EN)
			}
		}
	}
}

func find(t *testing.T, all []Finding, name string) Finding {
	t.Helper()
	for _, f := range all {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("nothing is said of %s", name)
	return Finding{}
}

func TestASoundBox(t *testing.T) {
	all := Judge(sound())
	if Worst(all) != OK {
		t.Errorf("%+v", all)
	}
	seen := map[string]bool{}
	for _, f := range all {
		if seen[f.Name] || f.Title.VI == "" || f.Title.EN == "" || f.Say.VI == "" || f.Say.EN == "" {
			t.Errorf("%+v", f)
		}
		seen[f.Name] = true
	}
}

func TestWorstIsTheWorst(t *testing.T) {
	for _, tt := range []struct {
		states []State
		want   State
	}{
		{nil, OK}, {[]State{OK, Quiet}, Quiet}, {[]State{Act, OK}, Act}, {[]State{Quiet, Attention, OK}, Attention},
	} {
		var all []Finding
		for _, s := range tt.states {
			all = append(all, Finding{State: s})
		}
		if got := Worst(all); got != tt.want {
			t.Errorf("%v: %s", tt.states, got)
		}
	}
}
