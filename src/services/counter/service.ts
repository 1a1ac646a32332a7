import { integer, json, read, write } from '../service.ts';
import type { Service } from '../service.ts';
import { Counter, faultOfCommand } from './counter.ts';

/** One number that clients add to: the service of Maelstrom's `pn-counter`. It is linearizable. */
export const counter: Service = {
  name: 'counter',
  operations: new Map([
    ['add', write({ delta: integer }, ({ delta }) => ({ op: 'add', delta }))],
    ['read', read({}, () => null, { value: json }, (value) => ({ value }))],
  ]),
  commandFault: faultOfCommand,
  createStateMachine: () => new Counter(),
};
