import type { Json } from '../../../src/services/json.ts';
import { plainText } from '../../history/exact.ts';
import type { Identity } from './identity.ts';
import type { DataType, Step, Transaction, TransactionHistory } from './transaction.ts';

/** Longer texts are cut in the middle. */
const maxTextLength = 160;

/** Says things about a history in the words of its clients. */
export class Words {
  readonly #history: TransactionHistory;

  constructor(history: TransactionHistory) {
    this.#history = history;
  }

  get type(): DataType {
    return this.#history.type;
  }

  transaction(place: number): Transaction {
    const transaction = this.#history.transactions[place];
    if (transaction === undefined) throw new Error(`there is no transaction at place ${place}`);
    return transaction;
  }

  /** `T7` */
  name(place: number): string {
    return `T${this.transaction(place).number}`;
  }

  /** `T7 and T9`; more than five are counted. */
  names(places: readonly number[]): string {
    const shown = places.slice(0, 5).map((place) => this.name(place));
    if (places.length > shown.length) return `${shown.join(', ')} and ${places.length - shown.length} more`;
    return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
  }

  key(key: number): string {
    return `key ${shown(this.#history.keys[key] ?? null)}`;
  }

  /** A transaction as its client put it, with what came back: `T7: r 1 [3,4]; append 1 5`. */
  steps(place: number): string {
    const { steps, process, outcome, invokedNs, completedNs } = this.transaction(place);
    const end = completedNs === undefined || outcome === 'info' ? '...' : `${seconds(completedNs)} s`;
    const times = `${seconds(invokedNs)} to ${end}`;
    const what = steps.map((step) => this.#step(step)).join('; ');
    const aborted = outcome === 'ok' ? '' : `, ${outcome}`;
    return `${this.name(place)} (process ${process}, ${times}${aborted}): ${cut(what, 4 * maxTextLength)}`;
  }

  #step(step: Step): string {
    const key = shown(this.#history.keys[step.key] ?? null);
    if (step.f === 'write') return `${this.type === 'list-append' ? 'append' : 'w'} ${key} ${shown(step.value)}`;
    return `r ${key} ${step.result === undefined ? '?' : shown(step.result)}`;
  }
}

/** As JSON, cut where it is long. */
export function shown(value: Json): string {
  return cut(plainText(value), maxTextLength);
}

/** The value that an identity stands for, or a list of such values, as JSON. */
export function shownIdentity(identity: Identity | readonly Identity[]): string {
  if (typeof identity === 'object' && identity !== null) return shown(identity.map(valueOf));
  return shown(valueOf(identity));
}

function valueOf(identity: Identity): Json {
  if (typeof identity !== 'string') return identity;
  const value: Json = JSON.parse(identity);
  return value;
}

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length / 2)} ... ${text.slice(text.length - length / 2)}`;
}

function seconds(ns: number): string {
  return (ns / 1e9).toFixed(3);
}
