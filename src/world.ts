import type { Clock } from './clock.ts';
import type { ControlPart, Part, Place, Topology } from './topology.ts';
import type { Entry, Mark } from './history.ts';
import type { CensusSeen, DnsSeen, HttpSeen, Manner, ReachSeen, ReadSeen, ServerSeen, Target, Update, UpdateSeen, Write, WriteSeen } from './seen.ts';

/** Everything a world may let us break. */
export type Lever = 'cut' | 'kill' | 'freeze' | 'stall' | 'sever' | 'overwrite';
/** Everything a place may let us look with. */
export type Sense = 'http' | 'resolve' | 'append' | 'update' | 'read' | 'status' | 'census' | 'reach' | 'crowd';
/** What the system's own operator can be asked to do, as a person would ask. */
export type Step = 'switch over' | 'rejoin' | 'fail back';

/** One end of a cut: a place or a part of it (`only`: one of several, by its name), or `rest`: every place that is not the other end's. The path from harness to agent is in neither. */
export type Side = { readonly place: Place; readonly part?: Part; readonly only?: string } | 'rest';

/** What becomes of packets between two sides. */
export interface Cut {
  /** `drop` says nothing (a black hole: packets vanish, ARP stays alive). `reject` answers: TCP with a reset, all else with ICMP "administratively prohibited". */
  readonly how: 'drop' | 'reject';
  /** As the first side sees it: what comes in to it, what goes out of it, or both. */
  readonly direction: 'in' | 'out' | 'both';
  /** How many of these packets, by chance, in per cent; all of them where it is not said. */
  readonly sharePct?: number;
  /** It bites for `onMs`, lets go for `offMs`, and so on, beginning with a bite; throughout where it is not said. */
  readonly flap?: { readonly onMs: number; readonly offMs: number };
}

/** What a second writer puts in place of the service's addresses: none, or a region's. */
export type Overwritten = 'empty' | { readonly region: Place };

/** A pull in words, so that a world can be asked before anything starts whether it can make it. */
export type Pull =
  | { readonly lever: 'cut'; readonly a: Side; readonly b: Side; readonly how: Cut }
  | { readonly lever: 'kill' | 'freeze'; readonly place: Place; readonly part: Part | 'all' }
  | { readonly lever: 'overwrite'; readonly answer: Overwritten };

/** What takes a pull back. `heal` may be called twice. `record` is what lies on disk since before the pull. */
export interface Undo { readonly record: UndoRecord; heal(): Promise<void> }

/** Enough to undo a pull from another process. `deadline`: ms on the host's monotonic clock when the far side ends it by itself. */
export interface UndoRecord { readonly id: string; readonly lever: Lever; readonly what: string; readonly deadline: number }

/** What a world lets us break. A pull returns its Undo or leaves no trace; it ends by itself after `forMs`, with nobody left to end it. */
export interface Levers {
  cut(a: Side, b: Side, how: Cut, forMs: number): Promise<Undo>;
  kill(place: Place, part: Part | 'all', forMs: number): Promise<Undo>;
  freeze(place: Place, part: Part | 'all', forMs: number): Promise<Undo>;
  /** Stops a program of a region's control plane where it is: it accepts, and never answers. Only worlds that have a control plane. */
  stall(place: Place, part: ControlPart, forMs: number): Promise<Undo>;
  /** Cuts two parts of one region apart, silently. Only worlds in which they have a network between them. */
  sever(place: Place, a: Part, b: Part, forMs: number): Promise<Undo>;
  /** Somebody else than the load balancer changes the service's name at every authority, under a newer serial; what the load balancer has is put back at the end. */
  overwrite(answer: Overwritten, forMs: number): Promise<Undo>;
}

/** How one may look, from one place. A look throws when it fails, but `append` and `update` answer with an outcome whatever happens. */
export interface Senses {
  http(target: Target, path: string, manner: Manner, signal: AbortSignal): Promise<HttpSeen>;
  resolve(name: string, server: string, signal: AbortSignal): Promise<DnsSeen>;
  /** `via`: through the app, or straight into the place's database (the direct probe of a promotion). */
  append(target: Target, write: Write, manner: Manner, via: 'app' | 'database', signal: AbortSignal): Promise<WriteSeen>;
  /** Sets a register: through the app, or straight into a database that the target names. */
  update(target: Target, update: Update, manner: Manner, signal: AbortSignal): Promise<UpdateSeen>;
  read(target: Target, writer: string, from: number, manner: Manner, signal: AbortSignal): Promise<ReadSeen>;
  /** What a database server says of itself, asked like any client of it. */
  status(target: Target, signal: AbortSignal): Promise<ServerSeen>;
  /** Every row of this place's own database, asked inside the place. */
  census(signal: AbortSignal): Promise<CensusSeen>;
  /** `as`: leaves from the address of this part of the place (a replica's own path), not from where probes look from. */
  reach(target: Target, timeoutMs: number, signal: AbortSignal, as?: Part): Promise<ReachSeen>;
  /** Many clients at a time, by a program that keeps the schedule itself: there to be watched with, not for a single look. */
  readonly crowd: Crowd;
}

