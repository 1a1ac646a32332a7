import type { Random } from '../../src/index.ts';
import type { Json } from '../../src/services/json.ts';
import type { Cluster } from '../cluster/cluster.ts';

/** One way in which a cluster goes wrong, for a while and again and again. */
export interface Fault {
  /** Breaks something. Returns what is broken, for the history. */
  begin(): Json;
  /** Mends what `begin` broke last, and only that. Returns what the history is to say of it. */
  end(): Json;
}

/** Makes a fault for one cluster. Whom it hits, and how, is drawn from `random`. */
export type FaultMaker = (cluster: Cluster, random: Random) => Fault;

/** Fisher and Yates. */
export function shuffle(items: readonly string[], random: Random): readonly string[] {
  const shuffled: string[] = [];
  for (const item of items) {
    const place = random.integer(shuffled.length + 1);
    shuffled.splice(place, 0, item);
  }
  return shuffled;
}
