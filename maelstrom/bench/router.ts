import { isClientId } from '../network/client-names.ts';
import { readEnvelope } from '../cluster/envelope.ts';
import { maxLineBytes } from '../../src/wire/limits.ts';
import { AnswerScan } from './answer-scan.ts';
import { DelayLine } from './delay-line.ts';
import { Outbox } from './outbox.ts';
import { Pattern } from './pattern.ts';
import { WholeLines } from './whole-lines.ts';

/** What the nodes' lines come to, apart from being carried on. */
export interface RouterListener {
  /** A node (by its place) tells a client (by the number in its name) that its operation succeeded. */
  readonly onSuccess: (node: number, client: number, answer: 'read_ok' | 'write_ok', inReplyTo: number) => void;
  /** It tells a client anything else, or the same in an unusual form. */
  readonly onOtherAnswer: (node: number, client: number, body: Readonly<Record<string, unknown>>) => void;
  /** It did what no node may do; `what` is a clause that follows its name. Nothing can be measured any more. */
  readonly onFault: (node: number, what: string) => void;
  /** There is something in the outboxes, for the first time since they were emptied. */
  readonly onWaiting: () => void;
}

/** What nodes have sent each other. */
export interface Traffic {
  readonly messages: number;
  /** Line feeds included. */
  readonly bytes: number;
}

/** May be on its way between nodes; past it they flood the network. */
const maxDelayedBytes = 256 * 1024 * 1024;
const lineFeed = 0x0a;
const letterC = 0x63;
/** A line that is shown is cut to this. */
const maxShownLength = 300;

/** Which clients there are is for the listener to know. */
const anyClient = { has: isClientId };

interface Port {
  readonly nodeId: string;
  lines: WholeLines;
  readonly outbox: Outbox;
  /** How a line of this node begins in the usual order of keys, up to the name of the receiver. */
  readonly begins: Pattern;
  /** How the name of this node ends where it is the receiver, and its body begins. */
  readonly isReceiver: Pattern;
}

/**
 * Carries the lines of a benchmark, and is to cost next to nothing beside the nodes: a line that begins in the usual
 * order of keys (`src`, `dest`, `body`) is known by its first bytes, and goes on as the bytes that it is; lines for the
 * same node that stand side by side go together. All others are parsed. Which lines are well formed beyond that is not
 * looked at: `eddy test` does.
 */
export class Router {
  readonly #ports: readonly Port[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #listener: RouterListener;
  readonly #delays: DelayLine | undefined;
  readonly #answer = new AnswerScan();
  #messages = 0;
  #bytes = 0;
  #isWaiting = false;
  /** The run of lines that go to one node together. */
  #runDest = -1;
  #runStart = 0;

  constructor(nodeIds: readonly string[], latencyMs: number, listener: RouterListener) {
    this.#listener = listener;
    this.#places = new Map(nodeIds.map((nodeId, place) => [nodeId, place]));
    this.#ports = nodeIds.map((nodeId) => ({
      nodeId,
      lines: new WholeLines(maxLineBytes),
      outbox: new Outbox(),
      begins: new Pattern(`{"src":${JSON.stringify(nodeId)},"dest":"`),
      isReceiver: new Pattern(`${nodeId}","body":{`),
    }));
    if (latencyMs > 0) this.#delays = new DelayLine(latencyMs, (dest, lines) => this.#put(dest, lines, 0, lines.length));
  }

  /** Of everything so far. */
  get traffic(): Traffic {
    return { messages: this.#messages, bytes: this.#bytes };
  }

  /** What goes to a node next. Once it is written, the listener has to be told of what comes then by `emptied`. */
  outbox(node: number): Outbox {
    return this.#port(node).outbox;
  }

  /** The outboxes have been taken. */
  emptied(): void {
    this.#isWaiting = false;
  }

  /** A node is started anew: what its last life had not finished saying, or was still to hear, is gone. */
  forget(node: number): void {
    const port = this.#port(node);
    port.lines = new WholeLines(maxLineBytes);
    port.outbox.take();
  }

  /** A client's request: a line of ASCII with its line feed. */
  ask(node: number, line: string): void {
    this.#port(node).outbox.addText(line);
    this.#wait();
  }

  /** Bytes from a node's stdout. */
  receive(source: number, chunk: Buffer): void {
    const pieces = this.#port(source).lines.push(chunk);
    if (pieces === undefined) {
      this.#listener.onFault(source, `wrote a line longer than ${maxLineBytes} bytes to stdout`);
      return;
    }
    for (const piece of pieces) this.#carry(source, piece);
  }

  stop(): void {
    this.#delays?.stop();
  }

  #port(place: number): Port {
    const port = this.#ports[place];
    if (port === undefined) throw new Error(`there is no node at place ${place}`);
    return port;
  }

  #carry(source: number, bytes: Buffer): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#runDest = -1;
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(lineFeed, start);
      const dest = this.#receiverOf(source, bytes, view, start, end);
      if (dest !== this.#runDest) {
        this.#endRun(bytes, start);
        this.#runDest = dest;
        this.#runStart = start;
      }
      start = end + 1;
    }
    this.#endRun(bytes, bytes.length);
  }

  /** The place of the node that a line is for; -1 where it is for a client, who has been given it, or for nobody. */
  #receiverOf(source: number, bytes: Buffer, view: DataView, start: number, end: number): number {
    const { begins } = this.#port(source);
    if (begins.matches(view, start)) {
      const name = start + begins.length;
      if (bytes[name] === letterC && this.#answer.read(view, name + 1, end)) {
        const { client, answer, inReplyTo } = this.#answer;
        this.#listener.onSuccess(source, client, answer, inReplyTo);
        return -1;
      }
      const dest = this.#ports.findIndex(({ isReceiver }) => isReceiver.matches(view, name));
      if (dest !== -1) {
        this.#messages += 1;
        return dest;
      }
    }
    return end === start ? -1 : this.#receiverByParsing(source, bytes.toString('utf8', start, end));
  }

  #receiverByParsing(source: number, line: string): number {
    const { nodeId } = this.#port(source);
    const envelope = readEnvelope(line, nodeId, { nodes: this.#places, clients: anyClient });
    switch (envelope.kind) {
      case 'malformed':
        this.#listener.onFault(source, `${envelope.what}: ${line.slice(0, maxShownLength)}`);
        return -1;
      case 'to-client': {
        const { dest, body } = envelope.message;
        this.#listener.onOtherAnswer(source, Number(dest.slice(1)), body);
        return -1;
      }
      case 'to-node':
        this.#messages += 1;
        return this.#places.get(envelope.dest) ?? -1;
      case 'to-service':
        throw new Error('assertion: there are no services here');
    }
  }

  /** The lines since the run began go to its receiver. */
  #endRun(bytes: Buffer, end: number): void {
    const [dest, start] = [this.#runDest, this.#runStart];
    if (dest === -1) return;
    this.#bytes += end - start;
    if (this.#delays === undefined) {
      this.#put(dest, bytes, start, end);
      return;
    }
    this.#delays.add(dest, bytes.subarray(start, end));
    if (this.#delays.sizeBytes > maxDelayedBytes) {
      this.#listener.onFault(dest, `is sent more than ${maxDelayedBytes / 2 ** 20} MiB in the time of a delay`);
    }
  }

  #put(dest: number, bytes: Buffer, start: number, end: number): void {
    this.#port(dest).outbox.addBytes(bytes, start, end);
    this.#wait();
  }

  #wait(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#listener.onWaiting();
  }
}
