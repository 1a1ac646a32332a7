import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

// A real browser, spoken to in the DevTools protocol over two pipes: JSON with a zero byte after each message.

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const answerLimitMs = 30_000;

/** The browser at $CHROMIUM (empty: none), or the first on the PATH; undefined where there is none. */
export function findChromium(): string | undefined {
  const { CHROMIUM: given, PATH: path = '' } = process.env;
  if (given !== undefined) return given === '' ? undefined : given;
  return path
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

interface Incoming {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

// What the browser says, as far as it is looked at.
const target = z.object({ targetId: z.string() });
const session = z.object({ sessionId: z.string() });
const picture = z.object({ data: z.base64() });
const numbers = z.array(z.number());
const exception = z.object({ text: z.string(), exception: z.optional(z.object({ description: z.optional(z.string()) })) });
const evaluated = z.object({ result: z.object({ value: z.optional(z.unknown()) }), exceptionDetails: z.optional(exception) });
const thrown = z.object({ exceptionDetails: exception });
const logged = z.object({ entry: z.object({ level: z.string(), text: z.string() }) });
const argument = z.object({ value: z.optional(z.unknown()), description: z.optional(z.string()) });
const called = z.object({ type: z.string(), args: z.array(argument) });

interface Waiting {
  readonly settle: (result: unknown) => void;
  readonly refuse: (error: Error) => void;
}

export class Chromium {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #input: Duplex;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, (message: Incoming) => void>();
  #nextId = 1;
  #unread = Buffer.alloc(0);

  constructor(executable: string) {
    this.#profile = mkdtempSync(join(tmpdir(), 'eddy-chromium-'));
    const isRoot = process.getuid?.() === 0;
    const flags = [
      '--headless',
      '--remote-debugging-pipe',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
    ];
    const all = [...flags, ...(isRoot ? ['--no-sandbox'] : []), `--user-data-dir=${this.#profile}`, 'about:blank'];
    this.#process = spawn(executable, all, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true });
    const [, , , input, output] = this.#process.stdio as unknown as readonly [null, null, null, Duplex, Duplex];
    this.#input = input;
    input.on('error', () => {});
    output.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#process.on('exit', () => this.#fail(new Error('the browser has ended')));
    this.#process.on('error', (error) => this.#fail(error));
  }

  /** Opens a page of this size and waits until it has loaded. */
  async open(file: string, { width = 1280, height = 900, isDark = false, isMobile = false } = {}): Promise<Page> {
    const { targetId } = target.parse(await this.send('Target.createTarget', { url: 'about:blank' }));
    const { sessionId } = session.parse(await this.send('Target.attachToTarget', { targetId, flatten: true }));
    const page = new Page(this, sessionId, targetId);
    this.#listeners.set(sessionId, (message) => page.take(message));
    for (const domain of ['Page', 'Runtime', 'Log']) await page.send(`${domain}.enable`);
    await page.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: isMobile });
    const features = [{ name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' }];
    await page.send('Emulation.setEmulatedMedia', { features });
    await page.load(pathToFileURL(file).href);
    return page;
  }

  send(method: string, params: object = {}, sessionId?: string): Promise<unknown> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((settle, refuse) => {
      const limit = setTimeout(() => refuse(new Error(`no answer to ${method}`)), answerLimitMs);
      this.#waiting.set(id, {
        settle: (result) => {
          clearTimeout(limit);
          settle(result);
        },
        refuse: (error) => {
          clearTimeout(limit);
          refuse(new Error(`${method}: ${error.message}`));
        },
      });
      this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  async close(): Promise<void> {
    const { pid, exitCode } = this.#process;
    const ended = new Promise((settle) => this.#process.once('exit', settle));
    // Its helpers are in its process group, and write to the profile until they are gone.
    if (pid !== undefined && exitCode === null) {
      process.kill(-pid, 'SIGKILL');
      await ended;
    }
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk]);
    for (let end = this.#unread.indexOf(0); end !== -1; end = this.#unread.indexOf(0)) {
      this.#take(JSON.parse(this.#unread.toString('utf8', 0, end)));
      this.#unread = this.#unread.subarray(end + 1);
    }
  }

  #take(message: Incoming): void {
    const waiting = message.id === undefined ? undefined : this.#waiting.get(message.id);
    if (message.id === undefined) this.#listeners.get(message.sessionId ?? '')?.(message);
    else this.#waiting.delete(message.id);
    if (message.error !== undefined) waiting?.refuse(new Error(message.error.message));
    else waiting?.settle(message.result);
  }

  #fail(error: Error): void {
    for (const { refuse } of this.#waiting.values()) refuse(error);
    this.#waiting.clear();
  }
}

