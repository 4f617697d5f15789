import { describe, expect, test } from '@jest/globals';
import { here, must, through } from './exec.ts';

const stubborn = ['sh', '-c', 'sleep 30 & wait']; // a child that a signal to the shell alone would leave, and that keeps stdout open

describe('a command', () => {
  test('that runs out of time is ended with all that it started', async () => {
    const began = performance.now();
    const done = await through(['sh', '-c', '"$@"; true', 'behind']).run(stubborn, { timeoutMs: 200 });
    expect(done.timedOut).toBe(true);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('that is interrupted ends too', async () => {
    const interrupt = new AbortController();
    setTimeout(() => interrupt.abort(), 200);
    const began = performance.now();
    const done = await here.run(stubborn, { signal: interrupt.signal });
    expect(done.code).not.toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('that is not there says so, and one that fails says why', async () => {
    expect(await here.run(['no-such-program'])).toMatchObject({ code: 127 });
    await expect(must(here, ['sh', '-c', 'echo broken >&2; exit 3'])).rejects.toThrow(/exit 3: broken/);
  });

  test('takes its input and gives its lines', async () => {
    expect(await must(here, ['cat'], { input: 'a\nb' })).toBe('a\nb');
    const running = here.start(['cat']);
    running.write('one');
    running.end();
    const lines: string[] = [];
    for await (const line of running.lines()) lines.push(line);
    expect(lines).toEqual(['one']);
    expect((await running.gone).code).toBe(0);
  });
});
