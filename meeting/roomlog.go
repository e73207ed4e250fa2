package meeting

import (
	"maps"
	"slices"
	"strings"

	"phonghop/viet"
)

// Room is the room itself as its own log tells it: its name, who looks after
// it, and the roots of the sessions held in it. Sessions keep their own copies
// of what they need, so each can be checked alone.
type Room struct {
	name     string
	slug     string
	founded  bool
	epoch    int
	size     int64
	staff    map[PersonID]Staff
	sessions map[SessionID]string // the last root said of each, hex
}

// Staff is somebody with a duty in the room itself.
type Staff struct {
	Person Person `json:"person"`
	Duties []Duty `json:"duties"`
}

// Duty is what somebody looks after.
type Duty string

const (
	DutySecretary Duty = "secretary"
	DutyIT        Duty = "it"
)

type (
	dataFounded struct {
		Name  string `json:"name"`
		Slug  string `json:"slug"`
		Key   string `json:"key"` // the room's public key, as a note verifier
		Epoch int    `json:"epoch"`
	}
	dataRenamed struct {
		Name string `json:"name"`
		Slug string `json:"slug"`
	}
	dataRoot struct {
		Log  string `json:"log"`
		Size int64  `json:"size"`
		Root string `json:"root"`
	}
)

// NewRoom is a room of which nothing is known yet.
func NewRoom() *Room {
	return &Room{staff: map[PersonID]Staff{}, sessions: map[SessionID]string{}}
}

// Fork is a working copy.
func (r *Room) Fork() *Room {
	f := *r
	f.staff, f.sessions = maps.Clone(r.staff), maps.Clone(r.sessions)
	return &f
}

// Founded, Name, Slug and Size say which room this is and how long its log.
func (r *Room) Founded() bool { return r.founded }
func (r *Room) Name() string  { return r.name }
func (r *Room) Slug() string  { return r.slug }
func (r *Room) Size() int64   { return r.size }

// Found is the first entry of a room's log. key is its public key.
func (r *Room) Found(name, slug, key string) ([]Event, error) {
	if r.founded {
		return nil, AlreadyFounded
	}
	name, err := needed(name, Missing)
	if err != nil {
		return nil, err
	}
	return one(RoomFounded, dataFounded{Name: name, Slug: slugOf(slug), Key: key, Epoch: 1}), nil
}

// Rename gives the room another name; its identity stays.
func (r *Room) Rename(name, slug string) ([]Event, error) {
	name, err := needed(name, Missing)
	switch {
	case err != nil:
		return nil, err
	case name == r.name && slug == r.slug:
		return nil, nil
	}
	return one(RoomRenamed, dataRenamed{name, slugOf(slug)}), nil
}

// Register gives somebody duties in the room; a second call replaces the first.
func (r *Room) Register(p Person, duties []Duty) ([]Event, error) {
	p.Role = RoleSecretary
	p, err := p.check()
	if err != nil {
		return nil, err
	}
	for _, d := range duties {
		if d != DutySecretary && d != DutyIT {
			return nil, NotAllowed
		}
	}
	return one(PersonRegistered, Staff{p, duties}), nil
}

// Root says how far a session's log has come and what its tree's root is.
func Root(log SessionID, size int64, root string) Event {
	return Event{Kind: SessionRoot, Data: dataRoot{string(log), size, root}}
}

// Staff finds somebody who looks after the room.
func (r *Room) Staff(id PersonID) (Staff, bool) {
	s, ok := r.staff[id]
	s.Duties = slices.Clone(s.Duties)
	return s, ok
}

// Has tells whether somebody has a duty in the room.
func (r *Room) Has(id PersonID, d Duty) bool { return slices.Contains(r.staff[id].Duties, d) }

// Apply folds one entry of the room's log; it reports whether the kind is known.
func (r *Room) Apply(e Entry) bool {
	r.size = e.Seq + 1
	switch e.Kind {
	case RoomFounded:
		d := data[dataFounded](e)
		r.name, r.slug, r.epoch, r.founded = d.Name, d.Slug, d.Epoch, true
	case RoomRenamed:
		d := data[dataRenamed](e)
		r.name, r.slug = d.Name, d.Slug
	case PersonRegistered:
		d := data[Staff](e)
		r.staff[d.Person.ID] = d
	case SessionRoot:
		d := data[dataRoot](e)
		r.sessions[SessionID(d.Log)] = d.Root
	case EpochBegan:
		r.epoch = data[struct {
			Epoch int `json:"epoch"`
		}](e).Epoch
	case DetailErased:
	default:
		return false
	}
	return true
}

// slugOf makes a name fit for a host name: "Phòng A2" becomes "phong-a2".
func slugOf(name string) string {
	words := strings.FieldsFunc(viet.Fold(name), func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9')
	})
	slug := strings.Join(words, "-")
	return strings.Trim(slug[:min(len(slug), 40)], "-")
}
