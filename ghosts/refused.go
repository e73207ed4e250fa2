package ghosts

import (
	"encoding/json"
	"fmt"
	"strings"
)

// saidMost bounds what is told of an answer that is no sentence.
const saidMost = 200

// Refused is the room saying no. It is an ErrRefused.
type Refused struct{ Answer Answer }

func (r *Refused) Error() string {
	return fmt.Sprintf("%v: %d %s", ErrRefused, r.Answer.Status, r.Said())
}
func (r *Refused) Unwrap() error { return ErrRefused }

// Said is the room's own sentence, where it gave one to a program.
func (r *Refused) Said() string {
	var told struct{ Message string }
	if json.Unmarshal(r.Answer.Body, &told) == nil && told.Message != "" {
		return told.Message
	}
	text := strings.Join(strings.Fields(string(r.Answer.Body)), " ")
	if short := []rune(text); len(short) > saidMost {
		text = string(short[:saidMost])
	}
	return text
}
