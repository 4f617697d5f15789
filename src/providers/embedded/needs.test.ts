import { expect, test } from '@jest/globals';
import { programsFor } from './needs.ts';

const packagesOf = (...asked: Parameters<typeof programsFor>) => [...new Set(programsFor(...asked).map(({ from }) => from))].filter((name) => name.startsWith('mariadb-'));

test('MariaDB is needed by those who choose it, whatever else there is', () => {
  expect(packagesOf('mariadb', true)).toEqual(['mariadb-server-core', 'mariadb-client-core', 'mariadb-client']);
  expect(packagesOf('mariadb', false)).toHaveLength(3);
});

test('who chooses MySQL needs no MariaDB beside it, also where MySQL is not found: its packages would not mend that', () => {
  expect(packagesOf('mysql', true)).toEqual([]);
  expect(packagesOf('mysql', false)).toEqual([]);
});

test('where nothing is chosen, one of the two is enough', () => {
  expect(packagesOf(undefined, true)).toEqual([]);
  expect(packagesOf(undefined, false)).toHaveLength(3);
  expect(programsFor(undefined, true).map(({ name }) => name)).toEqual(expect.arrayContaining(['nft', 'unbound']));
});
