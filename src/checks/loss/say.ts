import { sayMeasure, saySeconds } from '../../judge/bounds.ts';
import type { Measure } from '../../check.ts';
import { sayDegraded } from './degraded.ts';
import type { Details } from './details.ts';
import type { Reckoning } from './reconcile.ts';

/** What was lost, in sentences for a person; what weighs most comes first. */
export function sayLoss(reckoning: Reckoning, measures: readonly Measure[], details: Details, asked: { readonly maxLost?: number | undefined; readonly maxRpo?: number | undefined }): string {
  const told = (name: string) => sayMeasure(measures.find((measure) => measure.name === name) as Measure);
  const { lost, acked, indeterminate, counts, duplicated } = reckoning;
  const said: string[] = [];
  if (details.phantoms.length > 0) said.push(`${many(details.phantoms.length, 'row')} that nobody wrote, or that were refused, are in the databases (${details.phantoms[0]}${details.phantoms.length > 1 ? ', ...' : ''}): harness or database is broken.`);
  if (duplicated > 0) said.push(`${many(duplicated, 'write')} have more rows than their attempts explain.`);
  said.push(lost.length === 0
    ? `0 lost of ${many(acked, 'acknowledged write')}, ${many(indeterminate, 'more')} indeterminate${sayResolution(details)}.`
    : `${many(lost.length, 'write')} of ${many(acked, 'acknowledged one')} are lost${saySides(reckoning, told)}; ${sayFates(reckoning)}.`);
  said.push(...sayDoubts(acked, details), ...sayServers(details), ...sayDegraded(measures, details.degraded), ...sayErrant(details));
  if (counts['never read'] > 0) said.push(`${many(counts['never read'], 'write')} were acknowledged only after the last census began: nothing is known of them.`);
  const limits = [asked.maxLost === undefined ? [] : [`${asked.maxLost} lost writes`], asked.maxRpo === undefined ? [] : [`${saySeconds(asked.maxRpo)} on either side of the cut`]].flat();
  if (limits.length > 0) said.push(`Allowed were ${limits.join(' and ')}.`);
  return said.join(' ');
}

function saySides({ zero, lost }: Reckoning, told: (name: string) => string): string {
  if (!zero) return '';
  const before = lost.filter(({ side }) => side === 'before').length;
  return `: ${many(before, 'of them')} acknowledged before the cut (RPO ${told('loss.rpo')}), ${many(lost.length - before, 'more')} by the old side after it (over ${told('loss.afterCut.span')})`;
}

function sayFates({ counts }: Reckoning): string {
  if (counts.lost > 0) return 'whether another server still had them is not known, for not every server was read before the rejoin';
  return `${counts.stranded.toLocaleString('en-US')} are stranded on a server that no longer serves, ${counts.destroyed.toLocaleString('en-US')} are nowhere`;
}

function sayResolution({ atCut }: Details): string {
  return atCut?.last == null ? '' : `; the last ack came ${saySeconds(atCut.last * 1_000)} before the cut`;
}

function sayDoubts(acked: number, { atCut }: Details): string[] {
  if (acked === 0) return ['No write was ever acknowledged: there was nothing to lose.'];
  return atCut?.lastSecond === 0 ? ['No write was acknowledged in the last second before the cut, so that a loss there could not be seen.'] : [];
}

function sayServers({ beyondLoss, splitBrain }: Details): string[] {
  const said: string[] = [];
  if (beyondLoss > 0) said.push(`The loss is no clean tail: ${many(beyondLoss, 'write')} begun after a lost one had been acknowledged survived, so no single instant separates kept from lost.`);
  if (splitBrain) said.push(`Two servers acknowledged writes at once for ${saySeconds(splitBrain.value * 1_000)}: ${many(splitBrain.ackedByOld, 'write')} by the old one.`);
  return said;
}

function sayErrant({ errant }: Details): string[] {
  if (typeof errant === 'string' || (errant.errant === 0 && errant.stranded === 0)) return [];
  if (errant.differs < 0) return [`The GTIDs do not explain this: ${many(errant.errant, 'errant transaction')} for ${many(errant.stranded + errant.indeterminateOnOld, 'write')} that only the old primary has.`];
  const others = errant.differs > 0 ? `, ${many(errant.differs, 'more')} that neither ledger nor updates explain` : '';
  return [`The databases agree: ${many(errant.errant, 'errant transaction')} on the old primary${others}.`];
}

function many(count: number, what: string): string {
  const plain = ['more', 'of them'].includes(what);
  return `${count.toLocaleString('en-US')} ${what}${count === 1 || plain ? '' : 's'}`;
}
