import { expect, it } from 'vitest';
import { Clock } from '../../../../maelstrom/simulation/world/clock.ts';
import { Machine } from '../../../../maelstrom/simulation/world/machine.ts';
import { MemoryDisk } from '../../../../maelstrom/simulation/world/memory-disk.ts';
import { VirtualTime } from '../../../../maelstrom/simulation/world/virtual-time.ts';

const periodMs = 100;

/** A program that says at each turn what time it is and what it has taken since, and wants a turn every 100 ms. */
function newMachine({ hasTimers = true, rate = 1 } = {}) {
  const time = new VirtualTime();
  const said: string[] = [];
  let starts = 0;
  const machine = new Machine({
    nodeId: 'n1',
    time,
    clock: new Clock(time, rate, 0),
    disk: new MemoryDisk(time, 'at once'),
    boot: () => {
      const taken: string[] = [];
      let nextMs = 0;
      starts += 1;
      const life = starts;
      return {
        receive: (bytes) => void taken.push(bytes.toString().trimEnd()),
        turn: (nowMs) => {
          if (nowMs >= nextMs) nextMs = nowMs + periodMs;
          return { lines: [`life ${life} at ${Math.round(nowMs)}: ${taken.splice(0).join(', ')}`], log: [] };
        },
        nextDeadlineMs: () => nextMs,
      };
    },
    turnDelayMs: () => 0,
    hasTimers,
    events: {
      onOutput: ({ lines }) => void said.push(...lines),
      onThrow: (error) => {
        throw error;
      },
    },
  });
  return { machine, time, said };
}

it('a program takes a turn when something arrives, and when its timers want one, by its own clock', () => {
  const { machine, time, said } = newMachine({ rate: 0.5 });
  machine.start();
  machine.deliver('hello');
  time.runUntil(399);
  expect(said).toEqual(['life 1 at 0: hello', 'life 1 at 100: ']);
  machine.clockJumps(60, 2);
  time.runUntil(450);
  expect(said.slice(2)).toEqual(['life 1 at 260: ', 'life 1 at 360: ']);
});

it('without timers time passes, and only what arrives or is planned brings a turn', () => {
  const { machine, time, said } = newMachine({ hasTimers: false });
  machine.start();
  machine.deliver('hello');
  time.runUntil(1000);
  expect(said).toEqual(['life 1 at 0: hello']);
  expect(machine.untilDeadlineMs).toBe(0);
  machine.planTurn();
  time.runUntil(1000);
  expect(said).toEqual(['life 1 at 0: hello', 'life 1 at 1000: ']);
});

it('a restart is another program, and what was said to the one before does not reach it', () => {
  const { machine, time, said } = newMachine({ hasTimers: false });
  const tellFirst = machine.start();
  machine.kill();
  expect([machine.isUp, machine.program, machine.untilDeadlineMs]).toEqual([false, undefined, Infinity]);
  machine.deliver('lost');
  machine.start();
  tellFirst('late');
  machine.deliver('hello');
  time.runUntil(0);
  expect(said).toEqual(['life 2 at 0: hello']);
});

it('a paused program is told all that waited in one turn', () => {
  const { machine, time, said } = newMachine();
  machine.start();
  machine.pause();
  machine.deliver('one');
  machine.deliver('two');
  time.runUntil(500);
  expect(said).toEqual([]);
  machine.resume();
  time.runUntil(500);
  expect(said).toEqual(['life 1 at 500: one, two']);
});
