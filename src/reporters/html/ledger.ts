import type { Finding } from '../../check.ts';
import { findingOf, type Report } from '../../report.ts';
import { lossDetails, type LossDetails } from '../../report/details.ts';
import { isActiveActive } from '../../topology.ts';
import { measureOf, moment, number, sayMeasure } from '../say.ts';
import { html, type Markup } from './markup.ts';
import type { Moments } from './moments.ts';
import { table, type Line } from './table.ts';

const classes: readonly [measure: string, words: string, meaning: string, counts: string][] = [
  ['loss.acked', 'acknowledged', 'COMMIT was acknowledged to the client', 'what could be lost'],
  ['loss.lost', 'lost', 'acknowledged, and absent from the final read of the new authority', 'data loss'],
  ['loss.stranded', '\u2013 stranded', 'lost, but still on the old primary, read before it rejoined', 'divergence, repairable'],
  ['loss.destroyed', '\u2013 destroyed', 'lost, and present nowhere', 'the worst'],
  ['loss.degraded', 'acked alone', 'acknowledged while semi-sync had given up waiting for the replica: on one server only', 'what goes with that server'],
  ['loss.degraded.lost', '\u2013 lost', 'of these, absent from the final read of the new authority', 'part of the loss above'],
  ['loss.indeterminate', 'indeterminate', 'sent, and nobody knows: the connection broke or timed out', 'neither loss nor success'],
  ['loss.recovered', '\u2013 recovered', 'indeterminate, and present in the end', 'for information'],
  ['loss.unresolved', '\u2013 unresolved', 'indeterminate, and absent in the end', 'for information'],
  ['loss.phantom', 'phantom', 'present, but never attempted, or refused', 'a defect of harness or database'],
  ['loss.duplicated', 'duplicated', 'more rows than its attempts explain', 'a defect'],
  ['loss.stale', 'stale', 'missing from a read that began after its ack, there later', 'consistency, not loss'],
];
const loud = new Set(['loss.degraded.lost', 'loss.lost', 'loss.stranded', 'loss.destroyed', 'loss.phantom', 'loss.duplicated']);

/** Every class of the ledger with its count and meaning, what the databases say themselves, and the lost writes one by one. */
export function ledger(report: Report, moments: Moments): Markup | null {
  const finding = findingOf(report, 'data-loss');
  if (!finding) return null;
  const details = lossDetails(finding);
  return html`<section id="ledger"><h2>What became of every write</h2>${report.faults.length === 0 ? null : sides(finding)}
${table([{ words: 'Class' }, { words: 'Writes', n: true }, { words: 'Meaning' }, { words: 'Counts as' }], [...classes.filter(([name]) => mayDegrade(report) || !name.startsWith('loss.degraded')).flatMap((row) => line(finding, row)), ...refused(details)])}
${crossCheck(details, report.faults.length > 0, isActiveActive(report.run.topology), moments)}${writes(details, moments)}</section>`;
}

/** Whether commits that wait may go on without what they wait for; where they may not, there is nothing to tell. */
function mayDegrade({ run: { topology: { settings: { database } } } }: Report): boolean {
  return database.replication === 'semi-sync' && database.degrade !== 'never';
}

function sides(finding: Finding): Markup | null {
  const [rpo, after, span] = ['loss.rpo', 'loss.afterCut', 'loss.afterCut.span'].map((name) => measureOf(finding, name));
  if (!rpo || !after) return null;
  const over = span && (span.value ?? 0) > 0 ? `, acknowledged up to ${sayMeasure(span)} after it` : '';
  return html`<p class="callout">Before the cut: RPO <b>${sayMeasure(rpo)}</b>. After the cut: <b>${sayMeasure(after)}</b> lost that the old side had acknowledged${over}.</p>`;
}

function line(finding: Finding, [name, words, meaning, counts]: (typeof classes)[number]): Line[] {
  const measure = measureOf(finding, name);
  if (!measure) return [];
  const look = measure.value === 0 ? 'zero' : loud.has(name) && measure.value !== null ? 'loud' : '';
  return [{ look, cells: [words, measure.value === null ? 'not told' : number(measure.value, 'writes'), html`${meaning}${measure.reason === undefined ? null : html`<small> (${measure.reason})</small>`}`, counts] }];
}

function refused({ refused: count }: LossDetails): Line[] {
  return count === undefined ? [] : [{ look: count === 0 ? 'zero' : '', cells: ['refused', number(count, 'writes'), 'known not committed: no connection, read-only, rolled back', 'unavailability, not loss'] }];
}

