import { keptOf } from './history/kept.ts';
import type { Kind, Seen } from './seen.ts';
import type { Part, Place, Topology } from './topology.ts';

/** All times are ms since the start of the run on the one monotonic clock, with fractions. */
export type Phase = 'stabilise' | 'baseline' | 'break' | 'heal' | 'switch over' | 'rejoin' | 'fail back' | 'quiesce' | 'reconcile' | 'done';

/** How a run ended; not a verdict. aborted: a gate did not hold, or trouble in the world. */
export type Status = 'completed' | 'aborted' | 'interrupted';

/** The drill entered a phase; `done` carries how it ended. */
export interface PhaseEntry { readonly kind: 'phase'; readonly at: number; readonly phase: Phase; readonly status?: Status }

/** injecting: just before the pull. injected: the pull returned. proven: an independent look found it biting. gone: looks are as before. */
export type FaultState = 'injecting' | 'injected' | 'proven' | 'unproven' | 'healing' | 'healed' | 'gone' | 'failed';
/** `bittenAt`, with `proven`: the earliest looks that found every part of the fault biting had begun by then, and would have been answered had it not bitten: the high end of T0. */
export interface FaultEntry { readonly kind: 'fault'; readonly at: number; readonly name: string; readonly state: FaultState; readonly bittenAt?: number; readonly evidence: readonly string[] }

/** One look. `at` = `started`. `ok` is the probe's own criterion; `data` is null where the look failed before it saw anything. */
export interface Sample<K extends Kind = Kind> {
  readonly kind: 'sample';
  readonly at: number;
  readonly says: K;
  readonly probe: string;
  readonly place: Place;
  readonly seq: number;
  readonly scheduled: number;
  readonly started: number;
  readonly ended: number;
  readonly ok: boolean;
  readonly error: string | null;
  readonly data: Seen[K] | null;
}

/** Something the system itself did, seen from outside. `who`: pilot, gslb, drill ...; `what`: see `marks`. `errorMs`: how far off `at` may be. */
export interface Mark { readonly kind: 'mark'; readonly at: number; readonly who: string; readonly what: string; readonly subject: string; readonly errorMs: number; readonly evidence: Readonly<Record<string, unknown>> }

/** From `from` to `to` nothing can be known of what this place (one probe, or all: null) saw. */
export interface Blind { readonly kind: 'blind'; readonly at: number; readonly probe: string | null; readonly place: Place; readonly from: number; readonly to: number; readonly why: string }

/** An agent's own condition since its last such entry: ticks that never started, how late the others did, and the longest stall of its event loop. Milliseconds. `stolenPct`: how much of the machine's processor time its host gave to others meanwhile, where it tells. */
export interface Gap { readonly kind: 'gap'; readonly at: number; readonly place: Place; readonly missed: number; readonly ticks: number; readonly jitterP99: number; readonly jitterMax: number; readonly stallMax: number; readonly stolenPct?: number }

/** A remark for people. */
export interface Note { readonly kind: 'note'; readonly at: number; readonly text: string; /** Who remarks, where it is not the drill. */ readonly by?: string }

export type Entry = PhaseEntry | FaultEntry | Sample | Mark | Blind | Gap | Note;

/** The words of `Mark.what` that checks read; a system may say more. `subject`: a region, a name, or a place/part. */
export const marks = {
  /** gslb: the region's endpoint turned unhealthy / healthy (18 % rule). */
  unhealthy: 'unhealthy', healthy: 'healthy',
  /** gslb or pilot: a name has new addresses at all authorities; evidence {serial, addresses}. */
  published: 'published',
  /** pilot, in the order of its steps. */
  suspected: 'suspected', outvoted: 'outvoted', noQuorum: 'no quorum', declaredDead: 'declared dead', asked: 'asked', approved: 'approved', leaseAwaited: 'lease awaited', leaseOver: 'lease over', runbookBegan: 'runbook began', runbookStep: 'runbook step', runbookEnded: 'runbook ended', fenced: 'fenced', fenceFailed: 'fence failed', stopped: 'stopped', drained: 'drained',
  errantChecked: 'errant checked', promoted: 'promoted', verified: 'verified', gaveUp: 'gave up', errantSaved: 'errant saved', rebuilt: 'rebuilt', rejoined: 'rejoined', switchedOver: 'switched over',
  /** pilot, where two databases follow each other: one no longer applies what the other wrote, and will not go on by itself. */
  replicationBroken: 'replication broken',
  /** mesh: a region's gateway no longer sends anybody to an endpoint that failed; most of its users now go to another region's app. */
  ejected: 'ejected', sendsUsers: 'sends users',
  /** drill: checksums of all copies match at one position, all copies attached. */
  redundant: 'redundant',
} as const;

