import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import { parsedLines } from '../messages.ts';
import { raftBin } from './raft-process.ts';

export type Body = Readonly<Record<string, unknown>>;

export interface Ending {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly stderr: string;
}

/**
 * A node as a real process, for a client who asks thousands of questions, and kills it. Peers' messages can be passed
 * on, so that several make a cluster.
 */
export class DurableNode {
  readonly #nodeId: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #awaited = new Map<number, (body: Body | undefined) => void>();
  readonly #onPeerMessage: (dest: string, line: string) => void;
  #nextMessageId = 1;
  #stderr = '';
  /** Resolves when it has ended and all that it wrote has been read. */
  readonly ended: Promise<Ending>;

  /** @param onPeerMessage takes what it sends to other nodes */
  constructor(nodeId: string, flags: readonly string[], onPeerMessage?: (dest: string, line: string) => void) {
    this.#nodeId = nodeId;
    this.#onPeerMessage = onPeerMessage ?? (() => {});
    this.#child = spawn(raftBin, [...flags], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdin.on('error', () => {});
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#receive(line));
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (exitCode) => {
        for (const tell of this.#awaited.values()) tell(undefined);
        this.#awaited.clear();
        resolve({ exitCode, stderr: this.#stderr });
      });
    });
  }

  /** Undefined where it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The body of the answer; undefined where the node ended without one. */
  ask(body: Body): Promise<Body | undefined> {
    const msgId = this.#nextMessageId;
    this.#nextMessageId += 1;
    this.write(JSON.stringify({ src: 'c1', dest: this.#nodeId, body: { ...body, msg_id: msgId } }));
    return new Promise((resolve) => this.#awaited.set(msgId, resolve));
  }

  init(nodeIds: readonly string[]): Promise<Body | undefined> {
    return this.ask({ type: 'init', node_id: this.#nodeId, node_ids: nodeIds });
  }

  /** Asks until it is answered by something else than "temporarily unavailable". */
  async askUntilAvailable(body: Body): Promise<Body | undefined> {
    for (;;) {
      const answer = await this.ask(body);
      if (answer?.['code'] !== 11) return answer;
    }
  }

  write(line: string): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${line}\n`);
  }

  kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<Ending> {
    this.#child.kill(signal);
    return this.ended;
  }

  endInput(): Promise<Ending> {
    this.#child.stdin.end();
    return this.ended;
  }

  #receive(line: string): void {
    for (const { dest, body } of parsedLines(`${line}\n`)) {
      if (dest !== 'c1') return this.#onPeerMessage(dest, line);
      const inReplyTo = Number(body['in_reply_to']);
      this.#awaited.get(inReplyTo)?.(body);
      this.#awaited.delete(inReplyTo);
    }
  }
}
