import type { Updates } from './reckon.ts';

/** What was taken away, and what conflicts, in sentences for a person; what weighs most comes first. */
export function sayUpdates(updates: Updates, asked: { readonly maxReverted?: number | undefined; readonly maxConflicting?: number | undefined }): string {
  const { acked, indeterminate, reverted, conflicts, endings, phantoms, counts } = updates;
  if (acked === 0) return 'No update was ever acknowledged: there was nothing to take away.';
  const said: string[] = [];
  if (phantoms.length > 0) said.push(`${count(phantoms.length, 'value')} that nobody can have written stood in a slot (${phantoms[0]}${phantoms.length > 1 ? ', ...' : ''}): harness or database is broken.`);
  const slots = endings.filter((ending) => ending.reverted > 0);
  const back = slots.filter(({ setBack }) => setBack).length;
  said.push(reverted.length === 0
    ? `0 of ${count(acked, 'acknowledged update')} were taken away, ${indeterminate.toLocaleString('en-US')} more indeterminate.`
    : `${count(reverted.length, 'update')} of ${count(acked, 'acknowledged one')} were taken away, in ${count(slots.length, 'slot')}: what serves in the end does not build on them${back === 0 ? '' : `, and in ${back} ${back === 1 ? 'it is' : 'of these it is'} older than they are`}.`);
  if (conflicts.length > 0) said.push(`${conflicts.length === 1 ? 'Once' : `${conflicts.length.toLocaleString('en-US')} times`} two writers changed the same value on two servers, and neither had seen the other.`);
  const differing = endings.filter(({ differs }) => differs).length;
  if (differing > 0) said.push(`In the end the databases differ in ${count(differing, 'slot')}.`);
  if (counts.undecided > 0) said.push(`Of ${count(counts.undecided, 'more')} it is not known: updates that nobody heard the end of stand between them and the end.`);
  if (counts['never read'] > 0) said.push(`${count(counts['never read'], 'update')} were acknowledged only after the last census began: nothing is known of them.`);
  const limits = [asked.maxReverted === undefined ? [] : [`${asked.maxReverted} taken away`], asked.maxConflicting === undefined ? [] : [`${asked.maxConflicting} conflicting`]].flat();
  if (limits.length > 0) said.push(`Allowed were ${limits.join(' and ')}.`);
  return said.join(' ');
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en-US')} ${what}${number === 1 || what === 'more' ? '' : 's'}`;
}
