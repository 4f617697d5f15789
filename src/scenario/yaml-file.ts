import { readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Pair, type Scalar, type YAMLError, type YAMLMap } from 'yaml';
import { DrillError, type Problem } from '../errors.ts';

/** A way into a file: keys and positions from the top. */
export type Path = readonly PropertyKey[];

/** A YAML file as plain values, and where in it everything stands. */
export interface YamlFile {
  /** As people know it: relative to where they stand, when it is below. */
  readonly file: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** Line (from 1) of the key or list item at `path`, or of the nearest thing above it that is there. */
  lineOf(path: Path): number;
}

/** Longer than any scenario people write by hand, short enough that reading noise costs nothing. */
export const maxBytes = 64 * 1024;
/** More of them do not help whoever has to mend the file. */
export const maxProblems = 50;
const maxAliases = 100;

/** Reads one YAML map from a file. Throws a DrillError (`wrong`) that names every problem with its line: not there, not a file, not text, too long, empty, syntax, keys twice, several documents. `noun` says what the file should be. */
export function readYaml(path: string, noun: string): YamlFile {
  const file = nameOf(path);
  const text = readText(path, file, noun);
  const lines = new LineCounter();
  const documents = [...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, logLevel: 'silent' })];
  const trouble = documents.flatMap((document) => [...document.errors, ...document.warnings]).map((error) => sayTrouble(error, file, lines));
  if (trouble.length > 0) throw wrong(trouble);
  const [document, second] = documents;
  if (!document || isEmpty(document)) throw wrong([{ file, line: 1, message: `the file is empty: a ${noun} is a map of keys`, hint: starter(noun) }]);
  if (second) throw wrong([{ file, line: lineAt(second.range[0], lines), message: `a second document begins here: a file is one ${noun}`, hint: 'put it into a file of its own, and remove the line "---"' }]);
  const value = plainOf(document, file);
  if (!isMap(document.contents) || typeof value !== 'object' || value === null) {
    throw wrong([{ file, line: 1, message: `this is ${isSeq(document.contents) ? 'a list' : 'only text'}: a ${noun} is a map of keys`, hint: starter(noun) }]);
  }
  const indexes = new WeakMap<object, PairIndex>();
  return { file, value: value as Record<string, unknown>, lineOf: (at) => findLine(document, at, lines, indexes) };
}

/** One DrillError of all problems in the order of their lines, cut short where there are too many to read. */
export function wrong(problems: readonly Problem[]): DrillError {
  const sorted = [...problems].sort((a, b) => (a.file ?? '').localeCompare(b.file ?? '') || (a.line ?? 0) - (b.line ?? 0));
  const rest = sorted.length - maxProblems;
  if (rest <= 0) return new DrillError('wrong', sorted);
  const last = sorted[maxProblems - 1];
  return new DrillError('wrong', [...sorted.slice(0, maxProblems), { ...(last?.file === undefined ? {} : { file: last.file }), message: `and ${rest} more`, hint: 'mend the first ones; the others often go with them' }]);
}

/** A path as people name a file: relative when it lies below where they stand. */
export function nameOf(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near;
}

function readText(path: string, file: string, noun: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) throw wrong([{ file, message: found ? `is not a file, so not a ${noun}` : `there is no such ${noun}`, hint: `give the path of a ${noun} in YAML` }]);
  if (found.size > maxBytes) throw wrong([{ file, line: 1, message: `${found.size} bytes are too long for a ${noun}: at most ${maxBytes} are read`, hint: `is this a ${noun}? ${starter(noun)}` }]);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    const odd = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.exec(text);
    if (!odd) return text;
    throw wrong([{ file, line: text.slice(0, odd.index).split('\n').length, message: 'holds control characters: this is a binary file, not text', hint: starter(noun) }]);
  } catch (error) {
    if (error instanceof DrillError) throw error;
    const why = error instanceof TypeError ? 'is not UTF-8 text' : `cannot be read: ${(error as Error).message}`;
    throw wrong([{ file, line: 1, message: why, hint: starter(noun) }]);
  }
}

function starter(noun: string): string {
  if (noun === 'allow-list') return 'begin with "allow:" and a list; docs/nightly.md shows one';
  return noun === 'scenario' ? 'begin with "title: ..."; scenarios/noop.yaml is the shortest that there is' : 'clusters/active-passive.yaml shows every key';
}

function isEmpty(document: Document): boolean {
  return document.contents === null || (isScalar(document.contents) && document.contents.value === null);
}

function plainOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    throw wrong([{ file, line: 1, message: `aliases cannot be followed: ${(error as Error).message}`, hint: 'write the values out; a few aliases are fine, aliases of aliases are not' }]);
  }
}

function sayTrouble(error: YAMLError, file: string, lines: LineCounter): Problem {
  const line = lineAt(error.pos[0], lines);
  if (error.code === 'DUPLICATE_KEY') return { file, line, message: 'this key stands here for the second time', hint: 'keep one of the two: names and keys are unique' };
  if (error.code === 'RESOURCE_EXHAUSTION') return { file, line, message: 'nested too deeply to be read', hint: 'four levels are enough for everything' };
  return { file, line, message: `not YAML: ${error.message}`, hint: 'look at the indentation, and for a missing quote, colon or bracket, here or on the line above' };
}

function lineAt(offset: number, lines: LineCounter): number {
  return Math.max(1, lines.linePos(offset).line);
}

type PairIndex = ReadonlyMap<string, Pair>;

function pairOf(map: YAMLMap, key: string, indexes: WeakMap<object, PairIndex>): Pair | undefined {
  const index = indexes.get(map) ?? new Map(map.items.filter((item) => isScalar(item.key)).map((item) => [String((item.key as Scalar).value), item] as const));
  indexes.set(map, index);
  return index.get(key);
}

function findLine(document: Document, path: Path, lines: LineCounter, indexes: WeakMap<object, PairIndex>): number {
  let node: unknown = document.contents;
  let line = isNode(node) && node.range ? lineAt(node.range[0], lines) : 1;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = pairOf(node, String(step), indexes);
      if (!pair) break;
      if (isScalar(pair.key) && pair.key.range) line = lineAt(pair.key.range[0], lines);
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (!isNode(node)) break;
      if (node.range) line = lineAt(node.range[0], lines);
    } else break;
  }
  return line;
}
