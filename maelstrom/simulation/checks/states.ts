import { Violation } from './violation.ts';
import type { Effect, StateChange } from './watched.ts';

/**
 * State machine safety (Raft paper, figure 3): every node that applies the entry at an index gets the same result, and changes
 * the same key to the same value. So all states are equal that have grown entry by entry; one that comes from a snapshot
 * is compared as a whole with what the effects up to there add up to.
 */
export class States {
  /** By index, from 1 on. */
  readonly #effects: Effect[] = [];

  /**
   * All that has happened to a node's state machine in its last turn, after which it has applied `lastApplied`. A state
   * that was adopted came before what was applied to it.
   */
  changed(nodeId: string, changes: readonly StateChange[], lastApplied: number): void {
    let index = lastApplied - changes.filter(({ kind }) => kind === 'applied').length;
    for (const change of changes) {
      if (change.kind === 'applied') {
        index += 1;
        this.#applied(nodeId, index, change.effect);
      } else {
        this.#adopted(nodeId, index, change.state);
      }
    }
  }

  #applied(nodeId: string, index: number, effect: Effect): void {
    const known = this.#effects[index - 1];
    if (known === undefined) {
      this.#effects[index - 1] = effect;
    } else if (known.result !== effect.result || known.key !== effect.key || known.value !== effect.value) {
      const what = `has applied entry ${index} with the effect ${describe(effect)}, elsewhere it was ${describe(known)}`;
      throw new Violation('state-machine-safety', nodeId, what);
    }
  }

  #adopted(nodeId: string, index: number, state: ReadonlyMap<string, string>): void {
    const expected = new Map<string, string>();
    for (const { key, value } of this.#effects.slice(0, index)) {
      if (value === undefined) expected.delete(key);
      else expected.set(key, value);
    }
    for (const key of new Set([...state.keys(), ...expected.keys()])) {
      const [found, right] = [state.get(key), expected.get(key)];
      if (found === right) continue;
      const what = `has a snapshot up to ${index} with ${found ?? 'nothing'} under ${key}, where ${right ?? 'nothing'} belongs`;
      throw new Violation('state-machine-safety', nodeId, what);
    }
  }
}

function describe({ result, key, value }: Effect): string {
  return `"${result}, ${key} holds ${value ?? 'nothing'}"`;
}
