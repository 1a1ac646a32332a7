import type { Entry } from '../../../src/index.ts';
import { Violation } from './violation.ts';
import type { View } from './running-node.ts';

/** What has been seen of the cluster as a whole up to some moment. */
export interface Known {
  /** How much was committed. */
  readonly committedIndex: number;
  /** The latest term that had a leader. */
  readonly ledTerm: number;
}

/**
 * What clients were told, against what is committed. Each operation that changes something carries its number, and so can
 * be recognized in the log.
 */
export class Answers {
  readonly #operationOf: (command: unknown) => number | undefined;
  /** Operation -> where it is committed. */
  readonly #committedAt = new Map<number, number>();
  /** Operation -> the error that says that it never will be. */
  readonly #refusals = new Map<number, string>();

  /** @param operationOf the number of the operation that a command carries out; undefined where it carries none */
  constructor(operationOf: (command: unknown) => number | undefined) {
    this.#operationOf = operationOf;
  }

  committed(nodeId: string, { index, command }: Entry): void {
    const operation = this.#operationOf(command);
    if (operation === undefined) return;
    const known = this.#committedAt.get(operation);
    if (known !== undefined) {
      throw new Violation('once-only', nodeId, `commits operation ${operation} at ${index}, as it is at ${known}`);
    }
    this.#committedAt.set(operation, index);
    this.#checkRefusal(nodeId, operation);
  }

  /** The operation was answered with what came of its entry. */
  carriedOut(nodeId: string, operation: number): void {
    if (this.#committedAt.has(operation)) return;
    throw new Violation('truthful-success', nodeId, `answers operation ${operation}, which is not committed`);
  }

  /**
   * A read was answered by a node of this status, and asked when so much was known. A leader that a majority had
   * replaced by then can have no other to confirm it; that nothing has been committed since is luck.
   */
  read(nodeId: string, operation: number, known: Known, { role, term, lastApplied }: View['status']): void {
    const { committedIndex, ledTerm } = known;
    if (lastApplied < committedIndex) {
      const what = `having applied ${lastApplied}; ${committedIndex} was committed when it was asked`;
      throw new Violation('fresh-reads', nodeId, `answers read ${operation} ${what}`);
    }
    if (role === 'leader' && term < ledTerm) {
      const what = `leads term ${term} and answers read ${operation}, asked when term ${ledTerm} had a leader`;
      throw new Violation('fresh-reads', nodeId, what);
    }
  }

  /** The operation was answered with an error that says that it will never be in any log. */
  refused(nodeId: string, operation: number, answer: string): void {
    this.#refusals.set(operation, `${answer} by ${nodeId}`);
    this.#checkRefusal(nodeId, operation);
  }

  #checkRefusal(nodeId: string, operation: number): void {
    const [refusal, index] = [this.#refusals.get(operation), this.#committedAt.get(operation)];
    if (refusal === undefined || index === undefined) return;
    const what = `operation ${operation} is committed at ${index}, and was answered with ${refusal}`;
    throw new Violation('truthful-error', nodeId, what);
  }
}
