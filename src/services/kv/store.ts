/**
 * The replicated key-value store: a map from any JSON to any JSON. Equal logs give equal maps and equal results.
 */
import { parseCommand } from './command.ts';
import type { Command } from './command.ts';
import { canonical, jsonEquals } from '../json.ts';
import type { Json } from '../json.ts';
import type { Result } from '../service.ts';
import type { Capture, Restoration, StateMachine } from '../state-machine.ts';
import { CapturableMap } from './capturable-map.ts';

const done: Result = { kind: 'ok' };
const noSuchKey: Result = { kind: 'no-such-key' };

type Primitive = string | number | boolean | null;

/**
 * Keys and values are compared by value. The store keeps the objects that it is given; callers must not change them.
 */
export class KeyValueStore implements StateMachine<Json, Result> {
  /** Keys are in two maps by their kind, so that an array or object never collides with a string that looks like it. */
  #byPrimitive: CapturableMap<Primitive, Json>;
  #byCanonicalText: CapturableMap<string, Json>;
  readonly #maxKeysPerMap: number | undefined;

  /** @param maxKeysPerMap for tests: as in `LargeMap` */
  constructor(maxKeysPerMap?: number) {
    this.#maxKeysPerMap = maxKeysPerMap;
    this.#byPrimitive = new CapturableMap(maxKeysPerMap);
    this.#byCanonicalText = new CapturableMap(maxKeysPerMap);
  }

  /** Carries out one command of the log. It returns a result for every value, and never throws. */
  apply(command: unknown): Result {
    if (command === null) return done;
    const parsed = parseCommand(command);
    return parsed.op === 'invalid' ? { kind: 'not-understood', reason: parsed.reason } : this.#carryOut(parsed);
  }

  /** The current value of a key. */
  read(key: Json): Result {
    const value = this.#get(key);
    return value === undefined ? noSuchKey : { kind: 'value', value };
  }

  /** Each part is a pair of a key and its value. */
  capture(): Capture {
    const byPrimitive = this.#byPrimitive.capture();
    const byCanonicalText = this.#byCanonicalText.capture();
    return {
      next: () => {
        const primitive = byPrimitive.next();
        if (primitive !== undefined) return [...primitive];
        const [text, value] = byCanonicalText.next() ?? [];
        return text === undefined || value === undefined ? undefined : [JSON.parse(text), value];
      },
      end: () => {
        byPrimitive.end();
        byCanonicalText.end();
      },
    };
  }

  restore(): Restoration {
    const restored = new KeyValueStore(this.#maxKeysPerMap);
    return {
      add: (part) => {
        if (!Array.isArray(part)) return 'it is no pair of a key and a value';
        const [key, value, ...more] = part;
        if (key === undefined || value === undefined || more.length > 0) return 'it is no pair of a key and a value';
        restored.#set(key, value);
        return undefined;
      },
      adopt: () => {
        this.#byPrimitive = restored.#byPrimitive;
        this.#byCanonicalText = restored.#byCanonicalText;
      },
    };
  }

  #carryOut(command: Command): Result {
    switch (command.op) {
      case 'put':
        return this.#put(command.key, command.value);
      case 'delete':
        this.#delete(command.key);
        return done;
      case 'cas':
        return this.#compareAndSet(command);
    }
  }

  #compareAndSet({ key, from, to, createsKey }: Extract<Command, { op: 'cas' }>): Result {
    const found = this.#get(key);
    if (found === undefined && !createsKey) return noSuchKey;
    if (found === undefined) return this.#put(key, to);
    if (!jsonEquals(found, from)) return { kind: 'mismatch', found };
    this.#set(key, to);
    return done;
  }

  #put(key: Json, value: Json): Result {
    this.#set(key, value);
    return done;
  }

  #get(key: Json): Json | undefined {
    return isPrimitive(key) ? this.#byPrimitive.get(key) : this.#byCanonicalText.get(canonical(key));
  }

  #set(key: Json, value: Json): void {
    if (isPrimitive(key)) {
      this.#byPrimitive.set(key, value);
    } else {
      this.#byCanonicalText.set(canonical(key), value);
    }
  }

  #delete(key: Json): void {
    if (isPrimitive(key)) {
      this.#byPrimitive.delete(key);
    } else {
      this.#byCanonicalText.delete(canonical(key));
    }
  }
}

function isPrimitive(key: Json): key is Primitive {
  return key === null || typeof key !== 'object';
}
