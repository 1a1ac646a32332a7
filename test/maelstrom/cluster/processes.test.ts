import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding, Message } from '../../../maelstrom/cluster/cluster.ts';
import { initialize } from '../../../maelstrom/cluster/init.ts';
import { maxInFlight, ProcessCluster } from '../../../maelstrom/cluster/processes.ts';
import type { ProcessClusterOptions } from '../../../maelstrom/cluster/processes.ts';
import { Journal } from '../../../maelstrom/network/journal/journal.ts';
import { Services } from '../../../maelstrom/services/services.ts';
import { Network } from '../../../maelstrom/network/network.ts';
import { Random } from '../../../src/index.ts';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));
let nodeLogs: string;

beforeEach(() => {
  nodeLogs = mkdtempSync(join(tmpdir(), 'eddy-test-'));
});

afterEach(() => {
  rmSync(nodeLogs, { recursive: true });
});

/** Brings up real processes, lets `use` have them, and ends them. */
async function withCluster(
  node: string,
  latencyMs: number,
  use: (cluster: ProcessCluster) => Promise<void>,
  more: Partial<ProcessClusterOptions> = {},
) {
  const data = mkdtempSync(join(nodeLogs, 'data-'));
  const nodeIds = ['n0', 'n1'];
  const network = new Network(nodeIds, { meanMs: latencyMs, distribution: 'constant' }, new Random(1));
  const options = { nodeIds, bin: join(fixtures, node), nodeArguments: [data], nodeLogs, onStderrLine: () => {}, ...more };
  const cluster = new ProcessCluster(options, network);
  try {
    expect(await new Promise((settle) => initialize(cluster, settle))).toEqual([]);
    await use(cluster);
  } finally {
    await cluster.stop();
  }
}

function answer(cluster: ProcessCluster, messageId: number, type = 'write'): Promise<Message> {
  return new Promise((settle) => {
    cluster.onClientMessage(({ src, dest, body }) => {
      if (dest === 'c1') settle({ src, dest, body });
    });
    cluster.send({ src: 'c1', dest: 'n1', body: { type, msg_id: messageId, key: 1, value: 2 } });
  });
}

