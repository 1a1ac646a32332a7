import { expect, it } from 'vitest';
import { simulate } from '../../../maelstrom/simulation/run.ts';
import { defaultBounds, drawPlan } from '../../../maelstrom/simulation/plan/swarm.ts';
import { playedServices } from '../../../maelstrom/simulation/services/all.ts';
import type { PlayedService } from '../../../maelstrom/simulation/services/played-service.ts';
import type { Result } from '../../../src/index.ts';
import type { Json } from '../../../src/services/json.ts';
import type { StateMachine } from '../../../src/services/state-machine.ts';

/** The first rule that seeds break when a node's state machine is this one. */
function ruleBrokenBy(spoil: (machine: StateMachine<Json, Result>) => StateMachine<Json, Result>): string | undefined {
  const right = playedServices.counter;
  const createStateMachine = () => spoil(right.service.createStateMachine());
  const wrong: PlayedService = { ...right, service: { ...right.service, createStateMachine } };
  for (let seed = 1; seed <= 40; seed += 1) {
    const plan = drawPlan(seed, { ...defaultBounds, durationMs: 5000, services: ['counter'] });
    const { violation } = simulate(plan, undefined, wrong);
    if (violation !== undefined) return violation.rule;
  }
  return undefined;
}

it('a counter that forgets what it adds is not linearizable', () => {
  expect(ruleBrokenBy((machine) => ({
    ...bound(machine),
    apply: () => ({ kind: 'ok' }),
  }))).toBe('linearizability');
});

it('counters that differ from node to node are found at once', () => {
  let made = 0;
  expect(ruleBrokenBy((machine) => {
    made += 1;
    const offset = made;
    return { ...bound(machine), read: () => ({ kind: 'value', value: offset }) };
  })).toBe('state-machine-safety');
});

function bound(machine: StateMachine<Json, Result>): StateMachine<Json, Result> {
  return {
    apply: (command) => machine.apply(command),
    read: (query) => machine.read(query),
    capture: () => machine.capture(),
    restore: () => machine.restore(),
  };
}
