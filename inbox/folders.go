package inbox

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"phonghop/meeting"
	"phonghop/viet"
)

// minutesFolder is where the minutes come back; it belongs to no item.
const minutesFolder = "bien-ban"

// follow turns to the session in the room: its folder, its memory, a folder for
// each item. Without a session nothing is watched.
func (in *Inbox) follow() {
	s := in.c.Room.State().Session
	in.mu.Lock()
	defer in.mu.Unlock()
	if s.Phase() == meeting.Nothing {
		return
	}
	if s.ID() != in.session {
		in.turnTo(s)
	}
	if s.Phase() != meeting.Closed && s.Phase() != meeting.Sealed {
		in.makeFolders(s)
	}
	in.remember()
}

// turnTo begins with another session. mu is held.
func (in *Inbox) turnTo(s *meeting.Session) {
	in.remember()
	m, err := recall(in.c.Dir, s.ID())
	if err != nil {
		in.c.Log.Warn("what the inbox remembered of a session is damaged; begun anew", "session", s.ID(), "err", err)
	}
	if m.Folder == "" {
		m.Folder, m.dirty = freeFolder(in.c.Dir, s), true
	}
	for dir := range in.watched {
		in.unwatch(dir)
	}
	in.session, in.memory, in.files = s.ID(), m, map[string]*file{}
	in.root = filepath.Join(in.c.Dir, m.Folder)
	for _, dir := range []string{in.root, filepath.Join(in.root, minutesFolder)} {
		if err := os.MkdirAll(dir, 0o770); err != nil {
			in.c.Log.Error("a session's folder cannot be made", "folder", dir, "err", err)
		}
	}
	in.c.Log.Info("papers of the session are dropped here", "folder", in.root)
}

// remember writes down what changed. mu is held.
func (in *Inbox) remember() {
	if err := in.memory.save(); err != nil {
		in.c.Log.Error("what the inbox knows could not be written down", "err", err)
	}
}

// freeFolder is "47 Phiên thường kỳ", with the term beside it where another
// session has that.
func freeFolder(dir string, s *meeting.Session) string {
	h := s.Header()
	kind := map[string]string{"regular": "thường kỳ", "thematic": "chuyên đề", "urgent": "đột xuất"}[h.Kind]
	name := diskName(fmt.Sprintf("%02d Phiên %s", h.Number, kind), fileMost)
	taken := claimed(dir, s.ID())
	for i, try := 1, name; ; i++ {
		if !taken[strings.ToLower(try)] {
			return try
		}
		try = diskName(fmt.Sprintf("%s (%s)", name, h.Term), fileMost)
		if i > 1 {
			try = fmt.Sprintf("%s (%d)", try, i)
		}
	}
}

// makeFolders adopts folders the secretary renamed and makes those that items
// lack. mu is held.
func (in *Inbox) makeFolders(s *meeting.Session) {
	items := in.law(s).view.Agenda
	in.adopt(items)
	for _, it := range items {
		name := in.memory.Items[it.ID]
		if name == "" {
			name = in.freeItemFolder(it)
			in.memory.Items[it.ID], in.memory.dirty = name, true
		}
		if err := os.Mkdir(filepath.Join(in.root, name), 0o770); err != nil && !os.IsExist(err) {
			in.c.Log.Error("an item's folder cannot be made", "folder", name, "err", err)
		}
	}
}

// freeItemFolder is a folder's name for an item: "03 Giải ngân vốn đầu tư công".
// The title of an item in camera is not written on a folder.
func (in *Inbox) freeItemFolder(it meeting.ItemView) string {
	title := it.Title
	if title == "" || it.InCamera || it.Hidden {
		title = fmt.Sprintf("Nội dung %d", it.Number)
	}
	name := diskName(fmt.Sprintf("%02d %s", it.Number, cutAtWord(title, titleMost)), fileMost-10)
	try := name
	for i := 2; in.owner(try) != ""; i++ {
		try = fmt.Sprintf("%s (%d)", name, i)
	}
	return try
}

// owner is the item whose folder this is. Case does not tell folders apart:
// shares and FAT know no difference. mu is held.
func (in *Inbox) owner(folder string) meeting.ItemID {
	for id, name := range in.memory.Items {
		if strings.EqualFold(viet.Clean(name), viet.Clean(folder)) {
			return id
		}
	}
	return ""
}

// adopt gives a folder nobody owns to the item whose own folder is gone and had
// its number: the secretary renamed it. mu is held.
func (in *Inbox) adopt(items []meeting.ItemView) {
	names := in.folderNames()
	for _, it := range items {
		mine := in.memory.Items[it.ID]
		if slices.Contains(names, mine) {
			continue
		}
		number := it.Number
		if n, ok := folderNumber(mine); ok {
			number = n
		}
		i := slices.IndexFunc(names, func(name string) bool {
			n, ok := folderNumber(name)
			return ok && n == number && in.owner(name) == ""
		})
		if i >= 0 {
			in.memory.Items[it.ID], in.memory.dirty = names[i], true
			in.c.Log.Info("an item's folder goes by another name", "item", it.Number, "was", mine, "is", names[i])
		}
	}
}

func (in *Inbox) folderNames() []string {
	entries, err := os.ReadDir(in.root)
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() && !ignored(e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out
}

// itemOf is the item that a path below the session's folder speaks of, and the
// file's name without a number that only said which. mu is held.
func (in *Inbox) itemOf(path string, items []meeting.ItemView) (meeting.ItemID, string) {
	folder, below, inFolder := strings.Cut(path, "/")
	number, name := 0, filepath.Base(path)
	if inFolder {
		if id := in.owner(folder); id != "" && known(items, id) {
			return id, filepath.Base(below)
		}
		number, _ = folderNumber(folder)
	} else if n, rest := fileNumber(name); numbered(items, n) != "" {
		number, name = n, rest
	}
	return numbered(items, number), name
}

func known(items []meeting.ItemView, id meeting.ItemID) bool {
	return slices.ContainsFunc(items, func(it meeting.ItemView) bool { return it.ID == id })
}

func numbered(items []meeting.ItemView, n int) meeting.ItemID {
	for _, it := range items {
		if it.Number == n {
			return it.ID
		}
	}
	return ""
}
