import { describe, expect, it } from 'vitest';
import { readEnvelope } from '../../../maelstrom/cluster/envelope.ts';

const nodes = new Map([
  ['n1', 1],
  ['n2', 2],
]);

function read(line: string) {
  return readEnvelope(line, 'n1', nodes);
}

describe('a line that a node wrote', () => {
  it('may be for another node', () => {
    expect(read('{"src":"n1","dest":"n2","body":{"type":"hello"}}')).toEqual({ kind: 'to-node', dest: 'n2', type: 'hello' });
  });

  it('may be for a client', () => {
    const message = { src: 'n1', dest: 'c12', body: { type: 'read_ok', in_reply_to: 1, value: 3 } };
    expect(read(JSON.stringify(message))).toEqual({ kind: 'to-client', message });
  });

  it.each([
    ['listening on port 80', /not JSON/],
    ['{"src":"n1",', /not JSON/],
    ['[1]', /not a JSON object/],
    ['null', /not a JSON object/],
    ['17', /not a JSON object/],
    ['{"dest":"n2","body":{"type":"hello"}}', /src/],
    ['{"src":"n2","dest":"n2","body":{"type":"hello"}}', /src is "n2"/],
    ['{"src":"n1","body":{"type":"hello"}}', /without a dest/],
    ['{"src":"n1","dest":7,"body":{"type":"hello"}}', /without a dest/],
    ['{"src":"n1","dest":"n2"}', /body/],
    ['{"src":"n1","dest":"n2","body":null}', /body/],
    ['{"src":"n1","dest":"n2","body":{"type":7}}', /body/],
    ['{"src":"n1","dest":"n3","body":{"type":"hello"}}', /"n3", and there is no such node/],
    ['{"src":"n1","dest":"constructor","body":{"type":"hello"}}', /no such node/],
  ])('is malformed when it is %s', (line, why) => {
    expect(read(line)).toEqual({ kind: 'malformed', what: expect.stringMatching(why) });
  });
});
