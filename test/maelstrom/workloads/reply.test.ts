import { expect, it } from 'vitest';
import { replyFault } from '../../../maelstrom/workloads/reply.ts';

it('takes an answer with the fields that were asked for, and a msg_id', () => {
  expect(replyFault('read', { type: 'read_ok', in_reply_to: 1, value: null }, ['value'])).toBeUndefined();
  expect(replyFault('write', { type: 'write_ok', in_reply_to: 1, msg_id: 7 }, [])).toBeUndefined();
});

it.each([
  ['{"type":"write_ok"}', 'answered a read with "write_ok"'],
  ['{"type":"read_ok"}', 'answered a read without its value'],
  [
    '{"type":"read_ok","value":1,"key":2}',
    'answered a read with a field "key"; it has type, in_reply_to, value and may have msg_id',
  ],
  ['{"type":"read_ok","value":1,"msg_id":"7"}', 'answered a read with a msg_id that is no whole number'],
])('finds fault with %s', (reply, what) => {
  expect(replyFault('read', JSON.parse(reply), ['value'])).toEqual({ type: 'bad-reply', what });
});
