#!/usr/bin/env node
// How ten million writes are reconciled: `npm run bench bench/scale.ts [writes]`. Each measurement is a process of its own, so that its peak of memory is its own.
import { fileURLToPath } from 'node:url';
import { $, chalk } from 'zx';
import { dataLoss } from '../src/checks/data-loss.ts';
import { reconcile } from '../src/checks/loss/reconcile.ts';
import type { Entry, History, Sample } from '../src/history.ts';
import { historyOf, regions, watchedAs } from '../src/calibrate/histories.ts';

const goals = { memoryMB: 1_024, perWrite: 1.5 };
const everyMs = 0.02;
/** One write in so many is lost. */
const lostEvery = 10_000;

type Measured = { readonly what: string; readonly writes: number; readonly ms: number; readonly lost: number; readonly peakMB: number };
const ways: Readonly<Record<string, (writes: number) => number>> = {
  // The reconciliation as shipped, over entries that are made when they are asked for.
  reconcile: (writes) => reconcile(lazyHistory(writes))?.lost.length ?? -1,
  // The plain way, over the same entries: a set of all numbers that are there, and one pass.
  set: (writes) => {
    const there = new Set<number>();
    for (let number = 1; number <= writes; number += 1) if (number % lostEvery !== 0) there.add(number);
    let lost = 0;
    for (let index = 0; index < writes; index += 1) {
      const { data } = writeAt(index);
      if (data?.outcome === 'acked' && !there.has(Number(data.op.slice(data.op.indexOf(':') + 1)))) lost += 1;
    }
    return lost;
  },
  // The whole check over a history in memory, as a run has it.
  judge: (writes) => dataLoss.judge({ ...lazyHistory(writes), entries: [...few(writes), ...Array.from({ length: writes }, (_, index) => writeAt(index))] }, {}).measures.find(({ name }) => name === 'loss.lost')?.value ?? -1,
};

const [first = '10000000', count] = process.argv.slice(2);
const way = ways[first];
if (way) {
  const began = performance.now();
  const lost = way(Number(count));
  console.log(JSON.stringify({ what: first, writes: Number(count), ms: performance.now() - began, lost, peakMB: process.resourceUsage().maxRSS / 1_024 } satisfies Measured));
} else {
  $.quiet = true;
  const all = Number(first);
  const [small, whole, plain, held] = [await measure('reconcile', all / 10), await measure('reconcile', all), await measure('set', all), await measure('judge', Math.min(all, 500_000))];
  const growth = whole.ms / whole.writes / (small.ms / small.writes);
  console.log(`ten times the writes took ${growth.toFixed(2)} times as long a write (linear: at most ${goals.perWrite})`);
  console.log(`reconcile beside the plain set: ${(plain.ms / whole.ms).toFixed(2)} times its speed, ${(whole.peakMB / plain.peakMB).toFixed(2)} times its memory`);
  console.log(`the whole check over a history in memory took ${(held.peakMB * 1_024 / held.writes).toFixed(2)} KB a write: so the history itself is the limit of a run, and not the reconciliation`);
  const right = [small, whole, plain, held].every(({ writes, lost }) => lost === Math.floor(writes / lostEvery));
  if (!right) console.log(chalk.red('a count was wrong'));
  if (!right || growth > goals.perWrite || whole.peakMB > goals.memoryMB) process.exitCode = 1;
}

async function measure(what: string, writes: number): Promise<Measured> {
  const { stdout } = await $`${process.execPath} --disable-warning=ExperimentalWarning --max-old-space-size=4096 ${fileURLToPath(import.meta.url)} ${what} ${writes}`;
  const measured = JSON.parse(stdout) as Measured;
  console.log(`${what.padEnd(10)} ${writes.toLocaleString('en-US').padStart(11)} writes  ${(measured.ms / 1_000).toFixed(1).padStart(6)} s  ${Math.round(writes / (measured.ms / 1_000)).toLocaleString('en-US').padStart(11)} writes/s  peak RSS ${measured.peakMB.toFixed(0).padStart(5)} MB  ${measured.lost} lost`);
  return measured;
}

function writeAt(index: number): Sample<'write'> {
  const at = index * everyMs;
  return { kind: 'sample', at, says: 'write', probe: 'w', place: 'outside', seq: index, scheduled: at, started: at, ended: at + 5, ok: true, error: null, data: { op: `w:${index + 1}`, attempt: 1, outcome: 'acked', server: '1', gtid: null, servedBy: null } };
}

/** Everything but the writes. */
function few(writes: number): Entry[] {
  const endMs = writes * everyMs + 100;
  const numbers: [number, number][] = [];
  for (let from = 1; from <= writes; from += lostEvery) numbers.push([from, Math.min(writes, from + lostEvery - 2)]);
  const census: Sample<'census'> = { kind: 'sample', at: endMs + 1, says: 'census', probe: 'census', place: regions.taking, seq: 0, scheduled: endMs + 1, started: endMs + 1, ended: endMs + 2, ok: true, error: null, data: { region: regions.taking, server: '2', rows: { w: { numbers, counts: {} } }, position: '', state: '', checksum: '' } };
  return [...historyOf({ probes: [], cut: { low: endMs / 2, high: endMs / 2 + 50 }, entries: [{ kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: endMs, phase: 'reconcile' }, census] }).entries];
}

/** A history whose writes are made when they are asked for. */
function lazyHistory(writes: number): History {
  const others = few(writes);
  const length = others.length + writes;
  const at = (index: number): Entry => others[index] ?? writeAt(index - others.length);
  const walk = {
    length,
    forEach(see: (entry: Entry, index: number) => void) { for (let index = 0; index < length; index += 1) see(at(index), index); },
    filter(is: (entry: Entry) => boolean) { const kept: Entry[] = []; walk.forEach((entry) => { if (is(entry)) kept.push(entry); }); return kept; },
    find(is: (entry: Entry) => boolean) { for (let index = 0; index < length; index += 1) { const entry = at(index); if (is(entry)) return entry; } return undefined; },
  };
  const entries = new Proxy(walk, { get: (target, key) => (typeof key === 'string' && /^\d+$/.test(key) ? at(Number(key)) : Reflect.get(target, key) as unknown) });
  return { ...historyOf({ probes: [watchedAs('w', 'ledger', 'write', everyMs)], cut: { low: 0, high: 1 }, entries: [] }), entries: entries as unknown as Entry[] };
}
