/** Text for a terminal, coloured or not; a colour never says anything that the words do not. */
export interface Paint { good(text: string): string; bad(text: string): string; open(text: string): string; strong(text: string): string; soft(text: string): string }

/** Colours where the stream is a terminal, NO_COLOR is not set (any value but empty: no-color.org), and TERM is not dumb. */
export function paintFor(stream: { readonly isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): Paint {
  const coloured = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const shade = (code: number, end: number) => (text: string) => coloured ? `\u001b[${code}m${text}\u001b[${end}m` : text;
  return { good: shade(32, 39), bad: shade(31, 39), open: shade(33, 39), strong: shade(1, 22), soft: shade(2, 22) };
}

/** `0:42`, `12:05`: minutes and seconds. */
export function clockOf(ms: number): string {
  const whole = Math.floor(Math.max(0, ms) / 1_000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Text without what would move a cursor or start a colour: names in a run are not ours. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
