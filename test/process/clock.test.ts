import { expect, test } from 'vitest';
import { createClock } from '../../src/process/clock.ts';

/** A machine that can be suspended, and whose wall clock can be set. */
class Machine {
  readonly #time = { monotonicMs: 1000, wallMs: 5_000_000, uptimeMs: 70_000 };
  uptimesAsked = 0;

  run(ms: number): void {
    this.#time.monotonicMs += ms;
    this.suspend(ms);
  }

  suspend(ms: number): void {
    this.#time.wallMs += ms;
    this.#time.uptimeMs += ms;
  }

  setWallClock(byMs: number): void {
    this.#time.wallMs += byMs;
  }

  readonly clock = createClock({
    monotonicMs: () => this.#time.monotonicMs,
    wallMs: () => this.#time.wallMs,
    uptimeMs: () => {
      this.uptimesAsked += 1;
      return Math.floor(this.#time.uptimeMs / 10) * 10;
    },
  });
}

test('the time in which the machine was suspended counts, each time', () => {
  const machine = new Machine();
  const startMs = machine.clock();
  let passedMs = 0;
  for (const suspendedMs of [600, 30_000, 100]) {
    machine.run(50);
    machine.suspend(suspendedMs);
    passedMs += 50 + suspendedMs;
    expect(Math.abs(machine.clock() - startMs - passedMs)).toBeLessThanOrEqual(10);
  }
});

test('a wall clock that is set, either way, changes nothing', () => {
  const machine = new Machine();
  const startMs = machine.clock();
  for (const byMs of [3_600_000, -7_200_000, 20]) {
    machine.setWallClock(byMs);
    machine.run(50);
    machine.clock();
  }
  expect(machine.clock() - startMs).toBe(150);
});

test('it never goes back', () => {
  const machine = new Machine();
  let latestMs = machine.clock();
  for (let step = 0; step < 1000; step += 1) {
    machine.run((step * 7) % 13);
    if (step % 17 === 0) machine.suspend((step * 31) % 97);
    if (step % 19 === 0) machine.setWallClock(((step * 37) % 101) - 50);
    const nowMs = machine.clock();
    expect(nowMs).toBeGreaterThanOrEqual(latestMs);
    latestMs = nowMs;
  }
});

test('while the machine just runs the uptime, which is slow to ask, is not asked for', () => {
  const machine = new Machine();
  for (let turn = 0; turn < 1000; turn += 1) {
    machine.run(1);
    machine.clock();
  }
  expect(machine.uptimesAsked).toBe(1);
});
