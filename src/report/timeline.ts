import type { Blind, History, Sample, Watched } from '../history.ts';
import type { DnsSeen, HttpSeen, Kind, ReachSeen, Seen, ServerSeen, UpdateSeen, WriteSeen } from '../seen.ts';
import type { Place } from '../topology.ts';

/** A stretch in which a probe's looks all went the same way. `by`: who answered good looks (a region, where it is known). `errors`: how often each kind of error was met. `mixed`: too many changes to keep apart. ms since the start. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly state: 'good' | 'bad' | 'mixed' | 'blind';
  readonly by: string | null;
  readonly looks: number;
  readonly bad: number;
  readonly errors: Readonly<Record<string, number>>;
  /** Why nothing is known, of a blind span. */
  readonly why?: string;
}

/** What one probe saw over the run, as spans in order, without overlap. A span begins with its first look and lasts until the next span's first look. */
export interface Lane {
  readonly probe: string;
  readonly kind: string;
  readonly says: Kind;
  readonly place: Place;
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly looks: number;
  readonly bad: number;
  readonly spans: readonly Span[];
}

/** More spans than this in one lane are folded, neighbours first: a lane stays small however long it flaps. */
export const mostSpans = 240;

type Open = { -readonly [K in keyof Span]: Span[K] } & { errors: Record<string, number> };

/** One lane a probe, in the order of `run.probes`; linear in the samples. */
export function timelineOf(history: History): Lane[] {
  const byProbe = new Map<string, Sample[]>();
  const blinds: Blind[] = [];
  for (const entry of history.entries) {
    if (entry.kind === 'blind') blinds.push(entry);
    if (entry.kind !== 'sample' || entry.says === 'census') continue;
    const of = byProbe.get(entry.probe);
    if (of) of.push(entry); else byProbe.set(entry.probe, [entry]);
  }
  const regionAt = new Map(Object.entries(history.run.addresses).map(([region, address]) => [address, region]));
  return history.run.probes.map((watched) => laneOf(watched, byProbe.get(watched.name) ?? [], blinds, regionAt));
}

function laneOf(watched: Watched, samples: readonly Sample[], blinds: readonly Blind[], regionAt: ReadonlyMap<string, string>): Lane {
  const inOrder = samples.toSorted((a, b) => a.started - b.started || a.seq - b.seq);
  const blind = blinds.filter((entry) => entry.place === watched.place && (entry.probe === null || entry.probe === watched.name)).toSorted((a, b) => a.from - b.from);
  const spans = foldSpans(spansOf(inOrder, blind, watched.everyMs, regionAt));
  const { name: probe, kind, says, place, everyMs, timeoutMs } = watched;
  return { probe, kind, says, place, everyMs, timeoutMs, looks: inOrder.length, bad: inOrder.reduce((sum, sample) => sum + (sample.ok ? 0 : 1), 0), spans };
}

function spansOf(samples: readonly Sample[], blinds: readonly Blind[], everyMs: number, regionAt: ReadonlyMap<string, string>): Span[] {
  const spans: Open[] = [];
  const waiting = [...blinds];
  // A hole in the looks that nobody accounted for is not drawn as if somebody had looked.
  const hole = Math.max(5 * everyMs, 1_000);
  let last: Open | undefined;
  let lastStarted = Number.NaN;
  const close = (at: number) => { if (last) last.to = Math.max(last.from, at); last = undefined; };
  const addBlind = (from: number, to: number, why: string) => { close(from); spans.push({ from, to, state: 'blind', by: null, looks: 0, bad: 0, errors: {}, why }); };
  for (const sample of samples) {
    while (waiting[0] && waiting[0].from <= sample.started) { const next = waiting.shift() as Blind; addBlind(next.from, next.to, next.why); }
    const cover = spans.at(-1);
    if (cover?.state === 'blind' && sample.started < cover.to) { cover.looks++; lastStarted = sample.started; continue; }
    if (last && sample.started - lastStarted > hole) addBlind(lastStarted + everyMs, sample.started, 'no looks in this time');
    const state = sample.ok ? 'good' : 'bad';
    const by = sample.ok ? answeredBy(sample, regionAt) : null;
    if (!last || last.state !== state || last.by !== by) {
      close(sample.started);
      last = { from: sample.started, to: sample.started + everyMs, state, by, looks: 0, bad: 0, errors: {} };
      spans.push(last);
    }
    count(last, sample);
    lastStarted = sample.started;
  }
  close(lastStarted + everyMs);
  for (const left of waiting) addBlind(left.from, left.to, left.why);
  return spans;
}

function count(span: Open, sample: Sample): void {
  span.looks++;
  if (sample.ok) return;
  span.bad++;
  const kind = errorKind(sample);
  span.errors[kind] = (span.errors[kind] ?? 0) + 1;
}

/** The error of a bad look without what differs from look to look: addresses, ports, numbers of things. */
export function errorKind(sample: Sample): string {
  const outcome = sample.says === 'write' || sample.says === 'update' ? (sample.data as WriteSeen | UpdateSeen | null)?.outcome : undefined;
  const status = sample.says === 'http' ? (sample.data as HttpSeen | null)?.status : undefined;
  const said = (sample.error ?? (status === undefined ? 'bad' : `HTTP ${status}`)).replace(/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, '').replace(/:? *This operation was aborted\.?$/, '').replace(/\s+/g, ' ').trim().slice(0, 60);
  return outcome && outcome !== 'acked' && !said.includes(outcome) ? `${outcome}: ${said}` : said;
}

/** Who answered a good look: the region where it is known (of an address: by `regionAt`), else what was answered; null where nobody can be named. */
export function answeredBy(sample: Sample, regionAt: ReadonlyMap<string, string>): string | null {
  const data: Seen[keyof Seen] | null = sample.data;
  if (data === null) return null;
  if (sample.says === 'http' || sample.says === 'write' || sample.says === 'update') return (data as HttpSeen | WriteSeen | UpdateSeen).servedBy;
  if (sample.says === 'reach') return (data as ReachSeen).reach;
  if (sample.says === 'server') return `semi-sync ${(data as ServerSeen).acks}`;
  if (sample.says !== 'dns') return null;
  const addresses = (data as DnsSeen).addresses.map((address) => regionAt.get(address) ?? address);
  return addresses.length === 0 ? null : [...new Set(addresses)].sort().join(' + ');
}

/** The same spans, at most `limit` of them: runs of the shortest become one `mixed` span each, and no look is lost from the counts. */
export function foldSpans(spans: readonly Span[], limit: number = mostSpans): Span[] {
  let folded = [...spans];
  const whole = (spans.at(-1)?.to ?? 0) - (spans[0]?.from ?? 0);
  for (let shortest = whole / 4_096; folded.length > limit && shortest <= whole; shortest *= 2) folded = foldShorter(spans, shortest);
  return folded;
}

function foldShorter(spans: readonly Span[], shortest: number): Span[] {
  const folded: Open[] = [];
  for (const span of spans) {
    const last = folded.at(-1);
    const short = span.to - span.from < shortest && span.state !== 'blind';
    if (short && last && last.state !== 'blind' && (last.state === 'mixed' || last.to - last.from < shortest)) {
      last.state = 'mixed';
      last.by = last.by === span.by ? last.by : null;
      last.to = span.to;
      last.looks += span.looks;
      last.bad += span.bad;
      for (const [kind, times] of Object.entries(span.errors)) last.errors[kind] = (last.errors[kind] ?? 0) + times;
    } else folded.push({ ...span, errors: { ...span.errors } });
  }
  return folded;
}
