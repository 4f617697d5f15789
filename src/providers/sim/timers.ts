/** Something to do at a moment; `act` is null once it was called off. */
export interface Timer { readonly at: number; readonly order: number; act: (() => void) | null }

/** Timers by time, and by the order in which they were set where times are equal: a binary heap. */
export interface Timers { add(timer: Timer): void; first(): Timer | undefined; take(): Timer | undefined }

/** No timers yet. */
export function makeTimers(): Timers {
  const heap: Timer[] = [];
  return {
    add: (timer) => { heap.push(timer); rise(heap, heap.length - 1); },
    first: () => { dropCalledOff(heap); return heap[0]; },
    take: () => { dropCalledOff(heap); return takeTop(heap); },
  };
}

function dropCalledOff(heap: Timer[]): void {
  while (heap[0]?.act === null) takeTop(heap);
}

function takeTop(heap: Timer[]): Timer | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return top;
  heap[0] = last;
  sink(heap, 0);
  return top;
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function rise(heap: Timer[], from: number): void {
  const timer = heap[from] as Timer;
  let hole = from;
  while (hole > 0) {
    const above = (hole - 1) >> 1;
    const parent = heap[above] as Timer;
    if (!before(timer, parent)) break;
    heap[hole] = parent;
    hole = above;
  }
  heap[hole] = timer;
}

function sink(heap: Timer[], from: number): void {
  const timer = heap[from] as Timer;
  let hole = from;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Timer, heap[child] as Timer)) child += 1;
    if (!before(heap[child] as Timer, timer)) break;
    heap[hole] = heap[child] as Timer;
    hole = child;
  }
  heap[hole] = timer;
}
