import { perform } from '../../../maelstrom/services/kv-request.ts';
import type { KvRequest } from '../../../maelstrom/services/kv-request.ts';
import { canonical } from '../../../src/services/json.ts';
import type { Json } from '../../../src/services/json.ts';

export interface Asked {
  readonly request: KvRequest;
  /** The type and the value of the answer, or its code. */
  readonly answer: Json;
}

/**
 * Whether there is one order of all requests that keeps the order of each client and explains every answer: sequential
 * consistency, by search. For small histories.
 */
export function isSequential(clients: readonly (readonly Asked[])[]): boolean {
  const seen = new Set<string>();
  const search = (places: readonly number[], state: ReadonlyMap<string, Json>): boolean => {
    if (places.every((place, client) => place === clients[client]?.length)) return true;
    const name = canonical([places, [...state].toSorted()]);
    if (seen.has(name)) return false;
    seen.add(name);
    return clients.some((asked, client) => {
      const next = asked[places[client] ?? 0];
      if (next === undefined) return false;
      const key = canonical(next.request.key);
      const { reply, written } = perform(next.request, state.get(key));
      if (canonical(answerOf(reply)) !== canonical(next.answer)) return false;
      const after = written === undefined ? state : new Map([...state, [key, written]]);
      return search(places.map((place, other) => (other === client ? place + 1 : place)), after);
    });
  };
  return search(clients.map(() => 0), new Map());
}

export function answerOf(reply: Readonly<Record<string, Json>>): Json {
  return [reply['type'] ?? null, reply['value'] ?? null, reply['code'] ?? null];
}