/** A probe as the judge needs to know it. */
export interface Watched { readonly name: string; readonly kind: string; readonly says: Kind; readonly place: Place; readonly everyMs: number; readonly timeoutMs: number; readonly params: Readonly<Record<string, unknown>> }

/** What a check must know of the run beside its entries; it is `run.json`. Plain JSON. */
export interface Run {
  readonly schema: 1;
  readonly id: string;
  readonly scenario: string;
  readonly title: string;
  /** What the scenario's author expected to see, in words. */
  readonly predicts?: string;
  readonly world: string;
  /** ISO 8601, for people only: no duration is ever taken from it. */
  readonly startedAt: string;
  readonly topology: Topology;
  /** The reference client: the probes all of whose looks must be good for it to count as served, and its resolver. */
  readonly client: { readonly probes: readonly string[]; readonly resolver: string };
  readonly stableMs: number;
  readonly probes: readonly Watched[];
  /** The fault that users are expected to notice; null where none is expected to. */
  readonly impact: string | null;
  readonly faults: readonly { readonly name: string; readonly kind: string; readonly place: Place | null; readonly part: Part | 'all' | null; readonly atMostMs: number; readonly params: Readonly<Record<string, unknown>> }[];
  readonly then: readonly string[];
  /** The scenario's checks and gates with their objectives, so that a stored run can be judged again. */
  readonly checks: readonly { readonly name: string; readonly kind: string; readonly objective: unknown }[];
  readonly gates: readonly { readonly name: string; readonly kind: string; readonly objective: unknown }[];
  /** Address of the service's name while a region serves, by region. */
  readonly addresses: Readonly<Record<Place, string>>;
  readonly fingerprint: Fingerprint;
  /** Which of a series it is, and how long after its baseline the break waited, so that a random phase is met; absent from a run of its own. */
  readonly series?: Turn;
  /** Settings that were chosen on the command line, as they were said there; they are in `topology`, too. */
  readonly set?: readonly string[];
  /** What whoever started it called the version under test. */
  readonly label?: string;
  /** The commit of the folder it was started in, `+` after it where there were changes on top. */
  readonly revision?: string;
}

/** A run's place in a series: `number` of `of`, from 1; the wait `delayMs` was drawn from [0, `withinMs`) by `seed` and `number` alone. */
export interface Turn { readonly name: string; readonly number: number; readonly of: number; readonly seed: string; readonly delayMs: number; readonly withinMs: number }

/** By what runs can later be compared. `hash` covers all of it but the machine; each part is kept beside it. */
export interface Fingerprint {
  readonly hash: string;
  readonly scenario: string;
  readonly settings: string;
  readonly metrics: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: Readonly<Record<string, string | number>>;
  /** Versions of measures that were redefined one by one; not in the hash. */
  readonly redefined?: Readonly<Record<string, number>>;
}

/** What happened, whole: what the run was, and its entries in the order they came to be known. `status` is not a verdict. */
export interface History { readonly run: Run; readonly entries: readonly Entry[]; readonly status: Status }

/** All entries of one kind, in the order in which they came to be known. */
export function entriesOf<K extends Entry['kind']>(history: Pick<History, 'entries'>, kind: K): readonly Extract<Entry, { kind: K }>[] {
  return keptOf(history.entries).ofKind(kind) as readonly Extract<Entry, { kind: K }>[];
}

/** All samples of one kind, of one probe where named, by start. */
export function samplesOf<K extends Kind>(history: History, says: K, probe?: string): Sample<K>[] {
  return [...keptOf(history.entries).looks(says, probe) as readonly Sample<K>[]];
}

/** The first mark with these words, at or after `since`; undefined where it was not observed. */
export function markOf(history: History, what: string, filter: { readonly who?: string; readonly subject?: string; readonly since?: number } = {}): Mark | undefined {
  return entriesOf(history, 'mark').find((entry) => entry.what === what
    && (filter.who === undefined || entry.who === filter.who) && (filter.subject === undefined || entry.subject === filter.subject) && entry.at >= (filter.since ?? 0));
}

/** Where a phase began and ended (the next one's beginning); undefined where it never began. */
export function phaseSpan(history: History, phase: Phase): { readonly from: number; readonly to: number } | undefined {
  const all = entriesOf(history, 'phase');
  const index = all.findIndex((entry) => entry.phase === phase);
  const found = all[index];
  return found && { from: found.at, to: all[index + 1]?.at ?? Number.POSITIVE_INFINITY };
}

/** Time zero as a span: low just before the pull, high where an independent look first found it biting. Null where no fault was proven. */
export function timeZero(history: History, fault: string): { readonly low: number; readonly high: number } | null {
  const of = (state: FaultState) => entriesOf(history, 'fault').find((entry) => entry.name === fault && entry.state === state);
  const low = of('injecting');
  const proven = of('proven');
  return low && proven ? { low: low.at, high: proven.bittenAt ?? proven.at } : null;
}