export class Page {
  /** Whatever went wrong in the page: exceptions, errors on the console, what its policy refused. */
  readonly problems: string[] = [];
  /** Whatever it asked the network for, itself excepted. */
  readonly requests: string[] = [];
  readonly #browser: Chromium;
  readonly #sessionId: string;
  readonly #targetId: string;
  #onLoad: () => void = () => {};

  constructor(browser: Chromium, sessionId: string, targetId: string) {
    this.#browser = browser;
    this.#sessionId = sessionId;
    this.#targetId = targetId;
  }

  send(method: string, params: object = {}): Promise<unknown> {
    return this.#browser.send(method, params, this.#sessionId);
  }

  async load(url: string): Promise<void> {
    const loaded = new Promise<void>((settle) => {
      this.#onLoad = settle;
    });
    await this.send('Page.navigate', { url });
    await loaded;
    await this.frame();
  }

  /** Waits until what is to be drawn has been drawn. */
  async frame(): Promise<void> {
    await this.evaluate(
      'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))',
    );
  }

  async evaluate(expression: string): Promise<unknown> {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = evaluated.parse(await this.send('Runtime.evaluate', asked));
    if (exceptionDetails !== undefined) throw new Error(describe(exceptionDetails));
    return result.value;
  }

  /** Of an expression that gives a list of numbers. */
  async numbers(expression: string): Promise<readonly number[]> {
    return numbers.parse(await this.evaluate(expression));
  }

  /** The text of the first element that matches. */
  async text(selector: string): Promise<string> {
    return String(
      await this.evaluate(
        `document.querySelector(${JSON.stringify(selector)})?.textContent ?? 'there is no such element'`,
      ),
    );
  }

  /** Moves the mouse to a place in an element, given as a share of its width and height, and maybe clicks. */
  async point(selector: string, { x = 0.5, y = 0.5, click = false } = {}): Promise<void> {
    const [left, top] = await this.numbers(`(() => {
      const found = document.querySelector(${JSON.stringify(selector)});
      found.scrollIntoView({ block: 'center' });
      const box = found.getBoundingClientRect();
      return [box.left + ${x} * box.width, box.top + ${y} * box.height];
    })()`);
    const at = { x: left, y: top, button: 'left', clickCount: 1 };
    await this.send('Input.dispatchMouseEvent', { ...at, type: 'mouseMoved', button: 'none' });
    if (click) await this.send('Input.dispatchMouseEvent', { ...at, type: 'mousePressed' });
    if (click) await this.send('Input.dispatchMouseEvent', { ...at, type: 'mouseReleased' });
    await this.frame();
  }

  async key(selector: string, ...keys: readonly string[]): Promise<void> {
    await this.evaluate(`document.querySelector(${JSON.stringify(selector)}).focus()`);
    for (const key of keys) {
      const text = key.length === 1 ? { text: key } : {};
      await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, ...text });
      await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key });
    }
    await this.frame();
  }

  /** A picture of the page, or of the first element that matches, as PNG. */
  async screenshot(selector = 'html'): Promise<Buffer> {
    const clip = await this.evaluate(`(() => {
      const box = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect();
      return { x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height, scale: 1 };
    })()`);
    const asked = { format: 'png', clip, captureBeyondViewport: true };
    const { data } = picture.parse(await this.send('Page.captureScreenshot', asked));
    return Buffer.from(data, 'base64');
  }

  async print(): Promise<Buffer> {
    const asked = { printBackground: true, paperWidth: 8.27, paperHeight: 11.69 };
    const { data } = picture.parse(await this.send('Page.printToPDF', asked));
    return Buffer.from(data, 'base64');
  }

  async close(): Promise<void> {
    await this.#browser.send('Target.closeTarget', { targetId: this.#targetId });
  }

  take({ method, params }: Incoming): void {
    if (method === 'Page.loadEventFired') this.#onLoad();
    if (method === 'Runtime.exceptionThrown') this.problems.push(describe(thrown.parse(params).exceptionDetails));
    if (method === 'Log.entryAdded') {
      const { level, text } = logged.parse(params).entry;
      if (level === 'error') this.problems.push(text);
    }
    if (method === 'Runtime.consoleAPICalled') {
      const { type, args } = called.parse(params);
      if (type === 'error') this.problems.push(args.map(({ value, description }) => value ?? description).join(' '));
    }
  }
}

function describe({ text, exception }: z.infer<typeof thrown>['exceptionDetails']): string {
  return exception?.description ?? text;
}
