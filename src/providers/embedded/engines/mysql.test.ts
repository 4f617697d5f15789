import { expect, test } from '@jest/globals';
import { mysqlFrom, whatLacks } from './mysql.ts';

test.each([
  ['mysqld  Ver 9.7.4-2 for Linux on x86_64 ((Debian))', null],
  ['/usr/sbin/mysqld  Ver 8.4.5-0ubuntu0.25.04 for Linux on x86_64 ((Ubuntu))', null],
  ['/usr/sbin/mysqld  Ver 8.0.42-0ubuntu0.24.04.1 for Linux on x86_64 ((Ubuntu))', 'mysqld % is 8.0.42-0ubuntu0.24.04.1'],
  ['mysqld  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)', "mysqld % is MariaDB's"],
  ['mysql  Ver 15.1 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)', "mysqld % is MariaDB's"],
  ['', 'mysqld % is missing, or does not start'],
])('%s', (stdout, said) => { expect(whatLacks('mysqld', { code: 0, stdout })).toBe(said); });

test('a program that does not start is none, whatever it says', () => {
  expect(whatLacks('mysql', { code: 127, stdout: 'mysql  Ver 9.7.4-2' })).toMatch(/does not start/);
});

test('programs that are on PATH get no wrapper there, which would call itself', () => {
  const lent = (call: (name: string) => readonly string[]) => mysqlFrom({ call, server: [] }).lend('/run/lent');
  expect(lent((name) => [name])).toBe('true');
  for (const name of ['mysql', 'mysqlbinlog']) expect(lent((one) => [`/opt/mysql/bin/${one}`])).toContain(`cat > /run/lent/${name} <<'END_OF_PROGRAM'\n#!/bin/sh\nexec '/opt/mysql/bin/${name}' "$@"\n`);
});
