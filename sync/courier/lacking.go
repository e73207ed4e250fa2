package courier

import "context"

// Lack is the end of a log that the centre holds and this box does not: what a
// restored backup was too old to know.
type Lack struct {
	Log   string
	From  int64 // the first entry that is not here
	Count int64
}

// Lacking asks the centre what it holds that this box lacks.
func (c *Courier) Lacking(ctx context.Context) ([]Lack, error) {
	heads, err := c.heads(ctx)
	if err != nil {
		return nil, err
	}
	here := map[string]int64{}
	for _, l := range c.Journal.Logs() {
		here[l.Name] = l.Size
	}
	var all []Lack
	for log, head := range heads.Logs {
		common := int64(0)
		if here[log] > 0 {
			if common, err = c.common(ctx, log, min(head.Size, here[log])); err != nil {
				return nil, err
			}
		}
		if head.Size > common {
			all = append(all, Lack{log, common, head.Size - common})
		}
	}
	return all, nil
}
