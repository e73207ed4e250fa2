package room

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"phonghop/journal"
	"phonghop/meeting"
)

type sitting struct {
	*house
	old  meeting.SessionID
	at   *time.Time
	task meeting.Task
}

// afterASitting is a room whose session 47 has closed, with a task, and whose
// session 48 is in preparation.
func afterASitting(t *testing.T) sitting {
	at := time.Date(2026, 6, 26, 1, 0, 0, 0, time.UTC)
	h := enter(t, t.TempDir(), func() time.Time { return at })
	h.found()
	h.prepare(47, 3)
	h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.MarkAll(a, members(3)) })
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Open(a, "") })
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.OpenItem(a, "i1") })
	task := meeting.Task{ID: "t1", Item: "i1", Text: "Báo cáo tiến độ", Due: "2026-07-30"}
	h.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.SetTask(a, task) })
	h.do(chair, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Close(a) })
	old := h.State().Session.ID()
	h.prepare(48, 3)
	return sitting{h, old, &at, task}
}

func (p *sitting) earlier(by meeting.PersonID, key string, verb Verb) (Answer, error) {
	return p.Do(context.Background(), Command{Session: p.old, Key: key, By: by, Saw: -1, Verb: verb})
}

func lock(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) { return s.Lock(a) }

// roots counts the roots of a session in the room's log.
func (p *sitting) roots() (n int) {
	for rec, err := range p.j.Records(context.Background(), journal.RoomLog, 0) {
		if err != nil {
			p.t.Fatal(err)
		}
		if meeting.Kind(rec.Kind) == meeting.SessionRoot {
			n++
		}
	}
	return n
}

func TestEarlierSession(t *testing.T) {
	p := afterASitting(t)
	if tasks := p.State().Session.Account().Tasks; len(tasks) != 1 || tasks[0].From != p.old || tasks[0].Text != p.task.Text {
		t.Errorf("carried: %+v", tasks)
	}
	first, err := p.earlier(clerk, "lock", lock)
	if err != nil || p.roots() != 2 {
		t.Fatalf("locking the earlier one: %v; %d roots", err, p.roots())
	}
	if again, err := p.earlier(clerk, "lock", lock); err != nil || again.Fresh || again.Entry.Seq != first.Entry.Seq {
		t.Errorf("the key again: %+v %v", again, err)
	}
	if _, err := p.earlier(clerk, "", lock); !errors.Is(err, meeting.AlreadyLocked) {
		t.Errorf("locked twice: %v", err)
	}
	live, err := p.Session(context.Background(), p.old)
	if err != nil || !live.Account().Minutes.Locked || p.State().Session.ID() == p.old {
		t.Fatalf("live: %v", err)
	}
	p.house = p.again()
	after, err := p.Session(context.Background(), p.old)
	if err != nil {
		t.Fatal(err)
	}
	sameAs(t, "replayed", after, live)
	if _, err := p.Session(context.Background(), "none"); !errors.Is(err, meeting.NoSession) {
		t.Errorf("no such session: %v", err)
	}
	p.leave()
}

// What was locked 30 days ago is sealed by the box itself, and then nothing is
// accepted any more.
func TestSealedByItself(t *testing.T) {
	p := afterASitting(t)
	if _, err := p.earlier(clerk, "", lock); err != nil {
		t.Fatal(err)
	}
	*p.at = p.at.Add(29 * 24 * time.Hour)
	p.sealDue(context.Background())
	if s, _ := p.Session(context.Background(), p.old); s.Phase() != meeting.Closed {
		t.Fatal("sealed too early")
	}
	*p.at = p.at.Add(24 * time.Hour)
	p.sealDue(context.Background())
	s, err := p.Session(context.Background(), p.old)
	if err != nil || s.Phase() != meeting.Sealed || p.roots() != 3 {
		t.Fatalf("%v, %s, %d roots", err, s.Phase(), p.roots())
	}
	_, err = p.earlier(clerk, "", func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.SetTask(a, meeting.Task{ID: "t2", Text: "Muộn"})
	})
	if !errors.Is(err, meeting.RecordOver) {
		t.Errorf("after sealing: %v", err)
	}
	p.leave()
}

// The box seals while the program stops: nothing is left running.
func TestSealingEndsWithTheRoom(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		j, reading, err := openJournal(dir)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(context.Background(), Config{Journal: j, Now: time.Now, Log: quiet(), Reading: reading})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(r.Close(), j.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestADamagedEarlierSessionIsSetAside: today's session goes on, the others are there,
// and nothing is read of the one that is not what was signed or added to it.
func TestADamagedEarlierSessionIsSetAside(t *testing.T) {
	p := afterASitting(t)
	p.leave()
	db, err := sql.Open("sqlite3", filepath.Join(p.dir, "journal.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	cut := `DELETE FROM entry WHERE log = (SELECT n FROM log WHERE name = ?) AND seq > 3`
	if _, err := db.Exec(cut, string(p.old)); err != nil {
		t.Fatal(err)
	}
	p.house = enter(t, p.dir, p.now)
	defer p.leave()
	if bad := p.Damaged(); len(bad) != 1 || bad[0].Log != string(p.old) || bad[0].Seq != 4 {
		t.Errorf("damaged: %v", bad)
	}
	if all := p.Sessions(); len(all) != 1 || all[0].ID == p.old {
		t.Errorf("listed: %+v", all)
	}
	var wrong *journal.Wrong
	if _, err := p.Session(t.Context(), p.old); !errors.As(err, &wrong) {
		t.Errorf("read: %v", err)
	}
	if _, err := p.earlier(clerk, "", lock); !errors.As(err, &wrong) {
		t.Errorf("added to: %v", err)
	}
	p.do(clerk, func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.AddItem(a, "i3", meeting.NewItem{Title: "Một nội dung nữa"})
	})
}
