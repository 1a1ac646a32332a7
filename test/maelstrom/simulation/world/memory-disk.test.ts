import { expect, it } from 'vitest';
import { MemoryDisk } from '../../../../maelstrom/simulation/world/memory-disk.ts';
import type { WriteTiming } from '../../../../maelstrom/simulation/world/memory-disk.ts';
import { VirtualTime } from '../../../../maelstrom/simulation/world/virtual-time.ts';
import type { HardState } from '../../../../src/index.ts';

const hardState: HardState = { nodeId: 'n1', voters: ['n1'], bootCount: 0, term: 1, votedFor: null };
const batch = { number: 1, hardState, entries: [] };

function written(timing: WriteTiming) {
  const time = new VirtualTime();
  const disk = new MemoryDisk(time, timing);
  const user = { begun: [] as number[], progressed: 0, isUp: true };
  const open = () => disk.open({
    isUp: () => user.isUp,
    onBegin: (lastsMs) => void user.begun.push(lastsMs),
    onProgress: () => void (user.progressed += 1),
    onThrow: () => expect.unreachable(),
  });
  open().write(batch);
  return { time, disk, user, open };
}

it('a write that is finished at once is there when it returns', () => {
  const { disk, user } = written('at once');
  expect([disk.contents?.hardState, disk.isWriting, user.progressed]).toEqual([hardState, false, 0]);
});

it('a write that takes its time says how long, and is there after that', () => {
  const { disk, user, time } = written(() => 5);
  expect([disk.contents, disk.isWriting, user.begun]).toEqual([undefined, true, [5]]);
  time.runUntil(5);
  expect([disk.contents?.hardState, disk.isWriting, user.progressed]).toEqual([hardState, false, 1]);
});

it('a write by hand is there when it is finished', () => {
  const { disk, time } = written('by hand');
  time.runUntil(1000);
  expect([disk.contents, disk.isWriting]).toEqual([undefined, true]);
  disk.finishWrite();
  expect([disk.contents?.hardState, disk.isWriting]).toEqual([hardState, false]);
});

it('what was not finished is gone with its process, and never comes', () => {
  const { disk, user, time, open } = written(() => 5);
  user.isUp = false;
  disk.detach();
  time.runUntil(1000);
  expect([disk.contents, disk.isWriting, user.progressed]).toEqual([undefined, false, 0]);
  expect(open().recovered).toBeUndefined();
});

it('the next process finds what was finished, or what was put there', () => {
  const { disk, open } = written('at once');
  disk.detach();
  expect(open().recovered?.hardState).toEqual(hardState);
  disk.replace({ hardState: { ...hardState, term: 7 }, entries: [] });
  expect(open().recovered?.hardState.term).toBe(7);
});
