import { spawn } from 'node:child_process';
import { fs, os, path } from 'zx';

/** From the start of the navigation to a page from disk until it has been loaded and painted, in ms, by headless Chromium's own clock; the second opening, so that it is the page's time and not the browser's own start. */
export async function timeOpening(chromium: string, file: string): Promise<number> {
  const profile = await fs.mkdtemp(path.join(os.tmpdir(), 'regionfall-chromium-'));
  const browser = spawn(chromium, ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const page = await connect(await portOf(browser));
    await page.open('about:blank');
    await page.open(`file://${file}`);
    return await page.open(`file://${file}`);
  } finally {
    const gone = new Promise((resolve) => { browser.once('exit', resolve); });
    browser.kill();
    await gone;
    await fs.remove(profile);
  }
}

function portOf(browser: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    browser.once('exit', (code) => reject(new Error(`the browser ended at once (${code}): ${said}`)));
    browser.stderr?.on('data', (more: Buffer) => {
      said += String(more);
      const port = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(port);
    });
  });
}

/** A page that is told by the DevTools protocol where to go. */
async function connect(port: string): Promise<{ open(url: string): Promise<number> }> {
  const targets = await (await fetch(`http://127.0.0.1:${port}/json`)).json() as { type: string; webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(targets.find(({ type }) => type === 'page')?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve, reject) => { socket.addEventListener('open', resolve); socket.addEventListener('error', reject); });
  const waiting = new Map<number, (result: { result?: { value?: unknown } }) => void>();
  let loaded: () => void = () => {};
  socket.addEventListener('message', ({ data }) => {
    const { id, method, result } = JSON.parse(String(data)) as { id?: number; method?: string; result: { result?: { value?: unknown } } };
    if (id !== undefined) waiting.get(id)?.(result);
    if (method === 'Page.loadEventFired') loaded();
  });
  let last = 0;
  const send = (method: string, params: object = {}) => new Promise<{ result?: { value?: unknown } }>((resolve) => { waiting.set(++last, resolve); socket.send(JSON.stringify({ id: last, method, params })); });
  await send('Page.enable');
  return {
    async open(url) {
      const done = new Promise<void>((resolve) => { loaded = resolve; });
      await send('Page.navigate', { url });
      await done;
      // Two frames later what was loaded has been laid out and painted.
      const expression = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))';
      return Number((await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })).result?.value);
    },
  };
}
