package meeting

import (
	"iter"
	"maps"
)

// layers is a map that is forked often and grows between: a ballot box, of which a
// snapshot is published with every batch. A fork shares what lies settled, which
// never changes, and copies only what came lately. The zero value is empty; a fork
// is changed by its owner alone.
type layers[K comparable, V any] struct {
	settled, lately map[K]V
	n               int
}

// lookUp finds a value; false where there is none.
func (l *layers[K, V]) lookUp(k K) (V, bool) {
	if v, ok := l.lately[k]; ok {
		return v, true
	}
	v, ok := l.settled[k]
	return v, ok
}

// of is the value, or V's zero where there is none.
func (l *layers[K, V]) of(k K) V {
	v, _ := l.lookUp(k)
	return v
}

// size counts the keys.
func (l *layers[K, V]) size() int { return l.n }

// set gives a key its value.
func (l *layers[K, V]) set(k K, v V) {
	if _, ok := l.lookUp(k); !ok {
		l.n++
	}
	if l.lately == nil {
		l.lately = map[K]V{}
	}
	l.lately[k] = v
}

// all are the keys with their values, in no order.
func (l *layers[K, V]) all() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for k, v := range l.lately {
			if !yield(k, v) {
				return
			}
		}
		for k, v := range l.settled {
			if _, newer := l.lately[k]; !newer && !yield(k, v) {
				return
			}
		}
	}
}

// fork is the same map for an owner of its own. What came lately settles once it is
// more than an eighth of the rest, so that copying costs each value a few times only.
func (l *layers[K, V]) fork() layers[K, V] {
	if len(l.lately) <= 32+len(l.settled)/8 {
		return layers[K, V]{l.settled, maps.Clone(l.lately), l.n}
	}
	all := make(map[K]V, l.n)
	maps.Copy(all, l.settled)
	maps.Copy(all, l.lately)
	return layers[K, V]{settled: all, n: l.n}
}