/** What a crowd is to do: k6's script (its text), and the rate and the number of clients that stand in place of the script's own. */
export interface CrowdOrder { readonly script: string; readonly target: Target; readonly manner: Manner; readonly everyMs: number; readonly timeoutMs: number; readonly clients: number }
/** One request of a crowd, in ms of the run's clock. `scheduled`: when its iteration was due; `first` of it. `tookMs`: by k6's own count. `expected`: k6's word for a good answer. `seen`: null where nothing was answered. */
export interface CrowdRequest { readonly scheduled: number; readonly started: number; readonly ended: number; readonly tookMs: number; readonly first: boolean; readonly expected: boolean; readonly error: string | null; readonly seen: HttpSeen | null }
/** Where a crowd says what it saw, what it could not do, and when nothing is known of it. */
export interface CrowdTold { request(one: CrowdRequest): void; missed(ticks: number): void; blind(from: number, to: number, why: string): void; note(text: string): void }
/** Resolves when the crowd is on its way; rejects with why it cannot be. `stop` waits for requests under way. */
export type Crowd = (order: CrowdOrder, told: CrowdTold) => Promise<{ stop(): Promise<void> }>;

/** A probe, bound: which kind of look, from where, how often, how long it may take. Plain JSON: it travels to agents. */
export interface BoundProbe {
  readonly name: string;
  readonly kind: string;
  readonly place: Place;
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly params: Readonly<Record<string, unknown>>;
  /** The text of the script that a program runs for it. */
  readonly script?: string;
}

/** Addresses behind the topology's names: how an agent in a place finds what it is told to look at. */
export interface Atlas {
  readonly service: string;
  readonly servicePort: number;
  /** `host:port` by `place/part` (or `place/part/name`, of one of several), and of `control`. */
  readonly parts: Readonly<Record<string, string>>;
  /** The path of a socket by `place/part`, of parts that listen to no network. */
  readonly sockets?: Readonly<Record<string, string>>;
  /** `host:port` by name of resolver or authority. */
  readonly nameservers: Readonly<Record<string, string>>;
  /** The address this place's looks leave from. */
  readonly from: string;
  readonly database: { readonly user: string; readonly password: string; readonly schema: string };
}

/** What the run stood on, for the fingerprint: versions by component, and the class of machine. */
export interface About { readonly versions: Readonly<Record<string, string>>; readonly machine: Readonly<Record<string, string | number>> }

export interface World extends AsyncDisposable {
  readonly clock: Clock;
  readonly topology: Topology;
  readonly about: About;
  readonly levers: Partial<Levers>;
  /** The address that the service's name has while `region` serves. */
  addressOf(region: Place): string;
  from(place: Place): Partial<Senses>;
  /** Agents tick and stream from their places; `sink` gets their entries in order. The stop waits for looks in flight. */
  watch(probes: readonly BoundProbe[], sink: (entry: Entry) => void): Promise<{ stop(probes?: readonly string[]): Promise<void> }>;
  /** Whether every copy of the database is attached and holds the same rows at one replication position; `evidence` has position and checksums. */
  inStep(signal: AbortSignal): Promise<{ readonly inStep: boolean; readonly evidence: Readonly<Record<string, unknown>> }>;
  /** What the system itself does, seen from outside; ends when the world closes. */
  marks(sink: (mark: Mark) => void): void;
  /** Asks the system's own operator and waits until it says done. Rejects with its reason. `savedTo`: where evidence was kept. */
  operate(step: Step, signal: AbortSignal): Promise<{ readonly said: string; readonly savedTo?: string }>;
}

/** A thing that keeps a provider from working here, and the command that mends it. `mend` null: nothing can be installed for it. */
export interface Shortfall { readonly what: string; readonly mend: string | null }

export interface Provider {
  readonly name: string;
  readonly levers: ReadonlySet<Lever>;
  readonly senses: ReadonlySet<Sense>;
  /** Why this world cannot make a pull, though it has the lever; null where it can. All can be made where it is not there. */
  cannot?(pull: Pull): string | null;
  /** Why this world cannot run a system with these choices ("cannot ..."); null where it can. All can be run where it is not there. */
  refuses?(topology: Topology): string | null;
  /** What a topology becomes in this world, where some of its choices cannot be others here: the plan is made with that, and prints it. */
  adapt?(topology: Topology): Topology;
  /** Senses that there are outside only, and in no region; none unless said. */
  readonly outsideOnly?: ReadonlySet<Sense>;
  /** Tries instead of guessing; empty when a world can be opened, and what these probes run can be run in it. Without a topology: empty when there is one that it can be opened for. */
  shortfalls(probes?: readonly BoundProbe[], topology?: Topology): Promise<readonly Shortfall[]>;
  /** What there is here of which a topology may choose, a line each: which database engines, of which version. */
  finds?(): Promise<readonly string[]>;
  /** `keep`: what takes long to make is left standing at the end, for the next run that keeps; a world that has nothing of the kind takes no notice. */
  open(topology: Topology, run: { readonly id: string; readonly dir: string; readonly endsWithinMs: number; readonly keep?: boolean }, say: (line: string) => void, signal: AbortSignal): Promise<World>;
  /** Ends what runs left behind: of one run, or of all whose harness is gone. Says what it removed. */
  sweep(runId?: string): Promise<readonly string[]>;
  /** What is still there of a run; empty when nothing is. */
  leftovers(runId: string): Promise<readonly string[]>;
}
