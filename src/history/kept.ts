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
/** Looks that say one thing: all of them, and each probe's. */
interface Sayings<E> { readonly all: Pile<E>; readonly probes: Map<string, Pile<E>> }
interface Store<E extends Entryish> { seen: number; readonly kinds: Map<string, E[]>; readonly looks: Map<string, Sayings<E>>; readonly kept: Kept<E> }

const stores = new WeakMap<readonly Entryish[], Store<Entryish>>();
const nothing: readonly never[] = [];

/**
 * Sorts a list out, each entry once however often it is asked: a history is only ever added to, and a judge asks for the same few kinds again and again.
 * A list that has become shorter is begun anew; nothing else may be done to one but adding to its end.
 */
export function keptOf<E extends Entryish>(entries: readonly E[]): Kept<E> {
  let store = stores.get(entries) as Store<E> | undefined;
  if (!store || store.seen > entries.length) {
    store = open();
    stores.set(entries, store as unknown as Store<Entryish>);
  }
  for (; store.seen < entries.length; store.seen += 1) file(store, entries[store.seen] as E);
  return store.kept;
}

function open<E extends Entryish>(): Store<E> {
  const kinds = new Map<string, E[]>();
  const looks = new Map<string, Sayings<E>>();
  const kept: Kept<E> = {
    ofKind: (kind) => kinds.get(kind) ?? nothing,
    looks: (says, probe) => {
      const same = looks.get(says);
      const pile = probe === undefined ? same?.all : same?.probes.get(probe);
      if (pile && !pile.sorted) { pile.list.sort(byStart); pile.sorted = true; }
      return pile?.list ?? nothing;
    },
  };
  return { seen: 0, kinds, looks, kept };
}

function file<E extends Entryish>({ kinds, looks }: Store<E>, entry: E): void {
  const same = kinds.get(entry.kind);
  if (same) same.push(entry); else kinds.set(entry.kind, [entry]);
  if (entry.kind !== 'sample') return;
  const { says, probe } = entry as unknown as Lookish;
  let sayings = looks.get(says);
  if (!sayings) looks.set(says, sayings = { all: empty(), probes: new Map() });
  let mine = sayings.probes.get(probe);
  if (!mine) sayings.probes.set(probe, mine = empty());
  pileUp(sayings.all, entry);
  pileUp(mine, entry);
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
