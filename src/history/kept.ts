/** What any entry of a history has. */
interface Entryish { readonly kind: string }
interface Lookish extends Entryish { readonly says: string; readonly probe: string; readonly started: number; readonly seq: number }

/** Entries of one list, sorted out: by kind, and looks also by what they say and by probe, these by start. */
export interface Kept<E extends Entryish> {
  /** In the order in which they came to be known. */
  ofKind(kind: string): readonly E[];
  /** By start, and by number where starts are equal. */
  looks(says: string, probe?: string): readonly E[];
}

interface Pile<E> { readonly list: E[]; sorted: boolean }
/** Looks that say one thing: all of them, and each probe's. `seen`: of the list's entries so many have been looked at for them. */
interface Sayings<E> { seen: number; readonly all: Pile<E>; readonly probes: Map<string, Pile<E>> }
/** `longest`: the list was once so long. `seen`: as above, for all but looks. */
interface Store<E extends Entryish> { longest: number; seen: number; readonly kinds: Map<string, E[]>; readonly looks: Map<string, Sayings<E>> }

const stores = new WeakMap<readonly Entryish[], Store<Entryish>>();
const nothing: readonly never[] = [];

/**
 * Sorts a list out, each entry once for whatever is asked of it, however often that is: a history is only ever added to, and a judge asks for the same few kinds again and again.
 * Looks are sorted out by what they say when that is first asked for: who never asks for the writes of a long history does not hold them.
 * A list that has become shorter is begun anew; nothing else may be done to one but adding to its end.
 */
export function keptOf<E extends Entryish>(entries: readonly E[]): Kept<E> {
  let store = stores.get(entries) as Store<E> | undefined;
  if (!store || store.longest > entries.length) {
    store = { longest: 0, seen: 0, kinds: new Map(), looks: new Map() };
    stores.set(entries, store as unknown as Store<Entryish>);
  }
  store.longest = entries.length;
  const kept = store;
  return {
    ofKind: (kind) => (kind === 'sample' ? entries.filter((entry) => entry.kind === kind) : kindsOf(kept, entries).get(kind) ?? nothing),
    looks: (says, probe) => {
      const same = sayingsOf(kept, entries, says);
      const pile = probe === undefined ? same.all : same.probes.get(probe);
      if (pile && !pile.sorted) { pile.list.sort(byStart); pile.sorted = true; }
      return pile?.list ?? nothing;
    },
  };
}

function kindsOf<E extends Entryish>(store: Store<E>, entries: readonly E[]): ReadonlyMap<string, readonly E[]> {
  for (; store.seen < entries.length; store.seen += 1) {
    const entry = entries[store.seen] as E;
    if (entry.kind === 'sample') continue;
    const same = store.kinds.get(entry.kind);
    if (same) same.push(entry); else store.kinds.set(entry.kind, [entry]);
  }
  return store.kinds;
}

function sayingsOf<E extends Entryish>({ looks }: Store<E>, entries: readonly E[], says: string): Sayings<E> {
  let sayings = looks.get(says);
  if (!sayings) looks.set(says, sayings = { seen: 0, all: empty(), probes: new Map() });
  for (; sayings.seen < entries.length; sayings.seen += 1) {
    const entry = entries[sayings.seen] as E;
    if (entry.kind !== 'sample' || (entry as unknown as Lookish).says !== says) continue;
    const { probe } = entry as unknown as Lookish;
    let mine = sayings.probes.get(probe);
    if (!mine) sayings.probes.set(probe, mine = empty());
    pileUp(sayings.all, entry);
    pileUp(mine, entry);
  }
  return sayings;
}

function empty<E>(): Pile<E> {
  return { list: [], sorted: true };
}

function pileUp<E extends Entryish>(pile: Pile<E>, entry: E): void {
  const last = pile.list.at(-1);
  if (last && byStart(last, entry) > 0) pile.sorted = false;
  pile.list.push(entry);
}

function byStart(a: Entryish, b: Entryish): number {
  const [one, other] = [a as Lookish, b as Lookish];
  return one.started - other.started || one.seq - other.seq;
}
