import { describe, expect, it } from 'vitest';
import { readEnvelope } from '../../../maelstrom/cluster/envelope.ts';

const nodes = new Map([
  ['n1', 1],
  ['n2', 2],
]);

function read(line: string) {
  return readEnvelope(line, 'n1', { nodes, clients: new Set(['c12']) });
}

describe('a line that a node wrote', () => {
  it('may be for another node', () => {
    expect(read('{"src":"n1","dest":"n2","body":{"type":"hello"}}')).toEqual({ kind: 'to-node', dest: 'n2', type: 'hello' });
  });

  it('may be for a client', () => {
    const message = { src: 'n1', dest: 'c12', body: { type: 'read_ok', in_reply_to: 1, value: 3 } };
    expect(read(JSON.stringify(message))).toEqual({ kind: 'to-client', message });
  });

  it('has numbers that are what they were where clients read them: 1.0 is not 1', () => {
    const { message } = { message: undefined, ...read('{"src":"n1","dest":"c12","body":{"type":"read_ok","in_reply_to":1.0,"value":2.0}}') };
    expect(message?.body.in_reply_to).not.toBe(1);
    expect(message?.body['value']).not.toBe(2);
    expect(JSON.stringify(message?.body)).toBe('{"type":"read_ok","in_reply_to":{"edn":"1.0"},"value":{"edn":"2.0"}}');
  });

  it('may bear the name of a client, whose request is passed on, or of another node', () => {
    const passedOn = { src: 'c12', dest: 'n2', body: { type: 'read', msg_id: 1, key: 7 } };
    expect(read(JSON.stringify(passedOn))).toEqual({ kind: 'to-node', dest: 'n2', type: 'read' });
    const inTheNameOfAnother = { src: 'n2', dest: 'c12', body: { type: 'read_ok', in_reply_to: 1, value: 3 } };
    expect(read(JSON.stringify(inTheNameOfAnother))).toEqual({
      kind: 'to-client',
      message: { ...inTheNameOfAnother, src: 'n1' },
    });
  });

  it('may say to another node what it likes, and have the id that Maelstrom gives to messages', () => {
    expect(read('{"id":7,"src":"n1","dest":"n2","body":{"term":1}}')).toEqual({ kind: 'to-node', dest: 'n2', type: '' });
  });

  it('may be for a service, where there are services', () => {
    const addresses = { nodes, clients: new Set<string>(), hasServices: true };
    expect(readEnvelope('{"src":"n1","dest":"lin-kv","body":{"type":"read"}}', 'n1', addresses)).toEqual({
      kind: 'to-service',
      dest: 'lin-kv',
      type: 'read',
    });
  });

  it.each([
    ['listening on port 80', /not JSON/],
    ['{"src":"n1",', /not JSON/],
    ['[1]', /not a JSON object/],
    ['null', /not a JSON object/],
    ['17', /not a JSON object/],
    ['{"dest":"n2","body":{"type":"hello"}}', /src/],
    ['{"src":"n9","dest":"n2","body":{"type":"hello"}}', /src is "n9", which is nobody; its own name is n1/],
    ['{"src":["n2"],"dest":"n2","body":{"type":"hello"}}', /src is \["n2"\]/],
    ['{"src":"n1","body":{"type":"hello"}}', /without a dest/],
    ['{"src":"n1","dest":7,"body":{"type":"hello"}}', /without a dest/],
    ['{"src":"n1","dest":"n2"}', /body/],
    ['{"src":"n1","dest":"n2","body":null}', /body/],
    ['{"src":"n1","dest":"n2","body":"hello"}', /body/],
    ['{"src":"n1","dest":"n2","body":[1]}', /body/],
    ['{"src":"n1","dest":"n2","body":{},"term":1}', /a field "term"; it has src, dest and body/],
    ['{"src":"n1","dest":"c12","body":{"type":7}}', /a client a message whose body has no type/],
    ['{"src":"n1","dest":"c13","body":{"type":"hello"}}', /"c13", and there is no such client/],
    ['{"src":"n1","dest":"lin-kv","body":{"type":"read"}}', /"lin-kv", and that service is not provided here/],
    ['{"src":"n1","dest":"n3","body":{"type":"hello"}}', /"n3", and there is no such node/],
    ['{"src":"n1","dest":"constructor","body":{"type":"hello"}}', /no such node/],
  ])('is malformed when it is %s', (line, why) => {
    expect(read(line)).toEqual({ kind: 'malformed', what: expect.stringMatching(why) });
  });
});
