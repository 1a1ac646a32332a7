import type { Json } from '../src/services/json.ts';
import type { StateMachine } from '../src/index.ts';

/** A state machine whose state is the list of what was applied. */
export function listOfCommands(): StateMachine<string, unknown> {
  let state: Json[] = [];
  return {
    apply: (command: unknown) => state.push(String(command)),
    read: (query: string) => `${query}: ${state.join(' ')}`,
    capture: () => {
      const parts = [...state];
      return { next: () => parts.shift(), end: () => {} };
    },
    restore: () => {
      const parts: Json[] = [];
      return {
        add: (part) => {
          parts.push(part);
          return undefined;
        },
        adopt: () => {
          state = parts;
        },
      };
    },
  };
}
