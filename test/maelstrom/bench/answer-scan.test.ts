import { describe, expect, it } from 'vitest';
import { AnswerScan } from '../../../maelstrom/bench/answer-scan.ts';
import { Random } from '../../../src/index.ts';
import { randomJson } from '../../random-json.ts';

/** What the scan says about a line, whose client's name is expected to begin at its first `"dest":"c`. */
function scan(line: string) {
  const bytes = Buffer.from(`${line}\n{"src"`);
  const answer = new AnswerScan();
  const at = line.indexOf('"dest":"c') + '"dest":"c'.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!answer.read(view, at, Buffer.byteLength(line))) return undefined;
  return { client: answer.client, answer: answer.answer, inReplyTo: answer.inReplyTo };
}

function line(body: string, client = 'c12'): string {
  return `{"src":"n1","dest":"${client}","body":${body}}`;
}

describe('a success', () => {
  it.each([
    ['{"type":"read_ok","in_reply_to":7,"msg_id":3,"value":"x"}', 'read_ok', 7],
    ['{"type":"write_ok","in_reply_to":123456789}', 'write_ok', 123456789],
    ['{"type":"read_ok","value":{"a":[1,2]},"in_reply_to":41}', 'read_ok', 41],
    ['{"type":"write_ok","in_reply_to":0,"msg_id":2}', 'write_ok', 0],
  ])('is read in the usual shapes: %s', (body, answer, inReplyTo) => {
    expect(scan(line(body))).toEqual({ client: 12, answer, inReplyTo });
  });

  it.each([
    ['an error', line('{"type":"error","in_reply_to":7,"code":11}')],
    ['another type', line('{"type":"cas_ok","in_reply_to":7}')],
    ['a type that only begins so', line('{"type":"read_ok_not","in_reply_to":7}')],
    ['a body that begins otherwise', line('{"in_reply_to":7,"type":"read_ok","value":1}')],
    ['spaces', line('{"type": "read_ok", "in_reply_to": 7}')],
    ['a number in the middle', line('{"type":"read_ok","value":1,"in_reply_to":7,"msg_id":3}')],
    ['a number that belongs to a value', line('{"type":"read_ok","value":{"x":1,"in_reply_to":7}}')],
    ['a number in a text', line('{"type":"read_ok","value":",\\"in_reply_to\\":7"}')],
    ['no number', line('{"type":"read_ok","in_reply_to":null}')],
    ['a negative number', line('{"type":"read_ok","value":1,"in_reply_to":-7}')],
    ['a fraction', line('{"type":"read_ok","value":1,"in_reply_to":1.5}')],
    ['a number with too many digits', line('{"type":"write_ok","in_reply_to":1234567890123456}')],
    ['the same at the end', line('{"type":"read_ok","value":1,"in_reply_to":1234567890123456}')],
    ['a name that is no client\'s', line('{"type":"read_ok","in_reply_to":7}', 'c1x')],
    ['a name without a number', line('{"type":"read_ok","in_reply_to":7}', 'c')],
    ['a line that is cut off', '{"src":"n1","dest":"c12","body":{"type":"read_ok"'],
    ['a line of which the end is missing', '{"src":"n1","dest":"c12","body":{"type":"read_ok","in_reply_to":7}'],
    ['a line that does not close', '{"src":"n1","dest":"c12","body":{"type":"read_ok","in_reply_to":7'],
  ])('is not known by its bytes in %s', (_, text) => {
    expect(scan(text)).toBeUndefined();
  });

  it('says what the parsed line says, wherever it is known by its bytes', () => {
    const random = new Random(3);
    let known = 0;
    for (let trial = 0; trial < 3000; trial += 1) {
      const type = ['read_ok', 'write_ok', 'error'][random.integer(3)];
      const fields: [string, unknown][] = [['in_reply_to', random.integer(1000)]];
      if (random.integer(2) === 0) fields.push(['value', randomJson(random)]);
      if (random.integer(2) === 0) fields.push(['msg_id', random.integer(1000)]);
      if (random.integer(2) === 0) fields.reverse();
      const body = { type, ...Object.fromEntries(fields) };
      const scanned = scan(JSON.stringify({ src: 'n1', dest: 'c5', body }));
      if (scanned === undefined) continue;
      known += 1;
      expect(scanned).toEqual({ client: 5, answer: type, inReplyTo: Object.fromEntries(fields)['in_reply_to'] });
    }
    expect(known).toBeGreaterThan(1000);
  });
});
