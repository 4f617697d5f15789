/** One request as k6 tells it, on the wall clock (ms). `tick`: the number of its iteration; `askedAt`: null where the script asked in a way that cannot be stamped. */
export interface Told {
  readonly is: 'request';
  readonly tick: number;
  readonly beganAt: number;
  readonly iterationAt: number;
  readonly askedAt: number | null;
  readonly endedAt: number;
  /** From asking to having a connection: resolving, connecting and the handshake are in it. `connectingMs` 0: the connection was there already. */
  readonly blockedMs: number;
  readonly connectingMs: number;
  /** Sending, waiting and receiving. */
  readonly durationMs: number;
  readonly status: number;
  readonly error: string | null;
  /** k6's own word for a good answer: 200 to 399, unless the script says otherwise. */
  readonly expected: boolean;
  readonly address: string;
}

/** What k6 says that a drill must know: a request, an iteration for which no client was free, or that it lives (once a second). */
export type Point = Told | { readonly is: 'dropped'; readonly at: number } | { readonly is: 'alive'; readonly at: number };

type Values = { [metric in (typeof timed)[number]]?: number };
interface Line { readonly metric: string; readonly data: { readonly time: string; readonly value: number; readonly tags?: Readonly<Record<string, string>>; readonly metadata?: Readonly<Record<string, string>> } }

const timed = ['http_req_duration', 'http_req_blocked', 'http_req_connecting'] as const;
const wanted: ReadonlySet<string> = new Set(['http_reqs', ...timed, 'dropped_iterations', 'vus']);
const start = '{"metric":"';

/** Reads k6's JSON output line by line. The points of one request follow each other; whatever is no point, or of no iteration, says nothing. */
export function readPoints(): (line: string) => Point | null {
  let open: { readonly first: Line; readonly values: Values } | null = null;
  return (line) => {
    const point = parse(line);
    if (point === null) return null;
    if (point.metric === 'dropped_iterations') return { is: 'dropped', at: wallOf(point.data.time) };
    if (point.metric === 'vus') return { is: 'alive', at: wallOf(point.data.time) };
    if (point.metric === 'http_reqs') { open = { first: point, values: {} }; return null; }
    if (open === null) return null;
    open.values[point.metric as keyof Values] = point.data.value;
    if (timed.some((name) => open?.values[name] === undefined)) return null;
    const told = tellOf(open.first, open.values as Required<Values>);
    open = null;
    return told;
  };
}

/** Most lines are of no interest: they are told by their beginning, before anything is parsed. */
function parse(line: string): Line | null {
  if (!line.startsWith(start) || !wanted.has(line.slice(start.length, line.indexOf('"', start.length)))) return null;
  try {
    const { metric, data } = JSON.parse(line) as Line;
    return typeof data?.time === 'string' ? { metric, data } : null;
  } catch {
    return null;
  }
}

function tellOf({ data: { time, tags = {}, metadata = {} } }: Line, values: Required<Values>): Told | null {
  const { tick, began, from, asked } = metadata;
  if (tick === undefined || began === undefined || from === undefined) return null; // of setup, which is not on the schedule
  return {
    is: 'request', tick: Number(tick), beganAt: Number(began), iterationAt: Number(from), askedAt: asked === undefined ? null : Number(asked), endedAt: wallOf(time),
    blockedMs: values.http_req_blocked, connectingMs: values.http_req_connecting, durationMs: values.http_req_duration,
    status: Number(tags['status'] ?? 0), error: tags['error'] ?? null, expected: tags['expected_response'] === 'true', address: tags['ip'] ?? '',
  };
}

/** An RFC 3339 time as ms, with all digits of its fraction that a number can hold. */
export function wallOf(time: string): number {
  const [, whole = '', fraction = '0', zone = ''] = /^([^.]*?)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(time) ?? [];
  return Date.parse(`${whole}${zone}`) + Number(fraction) * 1_000;
}
