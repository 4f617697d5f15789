import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse as parseYaml, parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '@kubernetes/client-node';

/** What stands for `${word}` in a file of `clusters/`. */
export type Words = Readonly<Record<string, string | number>>;

/** A file of `clusters/` as text, its `${word}`s filled in. Throws for a word that nobody gave. A value of several lines keeps the indentation of its place. */
export async function fillIn(file: string, words: Words): Promise<string> {
  const text = await readFile(fileURLToPath(new URL(`../../../clusters/${file}`, import.meta.url)), 'utf8');
  const bare = text.split('\n').filter((line) => !line.trimStart().startsWith('#')).join('\n');
  return bare.replaceAll(/^( *)(.*?)\$\{(\w+)\}|\$\{(\w+)\}/gm, (_whole, indent: string | undefined, before: string | undefined, first: string | undefined, later: string | undefined) => {
    const word = first ?? later ?? '';
    const value = words[word];
    if (value === undefined) throw new Error(`clusters/${file}: nothing is known to stand for \${${word}}`);
    return `${indent ?? ''}${before ?? ''}${String(value).replaceAll('\n', `\n${indent ?? ''}`)}`;
  });
}

/** The objects of a file of `clusters/`, filled in. */
export async function objectsIn(file: string, words: Words = {}): Promise<KubernetesObject[]> {
  return readObjects(await fillIn(file, words));
}

/** The objects of a text of YAML documents, empty ones left out. */
export function readObjects(text: string): KubernetesObject[] {
  return text.split(/^---$/m).filter((document) => /^[^#\s]/m.test(document)).flatMap((document) => parseAllDocuments(document).map((one) => one.toJS() as KubernetesObject));
}

/** YAML as a value. */
export function parse<T>(text: string): T {
  return parseYaml(text) as T;
}
