import { canonical } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';
import type { Pair } from '../../history/pairs.ts';

/** What became of the send of a message; `unknown`: its outcome is open; `never`: there was none. */
export type Sending = 'ok' | 'fail' | 'unknown' | 'never';

/** A message of a log, whatever its places. */
export interface Message {
  readonly value: Json;
  sending: Sending;
  /** The operation that sent it; of several the first that succeeded, or else the first. */
  sender: Pair | undefined;
  /** The first that polled it, by when it ended. */
  reader: Pair | undefined;
  /** Where it was seen first; undefined where that is not known. */
  place: Place | undefined;
  /** All its places, where it has more than one. */
  places: Set<Place> | undefined;
}

/** An offset that is known to hold something. */
export interface Place {
  readonly offset: number;
  /** What was seen there first. */
  readonly message: Message;
  /** All that was seen there, where that is more than one message. */
  messages: Set<Message> | undefined;
  /** How many known offsets are lower; final once the log is complete. */
  rank: number;
  /** The first operation that polled it, by when it ended, and when anybody first knew of it. */
  reader: Pair | undefined;
  knownAtNs: number;
  /** What was polled right after it first: a guess at what comes next, which saves looking it up. */
  follower: Place | undefined;
}

/**
 * A log as all operations together saw it. Offsets may be any whole numbers: what they cost depends on how many are
 * known, not on how far apart they are. To be compared, they are numbered (`rank`) without their gaps.
 */
export class Log {
  readonly key: string;
  readonly #messages = new Map<Json, Message>();
  readonly #places = new Map<number, Place>();
  #inOrder: readonly Place[] = [];

  constructor(key: string) {
    this.key = key;
  }

  get messages(): Iterable<Message> {
    return this.#messages.values();
  }

  /** By rank. Empty before `complete`. */
  get places(): readonly Place[] {
    return this.#inOrder;
  }

  /** The message of this value. Numbers are told from texts. */
  message(value: Json): Message {
    const identity = typeof value === 'number' ? value : canonical(value);
    const known = this.#messages.get(identity);
    if (known !== undefined) return known;
    const message: Message = {
      value,
      sending: 'never',
      sender: undefined,
      reader: undefined,
      place: undefined,
      places: undefined,
    };
    this.#messages.set(identity, message);
    return message;
  }

  /**
   * Takes note that a poll, which ended at this time, brought this from an offset. `previous` is what it brought just
   * before; undefined for the first.
   */
  notePolled(offset: number, value: Json, atNs: number, previous: Place | undefined): Place {
    const guess = previous?.follower;
    if (guess?.offset === offset && guess.message.value === value) {
      if (atNs < guess.knownAtNs) guess.knownAtNs = atNs;
      return guess;
    }
    const place = this.note(offset, this.message(value), atNs);
    if (previous !== undefined) previous.follower ??= place;
    return place;
  }

  /** Takes note that an offset holds a message, as an operation found that ended at this time. */
  note(offset: number, message: Message, atNs: number): Place {
    const known = this.#places.get(offset);
    if (known !== undefined) {
      if (known.message !== message) addMessage(known, message);
      if (message.place !== known) addPlace(message, known);
      known.knownAtNs = Math.min(known.knownAtNs, atNs);
      return known;
    }
    const place: Place = { offset, message, messages: undefined, rank: -1, reader: undefined, knownAtNs: atNs, follower: undefined };
    this.#places.set(offset, place);
    addPlace(message, place);
    return place;
  }

  /** The place of an offset that was noted. `previous` is what the same poll brought just before. */
  placeAt(offset: number, previous?: Place): Place {
    const guess = previous?.follower;
    if (guess?.offset === offset) return guess;
    const place = this.#places.get(offset);
    if (place === undefined) throw new Error(`assertion: offset ${offset} was noted`);
    return place;
  }

  /** All is known: the places get their ranks. */
  complete(): void {
    this.#inOrder = [...this.#places.values()].sort((left, right) => left.offset - right.offset);
    this.#inOrder.forEach((place, rank) => {
      place.rank = rank;
    });
  }
}

function addMessage(place: Place, message: Message): void {
  place.messages ??= new Set([place.message]);
  place.messages.add(message);
}

function addPlace(message: Message, place: Place): void {
  if (message.place === undefined) {
    message.place = place;
    return;
  }
  message.places ??= new Set([message.place]);
  message.places.add(place);
}
