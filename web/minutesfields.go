package web

import (
	"cmp"
	"strconv"
	"strings"

	"phonghop/drafts"
	"phonghop/meeting"
	"phonghop/templates"
)

// conclusion is an item's conclusion among the places of the form. It is an entry
// of its own kind, not a block.
const conclusion meeting.Block = "conclusion"

// placeNamed reads a place as forms and drafts name it: "opening", "digest/ITEM",
// "speech/123".
func placeNamed(name string) (meeting.Place, bool) {
	block, of, inside := strings.Cut(name, "/")
	at := meeting.Place{Block: meeting.Block(block)}
	switch at.Block {
	case meeting.BlockOpening, meeting.BlockClosing, meeting.BlockRecipients, meeting.BlockNumber:
		return at, !inside
	case meeting.BlockPresented, meeting.BlockDigest, meeting.BlockOther, conclusion:
		at.Item = meeting.ItemID(of)
		return at, of != ""
	case meeting.BlockSpeech:
		turn, err := strconv.ParseInt(of, 10, 64)
		at.Turn = turn
		return at, err == nil
	}
	return at, false
}

// fieldsOf are the texts of the minutes that people write, in the form's order.
func fieldsOf(lang templates.Lang, a meeting.Account, kept map[string]drafts.Draft) []templates.MinutesField {
	all := []templates.MinutesField{
		{Name: "number", Text: a.Number, Line: true}, {Name: "opening", Text: a.Opening},
	}
	for _, it := range a.Items {
		all = append(all, itemFields(lang, it)...)
	}
	all = append(all, templates.MinutesField{Name: "closing", Text: a.Closing}, templates.MinutesField{Name: "recipients", Text: a.Recipients})
	for i := range all {
		f := &all[i]
		block, _, _ := strings.Cut(f.Name, "/")
		f.Label, f.Usual = cmp.Or(f.Label, lang.T("min.f."+block)), lang.T("min.u."+block)
		if d, ok := kept[f.Name]; ok && d.Text != f.Text {
			f.Draft, f.DraftAt = d.Text, d.At
		}
	}
	return all
}

// itemFields are the texts of an item that was taken up.
func itemFields(lang templates.Lang, it meeting.AccountItem) []templates.MinutesField {
	if it.Withheld || it.State == meeting.ItemPending || it.State == meeting.ItemPutOff {
		return nil
	}
	field := func(block, text string) templates.MinutesField {
		return templates.MinutesField{Name: block + "/" + string(it.ID), Text: text, Label: lang.T("min.f."+block, it.Number)}
	}
	all := []templates.MinutesField{field("presented", it.Presented), field("digest", it.Digest)}
	for _, t := range it.Turns {
		all = append(all, templates.MinutesField{
			Name: "speech/" + strconv.FormatInt(t.Seq, 10), Text: t.Summary, Label: lang.T("min.f.speech", it.Number, t.Person.Name),
			Speech: true, State: t.State, Proposal: t.Proposal, Turn: t.Seq,
		})
	}
	return append(all, field("other", it.Other), field("conclusion", it.Conclusion))
}

// marked is an account in which a mark stands wherever a text is written, so that
// the form itself says where each has its place.
func marked(a meeting.Account, d templates.MinutesDesk) meeting.Account {
	mark := func(name, text string) string {
		if _, ok := d.Fields[name]; !ok {
			return text
		}
		return d.Mark + name + d.Mark
	}
	if !d.Editable {
		return a
	}
	a.Opening, a.Closing, a.Recipients = mark("opening", a.Opening), mark("closing", a.Closing), mark("recipients", a.Recipients)
	whole := strings.Contains(a.Number, "/") // with its notation, which the form then adds no more
	a.Number = mark("number", a.Number)
	if whole {
		a.Number += "/"
	}
	items := make([]meeting.AccountItem, len(a.Items))
	for i, it := range a.Items {
		id := "/" + string(it.ID)
		it.Presented, it.Digest = mark("presented"+id, it.Presented), mark("digest"+id, it.Digest)
		it.Other, it.Conclusion = mark("other"+id, it.Other), mark("conclusion"+id, it.Conclusion)
		turns := make([]meeting.Turn, len(it.Turns))
		for j, t := range it.Turns {
			t.Summary = mark("speech/"+strconv.FormatInt(t.Seq, 10), t.Summary)
			turns[j] = t
		}
		it.Turns = turns
		items[i] = it
	}
	a.Items = items
	return a
}