function crossCheck(details: LossDetails, broken: boolean, active: boolean, moments: Moments): Markup | null {
  const { degraded, errant, splitBrain, beyondLoss, stale, atCut, copies, neverRead, retried, phantoms } = details;
  const said: (Markup | string)[] = [];
  if (typeof errant === 'string') said.push(...(!broken ? [] : [`GTIDs could not be compared: ${errant}.`]));
  else if (errant) said.push(html`By their GTIDs the old primary holds <b>${number(errant.errant, 'count')}</b> transactions that the new one has not${errant.ranges.length === 0 ? '' : html` (<code>${errant.ranges.join(', ')}</code>)`}; the ledger explains ${number(errant.stranded, 'count')} as stranded and ${number(errant.indeterminateOnOld, 'count')} as indeterminate${errant.updates === 0 ? '' : `, and ${number(errant.updates, 'count')} are updates`}: ${errant.differs === 0 ? 'the two accounts agree' : html`<b>they differ by ${number(errant.differs, 'count')}</b>`}.`);
  if (splitBrain) said.push(html`<b>Split brain:</b> ${splitBrain.old} and ${splitBrain.current} both acknowledged writes for ${splitBrain.value.toFixed(2)} s; the old one took ${number(splitBrain.ackedByOld, 'count')} meanwhile.`);
  else if (active) said.push('Both databases acknowledged writes all the time, as they are to.');
  else if (splitBrain === null) said.push('No two servers acknowledged writes at the same time.');
  if (Array.isArray(degraded)) said.push(...degraded.map((spell) => html`<b>Semi-sync had given up</b> on ${spell.region} from ${moment(spell.from, moments.zero)} to ${spell.to === null ? 'when it was last seen' : moment(spell.to, moments.zero)}${spell.commits === null ? '' : `: by its own count ${number(spell.commits, 'count')} commits went on alone`}.`));
  if (beyondLoss) said.push(html`<b>No clean tail:</b> ${number(beyondLoss, 'count')} writes begun after a lost one had been acknowledged survived, so no single instant separates kept from lost.`);
  if (atCut) said.push(`${number(atCut.lastSecond, 'count')} writes were acknowledged in the last second before the cut${atCut.last === null ? '' : `, the last ${atCut.last.toFixed(3)} s before it`}: that is the resolution of a zero.`);
  if (stale && stale.writes > 0) said.push(`Stale reads: ${number(stale.writes, 'count')} writes were missing from a read begun after their ack, up to ${stale.late.max ?? '?'} s late (${number(stale.reads, 'count')} reads).`);
  if (neverRead) said.push(html`<b>${number(neverRead, 'count')}</b> writes were acknowledged after the last census began: nothing is known of them.`);
  if (retried) said.push(`${number(retried, 'count')} writes have more than one row, which their retries explain.`);
  if (phantoms && phantoms.length > 0) said.push(html`Rows nobody wrote: <code>${phantoms.slice(0, 20).join(', ')}${phantoms.length > 20 ? ', ...' : ''}</code>`);
  const differing = copies?.filter((copy) => !copy.same) ?? [];
  if (copies && copies.length > 0) said.push(differing.length === 0 ? `In the end the checksums of all ${active ? 'rows that were added' : 'copies'} matched.` : html`<b>In the end the copy in ${differing.map((copy) => copy.region).join(', ')} differed.</b>`);
  return said.length === 0 ? null : html`<ul>${said.map((one) => html`<li>${one}</li>`)}</ul>`;
}

function writes({ writes: list, writesInAll }: LossDetails, moments: Moments): Markup | null {
  if (!list || list.length === 0) return null;
  const all = writesInAll ?? list.length;
  return html`<details><summary>The lost writes themselves (${number(all, 'count')}${all > list.length ? `, the first ${number(list.length, 'count')} here, all in ledger.jsonl` : ''})</summary><div class="scroll"><table><thead><tr><th>Write</th><th class="n">Acknowledged</th><th>Side of the cut</th><th>Server</th><th>GTID</th><th>Class</th></tr></thead><tbody>
${list.map((write) => html`<tr><th scope="row"><code>${write.op}</code></th><td class="n">${moment(write.ackedAt, moments.zero, 3)}</td><td>${write.cut ?? 'not known'}</td><td>${write.server ?? ''}</td><td><code>${write.gtid ?? ''}</code></td><td>${write.class}</td></tr>`)}</tbody></table></div></details>`;
}
