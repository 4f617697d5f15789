import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Writes lines to a file one by one, never holding all of them. */
export async function writeLines(file: string, lines: Iterable<string>): Promise<void> {
  const withEnds = function* () { for (const line of lines) yield `${line}\n`; };
  await pipeline(Readable.from(withEnds()), createWriteStream(file));
}
