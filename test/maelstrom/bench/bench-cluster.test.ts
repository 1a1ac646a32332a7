import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BenchCluster } from '../../../maelstrom/bench/bench-cluster.ts';

const bin = join(import.meta.dirname, '..', '..', 'fixtures', 'separate-maps-node.js');

let directory: string;
let cluster: BenchCluster;
const failures: string[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bench-cluster-'));
  cluster = new BenchCluster({ nodeIds: ['n0', 'n1'], bin, nodeArguments: [], directory, latencyMs: 0 });
  failures.splice(0);
  cluster.onFailure(({ message }) => failures.push(message));
  await cluster.initialize();
});

afterEach(async () => {
  await cluster.stop();
  rmSync(directory, { recursive: true });
});

/** Resolves when the node has answered a read. */
function answered(node: number): Promise<void> {
  return new Promise((settle) => {
    cluster.serve({ nowMs: 0, succeeded: () => settle(), answeredOtherwise: () => settle() });
    cluster.ask(node, `{"src":"c1","dest":"n${node}","body":{"type":"read","msg_id":1,"key":1}}\n`);
  });
}

it('a node that is killed by whom it belongs to is no failure, and starts again', async () => {
  await cluster.kill(1);
  await answered(0);
  await cluster.restart(1);
  await answered(1);
  expect(failures).toEqual([]);
});

it('a node that is paused answers when it goes on', async () => {
  cluster.pause(1);
  const late = answered(1);
  cluster.resume(1);
  await late;
  expect(failures).toEqual([]);
});

it('what a node that is away does not read is lost, and fills no memory', async () => {
  cluster.pause(1);
  const line = `{"src":"c1","dest":"n1","body":{"type":"echo","text":"${'x'.repeat(1024 * 1024)}"}}\n`;
  for (let sent = 0; sent < 80; sent += 1) {
    cluster.ask(1, line);
    await new Promise((settle) => setImmediate(settle));
  }
  expect(failures).toEqual([]);
});