describe('a cluster of processes', { timeout: 30_000 }, () => {
  it('takes messages from clients to nodes, from node to node, and back', async () => {
    await withCluster('one-map-node.js', 0, async (cluster) => {
      expect(await answer(cluster, 5)).toEqual({ src: 'n1', dest: 'c1', body: { type: 'write_ok', in_reply_to: 5 } });
      expect(cluster.network.counts).toEqual({ servers: 2, clients: 2, lost: 0 });
    });
  });

  it('keeps messages between nodes for as long as the network says', async () => {
    await withCluster('one-map-node.js', 40, async (cluster) => {
      const startedAtMs = cluster.nowMs();
      await answer(cluster, 5);
      expect(cluster.nowMs() - startedAtMs).toBeGreaterThanOrEqual(2 * 40);
    });
  });

  it('loses messages between nodes that are cut off from each other', async () => {
    await withCluster('one-map-node.js', 0, async (cluster) => {
      cluster.network.cut({ n0: ['n1'] });
      void answer(cluster, 5);
      await expect.poll(() => cluster.network.counts.lost).toBe(1);
      cluster.network.heal();
      expect(await answer(cluster, 6)).toMatchObject({ body: { in_reply_to: 6 } });
    });
  });

  it('takes messages to services and their answers as it takes those between nodes', async () => {
    const seen: string[] = [];
    const more = {
      services: new Services(new Random(1)),
      onSend: (line: string) => seen.push(`send ${line}`),
      onReceive: (line: string) => seen.push(`recv ${line}`),
    };
    await withCluster('counter/reads-old-states.js', 40, async (cluster) => {
      const journal = new Journal(() => cluster.nowMs());
      cluster.keepJournal(journal);
      seen.length = 0;
      const startedAtMs = cluster.nowMs();
      expect(await answer(cluster, 5, 'read')).toMatchObject({ body: { type: 'read_ok', value: 0, in_reply_to: 5 } });
      expect(cluster.nowMs() - startedAtMs).toBeGreaterThanOrEqual(2 * 40);
      const travelled = journal.record.entries.map(({ src, dest, type, fate }) => `${src} ${dest} ${type} ${fate}`);
      expect(travelled).toEqual([
        'c1 n1 read delivered',
        'n1 seq-kv read delivered',
        'seq-kv n1 error delivered',
        'n1 c1 read_ok delivered',
      ]);
      expect(seen.map((text) => text.slice(0, 4)).join(' ')).toBe('send recv send recv send recv send recv');
      expect(seen[4]).toBe(
        'send {"src":"seq-kv","dest":"n1","body":{"type":"error","code":20,"text":"key does not exist","in_reply_to":1}}',
      );
      cluster.network.cutServices({ 'seq-kv': ['n1'] });
      void answer(cluster, 6, 'read');
      await expect.poll(() => cluster.network.counts.lost).toBe(1);
      expect(journal.record.entries.at(-1)).toMatchObject({ src: 'n1', dest: 'seq-kv', fate: 'cut' });
    }, more);
  });

  it('has no services where it was given none', async () => {
    await withCluster('counter/reads-old-states.js', 0, async (cluster) => {
      const findings: Finding[] = [];
      cluster.onFinding((finding) => findings.push(finding));
      void answer(cluster, 5, 'read');
      await expect.poll(() => findings.map(({ what }) => what)).toEqual([
        'sent a message to "seq-kv", and that service is not provided here',
      ]);
    });
  });

  it('kills a node without a finding, loses what it is sent, and restarts it on what it kept', async () => {
    await withCluster('durable-map-node.js', 0, async (cluster) => {
      const findings: Finding[] = [];
      cluster.onFinding((finding) => findings.push(finding));
      await answer(cluster, 5);
      cluster.kill('n0');
      void answer(cluster, 6, 'read');
      await expect.poll(() => cluster.network.counts.servers).toBe(3);
      const restarted = new Promise<Message>((settle) => cluster.onClientMessage(settle));
      cluster.restart('n0');
      expect(await restarted).toMatchObject({ src: 'n0', body: { type: 'init_ok' } });
      const body = { type: 'read_ok', value: 2, in_reply_to: 7 };
      expect(await answer(cluster, 7, 'read')).toMatchObject({ body });
      expect(findings).toEqual([]);
    });
  });

  it('reports a node that does not serve when it is started again, but not what it had half written', async () => {
    await withCluster('once-only-node.js', 0, async (cluster) => {
      const findings: Finding[] = [];
      cluster.onFinding((finding) => findings.push(finding));
      cluster.restart('n1');
      await expect.poll(() => findings.length, { timeout: 10_000 }).toBe(1);
      const what = expect.stringContaining('was started again and answered init with {"type":"error"');
      expect(findings).toMatchObject([{ kind: 'not-restarted', nodeId: 'n1', what }]);
    });
  });

  it('pauses a node, which takes what waited for it when it is resumed', async () => {
    await withCluster('one-map-node.js', 0, async (cluster) => {
      cluster.pause('n0');
      let isAnswered = false;
      const answered = answer(cluster, 5).then((message) => {
        isAnswered = true;
        return message;
      });
      await expect.poll(() => cluster.network.counts.servers).toBe(1);
      await new Promise<void>((settle) => cluster.after(50, settle));
      expect(isAnswered).toBe(false);
      cluster.resume('n0');
      expect(await answered).toMatchObject({ body: { type: 'write_ok', in_reply_to: 5 } });
    });
  });

  it('reports a node that ends by itself after a restart, and one that is not to be had', async () => {
    await withCluster('one-map-node.js', 0, async (cluster) => {
      const found = new Promise<Finding>((settle) => cluster.onFinding(settle));
      cluster.restart('n1');
      await new Promise((settle) => cluster.onClientMessage(settle));
      cluster.send({ src: 'c1', dest: 'n1', body: { type: 'init', msg_id: 1 } });
      expect(await found).toMatchObject({ kind: 'ended', nodeId: 'n1', what: 'exited with code 1' });
      expect(() => cluster.kill('n7')).toThrow('there is no node n7');
    });
  });

  it('runs actions in the order of their times, and none that was cancelled', async () => {
    await withCluster('separate-maps-node.js', 0, async (cluster) => {
      const ran: string[] = [];
      await new Promise<void>((settle) => {
        cluster.after(20, settle);
        cluster.after(10, () => ran.push('second'));
        cluster.after(5, () => ran.push('first'));
        cluster.after(7, () => ran.push('cancelled'))();
      });
      expect(ran).toEqual(['first', 'second']);
    });
  });

  it('drops what is more than can be on its way, and reports who sent it, once', async () => {
    await withCluster('flooding-node.js', 60_000, async (cluster) => {
      const findings: Finding[] = [];
      cluster.onFinding((finding) => findings.push(finding));
      await expect.poll(() => cluster.network.counts.servers, { timeout: 20_000 }).toBeGreaterThan(maxInFlight + 1000);
      expect(findings.every(({ kind }) => kind === 'flooding')).toBe(true);
      expect(findings.length).toBeGreaterThan(0);
      expect(new Set(findings.map(({ nodeId }) => nodeId)).size).toBe(findings.length);
    });
  });
});
