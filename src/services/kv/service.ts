import { json, optionalFlag, read, write } from '../service.ts';
import type { Service } from '../service.ts';
import { parseCommand } from './command.ts';
import { KeyValueStore } from './store.ts';

/** A map from any JSON to any JSON: the service of Maelstrom's `lin-kv`. */
export const kv: Service = {
  name: 'kv',
  operations: new Map([
    ['read', read({ key: json }, ({ key }) => key, { value: json }, (value) => ({ value }))],
    ['write', write({ key: json, value: json }, ({ key, value }) => ({ op: 'put', key, value }))],
    [
      'cas',
      write({ key: json, from: json, to: json, create_if_not_exists: optionalFlag }, (fields) => {
        const { key, from, to } = fields;
        const command = { op: 'cas', key, from, to };
        return fields.create_if_not_exists === true ? { ...command, create_if_not_exists: true } : command;
      }),
    ],
    ['delete', write({ key: json }, ({ key }) => ({ op: 'delete', key }))],
  ]),
  commandFault: (value) => {
    const parsed = parseCommand(value);
    return parsed.op === 'invalid' ? parsed : undefined;
  },
  createStateMachine: () => new KeyValueStore(),
};
