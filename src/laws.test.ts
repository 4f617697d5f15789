import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { doors, rows, type Row } from '../test/laws.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('fixture.ts'));
const imports = new Map(files.map((file) => [file, importsOf(file)] as const));

/** What a file imports, types too: paths relative to src, or names of packages. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [...text.matchAll(/^\s*(?:import|export)\s[^;'"]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gms)];
  return found.map((match) => match[1] ?? match[2] ?? match[3] ?? '').map((name) => (name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : name));
}

const rowOf = (file: string): Row | undefined => rows.find((row) => row.of(file));

describe('the laws of the house', () => {
  test('every file has a line of the table', () => {
    expect(files.filter((file) => !rowOf(file))).toEqual([]);
  });

  test('nobody imports what the table does not allow', () => {
    const broken = files.flatMap((file) => {
      const row = rowOf(file);
      return (imports.get(file) ?? [])
        .filter((name) => name.endsWith('.ts') && row && !row.may.some((allowed) => allowed(name, file)))
        .map((name) => `${file} imports ${name}: talk about the line "${row?.says}" of test/laws.ts`);
    });
    expect(broken).toEqual([]);
  });

  test('no circles, types included', () => {
    const circles: string[] = [];
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]): void => {
      const start = path.indexOf(file);
      if (start >= 0) { circles.push([...path.slice(start), file].join(' -> ')); return; }
      if (done.has(file)) return;
      for (const next of imports.get(file) ?? []) if (imports.has(next)) walk(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });

  test('one door for each outside package and side', () => {
    const broken = files.flatMap((file) => (imports.get(file) ?? [])
      .filter((name) => !name.startsWith('.') && !name.endsWith('.ts') && !name.startsWith('node:'))
      .filter((name) => !(doors[name] ?? []).some((door) => file.startsWith(door)))
      .map((name) => `${file} imports ${name}, whose doors are ${(doors[name] ?? ['nowhere']).join(', ')}`));
    expect(broken).toEqual([]);
  });

  test('files stay small and words stay plain', () => {
    const long = files.map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length })).filter(({ lines }) => lines > 250);
    expect(long).toEqual([]);
    expect(files.filter((file) => /(^|\/)(utils?|common|core|types|helpers?|manager|service|factory|base)(\.ts|\/)/i.test(file))).toEqual([]);
    const classes = files.flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/\b(?:class|function|interface) (\w*(?:Manager|Helper|Util|Service|Factory|Base))\b/g)].map((match) => `${file}: ${match[1]}`));
    expect(classes).toEqual([]);
  });

  test('the system knows nothing of the harness, and the harness nothing of the system', () => {
    expect(files.filter((file) => file.startsWith('system/')).flatMap((file) => (imports.get(file) ?? []).filter((name) => name.endsWith('.ts') && !name.startsWith('system/')))).toEqual([]);
    expect(files.filter((file) => !file.startsWith('system/')).flatMap((file) => (imports.get(file) ?? []).filter((name) => name.startsWith('system/')))).toEqual([]);
  });
});
