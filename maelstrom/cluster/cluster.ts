import type { Network } from '../network/network.ts';

/**
 * A cluster under test: nodes that take messages and send some, a clock, and the network between them.
 *
 * There are two kinds: real processes in real time and simulated nodes in virtual time. Generator, clients, nemesis
 * and reports see only this interface and cannot tell which one runs. For that reason nothing here is a promise: a
 * simulator drives everything by calling back, one event at a time.
 */
export interface Cluster {
  /** The names of the nodes, in the order in which `init` lists them. */
  readonly nodeIds: readonly string[];

  /** Latency and partitions between the nodes. What is cut here is lost from this moment on. */
  readonly network: Network;

  /** Milliseconds since the cluster came up, with a fraction; never goes backwards. */
  nowMs(): number;

  /**
   * Calls `action` once, `delayMs` (0 or more) from now. Actions that are due at the same time run in the order in
   * which they were asked for. The function it returns cancels the action, and does nothing once that has run.
   */
  after(delayMs: number, action: () => void): () => void;

  /** Sends a client's message to a node, without latency. A message to a node that is down is lost. */
  send(message: Message): void;

  /** Ends a node at once, without a chance to do anything about it. That is no finding. */
  kill(nodeId: string): void;

  /**
   * Runs a node again as it was run before, on what it left behind, and sends it its `init`; nothing waits for the
   * answer, but a node that does not give it in time is a finding. A node that is still up is killed first.
   */
  restart(nodeId: string): void;

  /**
   * Pauses a node (SIGSTOP). What it is sent waits for it, up to a bound. Returns whether it did: it does nothing to
   * a node that is down. The pause is over when the node is killed.
   */
  pause(nodeId: string): boolean;

  /** Lets a node go on that was paused, if it was. */
  resume(nodeId: string): void;

  /** Calls `listener` with every message from a node to a client. There is one listener: a new one replaces it. */
  onClientMessage(listener: (message: Message) => void): void;

  /** Calls `listener` with everything that a node did wrong. There is one listener: a new one replaces it. */
  onFinding(listener: (finding: Finding) => void): void;
}

/** A message as Maelstrom frames it. A name that starts with `c` is a client's. */
export interface Message {
  readonly src: string;
  readonly dest: string;
  readonly body: Body;
}

/** What a message says. Only `type` is sure to be there in what a node sends; the rest is for the reader to check. */
export interface Body {
  readonly type: string;
  readonly msg_id?: number;
  readonly in_reply_to?: number;
  readonly [field: string]: unknown;
}

/** Something that a node did and that no node may do, whatever it answers to clients. */
export interface Finding {
  /**
   * Its process is gone, and nobody killed it; it wrote what is no message; it gave an answer that fits no question; it
   * does not read what it is sent; it says nothing although it is asked; it sends more than can be on its way; it was started again and does not serve.
   */
  readonly kind: 'ended' | 'malformed-output' | 'bad-reply' | 'stuck' | 'silent' | 'flooding' | 'not-restarted';
  readonly nodeId: string;
  /** When it was noticed, in the cluster's milliseconds. */
  readonly atMs: number;
  /** What happened, as a clause that follows the node's name: `exited with code 1`. */
  readonly what: string;
  /** The line on stdout that is at fault, cut to a length that can be printed. */
  readonly line?: string;
  /** The last lines on the node's stdout, oldest first, where they may say more than the line. */
  readonly stdoutTail?: readonly string[];
  /** The last lines on the node's stderr, oldest first. */
  readonly stderrTail: readonly string[];
}
