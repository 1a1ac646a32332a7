import { Random } from '../../src/raft/random.ts';
import { DurableNode } from './durable-node.ts';

export interface KillsOptions {
  readonly kills: number;
  readonly dataDirectory: string;
  readonly seed: number;
  readonly onProgress?: (killsSoFar: number) => void;
}

export interface Kills {
  /** Writes that were acknowledged, in all lives together. */
  readonly acknowledged: number;
  /** Writes that were under way when the node was killed: they may be there or not. */
  readonly inDoubt: number;
  /** Acknowledged writes that were not found afterwards, in words. */
  readonly lost: readonly string[];
}

const writesAtOnce = 8;
const maxReadsAtOnce = 1000;
/** So many answers at the most are waited for until the node is killed. */
const maxWritesALife = 100;
const maxKillDelayMs = 5;

/**
 * A cluster of one is killed over and over in the middle of writes. After each restart all that was acknowledged in the
 * life before is looked for, and at the end everything.
 */
export async function killOverAndOver({ kills, dataDirectory, seed, onProgress }: KillsOptions): Promise<Kills> {
  const random = new Random(seed);
  const timing = ['--election-timeout-ms', '20', '--heartbeat-ms', '10'];
  // So that many lives end in the middle of a snapshot, or of letting go the log before it.
  const snapshots = ['--snapshot-entries', '40', '--snapshot-keep-entries', '5'];
  const flags = ['--data-dir', dataDirectory, ...timing, ...snapshots];
  const lost: string[] = [];
  const lives: (readonly number[])[] = [];
  let lastKey = 0;
  let inDoubt = 0;
  for (let life = 0; life < kills; life += 1) {
    const node = new DurableNode('n1', flags);
    await node.init(['n1']);
    lost.push(...(await missing(node, lives.at(-1) ?? [])));
    const killAfter = random.integer(maxWritesALife);
    const killDelayMs = random.integer(maxKillDelayMs);
    const acknowledged: number[] = [];
    const clients = Array.from({ length: writesAtOnce }, async () => {
      for (;;) {
        lastKey += 1;
        const key = lastKey;
        const answer = await node.askUntilAvailable({ type: 'write', key, value: `value ${key}` });
        if (answer?.['type'] === 'write_ok') acknowledged.push(key);
        else return (inDoubt += 1);
        if (acknowledged.length === killAfter + 1) setTimeout(() => void node.kill(), killDelayMs);
      }
    });
    await Promise.all(clients);
    await node.ended;
    lives.push(acknowledged);
    onProgress?.(life + 1);
  }
  const node = new DurableNode('n1', flags);
  await node.init(['n1']);
  lost.push(...(await missing(node, lives.flat())));
  await node.endInput();
  return { acknowledged: lives.flat().length, inDoubt, lost };
}

async function missing(node: DurableNode, keys: readonly number[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (let start = 0; start < keys.length; start += maxReadsAtOnce) {
    const some = keys.slice(start, start + maxReadsAtOnce);
    const answers = await Promise.all(some.map((key) => node.askUntilAvailable({ type: 'read', key })));
    answers.forEach((answer, which) => {
      if (answer?.['value'] !== `value ${some[which]}`) found.push(`key ${some[which]}: ${JSON.stringify(answer)}`);
    });
  }
  return found;
}
