package meeting

// workMost bounds the comparison of two versions: beyond it, a page counts as
// unchanged if the old version has such a page at all.
const workMost = 4_000_000

// changedPages are the pages of now, from 1, that the version before does not
// have in this order: an inserted page marks itself and not all those after it.
// Nothing is said unless both were drawn whole by the same renderer. A page that
// could not be drawn counts as changed.
func changedPages(before, now *drawing) []int {
	if !before.whole() || !now.whole() || before.renderer != now.renderer {
		return nil
	}
	old, new := before.images[:before.total], now.images[:now.total]
	skipped := 0
	for len(old) > 0 && len(new) > 0 && same(old[0], new[0]) {
		old, new, skipped = old[1:], new[1:], skipped+1
	}
	for len(old) > 0 && len(new) > 0 && same(old[len(old)-1], new[len(new)-1]) {
		old, new = old[:len(old)-1], new[:len(new)-1]
	}
	stays := inOrder(old, new)
	if len(old)*len(new) > workMost {
		stays = inAnyOrder(old, new)
	}
	var out []int
	for i := range new {
		if !stays(i) {
			out = append(out, skipped+i+1)
		}
	}
	return out
}

func same(a, b string) bool { return a == b && a != "" }

// inOrder tells which pages of new belong to a longest common subsequence.
func inOrder(old, new []string) func(int) bool {
	if len(old)*len(new) > workMost {
		return nil
	}
	wide := len(new) + 1
	best := make([]uint16, (len(old)+1)*wide) // of what follows; MaxPages fits
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(new) - 1; j >= 0; j-- {
			at := i*wide + j
			best[at] = max(best[at+wide], best[at+1])
			if same(old[i], new[j]) {
				best[at] = best[at+wide+1] + 1
			}
		}
	}
	kept := make([]bool, len(new))
	for i, j := 0, 0; i < len(old) && j < len(new); {
		at := i*wide + j
		switch {
		case same(old[i], new[j]):
			kept[j] = true
			i, j = i+1, j+1
		case best[at+wide] >= best[at+1]:
			i++
		default:
			j++
		}
	}
	return func(j int) bool { return kept[j] }
}

// inAnyOrder tells which pages of new the old version has at all.
func inAnyOrder(old, new []string) func(int) bool {
	had := map[string]bool{}
	for _, image := range old {
		had[image] = image != ""
	}
	return func(j int) bool { return had[new[j]] }
}
