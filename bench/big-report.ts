#!/usr/bin/env node
// A report of an hour: `npm run bench bench/big-report.ts [minutes]`. Simulates a drill that long, renders its report, and twice more: with one look in ten bad, and with an app that loses twenty connections a second;
// prints what report.html weighs and how long headless Chromium takes to open it. Fails above 5 MB or two seconds.
import { chalk, fs, os, path, which } from 'zx';
import type { Entry, History } from '../src/history.ts';
import { makeReport, type Report } from '../src/report.ts';
import { html } from '../src/reporters/html.ts';
import { simulate } from '../src/report/advice/run.fixture.ts';
import { timeOpening } from './opening.ts';

const limits = { megabytes: 5, openMs: 2_000 } as const;
const minutes = Number(process.argv[2] ?? 60);
const chromium = await which('chromium', { nothrow: true }) ?? await which('google-chrome', { nothrow: true });
const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'regionfall-bench-'));

try {
  const { history, report } = await simulate('dr-drill', { 'baseline: 30s': `baseline: ${minutes - 4}m` });
  console.log(`dr-drill on sim, ${(report.endsAt / 60_000).toFixed(1)} simulated minutes, ${history.entries.length.toLocaleString('en-US')} entries`);
  await weigh('as it went', history, report);
  await weigh('one look in ten bad', { ...history, entries: history.entries.map(spoil) }, report);
  await weigh('20 connections lost a s', { ...history, entries: [...history.entries, ...churn(report.endsAt)] }, report);
  if (!chromium) console.error(chalk.yellow('SKIPPED: neither chromium nor google-chrome is on the PATH, so that nobody opened the report'));
} finally {
  await fs.remove(folder);
}

/** Every tenth look of a probe goes bad, whatever it saw: as many changes as a time line can have to draw. */
function spoil(entry: Entry): Entry {
  return entry.kind === 'sample' && entry.says !== 'census' && entry.seq % 10 === 3 ? { ...entry, ok: false, error: `timed out after ${entry.seq % 7} tries` } : entry;
}

/** What an app says that cannot keep a connection to its database. */
function churn(endsAt: number): Entry[] {
  return Array.from({ length: Math.floor(endsAt / 50) }, (_, index): Entry => ({ kind: 'mark', at: index * 50, who: `app/${index % 2}`, what: index % 4 < 2 ? 'connected' : 'connection lost', subject: `app/${index % 2}`, errorMs: 0.1, evidence: index % 4 < 2 ? { address: '10.1.0.11', server: '1' } : { why: `PROTOCOL_CONNECTION_LOST ${index % 3}` } }));
}

async function weigh(name: string, history: History, { verdict }: Report): Promise<void> {
  const began = performance.now();
  const report = makeReport(history, verdict);
  const made = performance.now();
  const text = html.render?.(report, history)[0]?.text ?? '';
  const drawn = performance.now();
  const file = path.join(folder, 'report.html');
  await fs.writeFile(file, text);
  const megabytes = Buffer.byteLength(text) / 1e6;
  const opened = chromium ? await timeOpening(chromium, file) : null;
  const looks = report.timeline.reduce((sum, lane) => sum + lane.bad, 0);
  const over = megabytes > limits.megabytes || (opened ?? 0) > limits.openMs;
  if (over) process.exitCode = 1;
  console.log(`${name.padEnd(24)} report ${(made - began).toFixed(0)} ms, page ${(drawn - made).toFixed(0)} ms; ${megabytes.toFixed(2)} MB (at most ${limits.megabytes}); opens in ${opened === null ? '?' : opened.toFixed(0)} ms (at most ${limits.openMs}); ${looks.toLocaleString('en-US')} bad looks drawn ${over ? chalk.red('OVER') : chalk.green('ok')}`);
}
