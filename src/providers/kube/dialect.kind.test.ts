import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GenericContainer, Network, Wait, type StartedNetwork, type StartedTestContainer } from 'testcontainers';
import { describeKind } from '../../../test/kind.ts';
import type { Ask } from '../../census.ts';
import { mysql } from '../../census/mysql.ts';
import { readImages } from './images.ts';

const password = 'drill';
const table = 'CREATE TABLE orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, writer VARCHAR(64) NOT NULL, number BIGINT NOT NULL, attempt INT NOT NULL, served_by VARCHAR(64) NOT NULL, at DOUBLE NOT NULL, KEY (writer, number)); CREATE TABLE registers (name VARCHAR(64) NOT NULL, slot INT NOT NULL, value VARCHAR(96) NOT NULL, over_value VARCHAR(96), before_value VARCHAR(96), PRIMARY KEY (name, slot))';

// Nothing is pulled for the sake of a test, and what is started here is ended here.
process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';

describeKind('the dialect of MySQL, on two servers in containers', () => {
  const servers = new Map<string, StartedTestContainer>();
  let network: StartedNetwork;
  const ask: Ask = async (region, sql, _signal, named = false) => {
    const done = await (servers.get(region) as StartedTestContainer).exec([...mysql.client, '-uroot', '-B', ...(named ? [] : ['-N']), '-e', sql, 'shop'], { env: { MYSQL_PWD: password } });
    if (done.exitCode !== 0) throw new Error(done.output);
    return done.stdout.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
  };
  const write = (writer: string, number: number) => ask('here', `INSERT INTO orders (writer, number, attempt, served_by, at) VALUES ('${writer}', ${number}, 1, 'x', 0)`);

  beforeAll(async () => {
    const images = await readImages();
    network = await new Network().start();
    await Promise.all(['here', 'there'].map(async (region, index) => {
      servers.set(region, await new GenericContainer(images.mysql).withNetwork(network).withNetworkAliases(region)
        .withEnvironment({ MYSQL_ROOT_PASSWORD: password, MYSQL_DATABASE: 'shop' })
        .withCommand(['mysqld', `--server-id=${index + 1}`, '--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--innodb-buffer-pool-size=64M', '--mysqlx=OFF'])
        .withWaitStrategy(Wait.forLogMessage(/ready for connections.*port: 3306/)).withStartupTimeout(120_000).start());
    }));
    await ask('there', `CHANGE REPLICATION SOURCE TO SOURCE_HOST='here', SOURCE_USER='root', SOURCE_PASSWORD='${password}', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1; START REPLICA`);
    await ask('here', table);
  }, 240_000);
  afterAll(async () => {
    for (const server of servers.values()) await server.stop();
    await network?.stop();
  }, 60_000);

  test('rows are told as runs, and the copies are in step', async () => {
    for (const number of [0, 1, 2, 5, 5]) await write('w', number);
    expect((await mysql.takeCensus(ask, 'here')).rows).toEqual({ w: { numbers: [[0, 2], [5, 5]], counts: { 5: 2 } } });
    expect(await mysql.compareCopies(ask, 'here', 'there')).toMatchObject({ inStep: true, evidence: { attached: true, caughtUp: true } });
  }, 60_000);

  test('a replica that was detached is not in step, and what it has not is seen', async () => {
    await ask('there', 'STOP REPLICA');
    await write('w', 6);
    expect(await mysql.compareCopies(ask, 'here', 'there')).toMatchObject({ inStep: false, evidence: { attached: false } });
    expect((await mysql.takeCensus(ask, 'there')).rows['w']?.numbers).toEqual([[0, 2], [5, 5]]);
  }, 60_000);
});
