import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod/mini';
import { initAlone, line, parsedLines } from '../messages.ts';
import { raftBin, RaftProcess } from './raft-process.ts';

/** As containers do it: each process is number 1 of a PID namespace of its own. */
const unshare = ['--pid', '--fork', '--mount-proc', '--kill-child'];
const canUnshare = spawnSync('unshare', [...unshare, 'true']).status === 0;
if (!canUnshare) console.log('skipped: PID namespaces cannot be made here (unshare fails)');

const quick = ['--election-timeout-ms', '100', '--heartbeat-ms', '30'];

function dataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'two-owners-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** A node in a container, on a directory that others have as well. */
class Contained {
  readonly process: RaftProcess;
  #nextMessageId = 2;

  constructor(directory: string) {
    this.process = new RaftProcess({ bin: 'unshare', flags: [...unshare, raftBin, '--data-dir', directory, ...quick] });
    onTestFinished(() => this.process.kill('SIGKILL'));
  }

  async init(): Promise<void> {
    await this.process.write(initAlone);
    await this.process.answerTo(1, 'c0');
  }

  /** Asks until the node leads. Rejects where it ends instead. */
  async ask(body: object): Promise<unknown> {
    for (;;) {
      const answer = await this.process.ask(this.#nextMessageId++, body);
      if (!JSON.stringify(answer).includes('"code":11')) return answer;
    }
  }

  /** Asks without waiting; returns the number of the question. */
  say(body: object): number {
    const msgId = this.#nextMessageId++;
    void this.process.write(line('c1', { msg_id: msgId, ...body }));
    return msgId;
  }

  /** The numbers of the writes that it has acknowledged. */
  get acknowledged(): readonly unknown[] {
    const bodies = parsedLines(this.process.stdout).map(({ body }) => body);
    return bodies.filter(({ type }) => type === 'write_ok').map((body) => body['in_reply_to']);
  }

  /** To the node itself, not to what keeps its namespace. */
  signal(signal: NodeJS.Signals): void {
    const { pid } = this.process;
    const [child = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    process.kill(Number(child), signal);
  }
}

const put = (key: string, value: number): object => ({ type: 'write', key, value });

describe.skipIf(!canUnshare)('of two nodes in two PID namespaces, with one directory,', () => {
  test('the second does not start while the first lives, which goes on', async () => {
    const directory = dataDirectory();
    const first = new Contained(directory);
    await first.init();
    expect(await first.ask(put('x', 1))).toMatchObject({ type: 'write_ok' });
    const second = new Contained(directory);
    const { exitCode, stdout, stderr } = await second.process.end(initAlone);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/is in use by process 1, of another container or host/);
    expect(await first.ask(put('x', 2))).toMatchObject({ type: 'write_ok' });
  });

  test('the second starts at once after the first has ended, and soon after it was killed', async () => {
    const directory = dataDirectory();
    const first = new Contained(directory);
    await first.init();
    await first.ask(put('x', 1));
    await first.process.end();
    const second = new Contained(directory);
    await second.init();
    await second.ask(put('y', 2));
    second.signal('SIGKILL');
    await second.process.ended();
    const third = new Contained(directory);
    await third.init();
    expect(await third.ask({ type: 'read', key: 'x' })).toMatchObject({ value: 1 });
    expect(await third.ask({ type: 'read', key: 'y' })).toMatchObject({ value: 2 });
  });

  test('the second replaces the first where that is stopped; continued, it acknowledges nothing and ends', async () => {
    const directory = dataDirectory();
    const first = new Contained(directory);
    await first.init();
    for (let key = 0; key < 5; key += 1) await first.ask(put(`a${key}`, key));
    // So that it is stopped in the middle of something.
    const many = Array.from({ length: 200 }, (_, count) => first.say(put('many', count)));
    await wait(5);
    first.signal('SIGSTOP');

    const second = new Contained(directory);
    await second.init();
    for (let key = 0; key < 5; key += 1) await second.ask(put(`b${key}`, key));
    first.signal('SIGCONT');
    const tooLate = first.say(put('a0', 100));
    const { exitCode, stderr } = await first.process.ended();
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/another process has taken the directory/);
    expect(first.acknowledged).not.toContain(tooLate);
    for (let key = 5; key < 10; key += 1) await second.ask(put(`b${key}`, key));
    await second.process.end();

    const third = new Contained(directory);
    await third.init();
    for (let key = 0; key < 5; key += 1) expect(await third.ask({ type: 'read', key: `a${key}` })).toMatchObject({ value: key });
    for (let key = 0; key < 10; key += 1) expect(await third.ask({ type: 'read', key: `b${key}` })).toMatchObject({ value: key });
    const lastAcknowledged = many.findLastIndex((msgId) => first.acknowledged.includes(msgId));
    if (lastAcknowledged === -1) return;
    const found = z.object({ value: z.number() }).parse(await third.ask({ type: 'read', key: 'many' }));
    expect(found.value, 'what was acknowledged is there').toBeGreaterThanOrEqual(lastAcknowledged);
  });
});
