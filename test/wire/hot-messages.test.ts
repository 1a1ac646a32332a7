import { describe, expect, it } from 'vitest';
import { hotBatch, hotMessage, hotUnread } from '../../src/wire/hot-messages.ts';
import { checkedMessage } from '../../src/wire/message.ts';
import { Random } from '../../src/raft/random.ts';
import { randomJson } from '../random-json.ts';
import { allClientRequests } from '../stdio/examples.ts';
import { allRequests, replyExamples, requestExamples } from './examples.ts';

const { append_entries, propose, read_index } = requestExamples;
const { append_entries_ok, read_index_ok } = replyExamples;
const requests = [append_entries, propose, read_index].flat().filter((body) => !hasConfiguration(body));
/** Of what is answered to AppendEntries only the acceptance is common. */
const replies = [...append_entries_ok, ...read_index_ok].filter((body) => !('success' in body) || body.success);
const hot: readonly object[] = [
  ...requests.map((body) => ({ ...body, msg_id: 7 })),
  ...replies.map((body) => ({ ...body, in_reply_to: 3, msg_id: 7 })),
];
const others: readonly object[] = [...allClientRequests, ...allRequests].map((body) => ({ ...body, msg_id: 7 }));

const values: readonly unknown[] = [
  null, true, '', 'x', 0, -1, 1.5, 2 ** 52, 2 ** 52 + 1, 2 ** 53, 1e300, [], {}, [{}], { a: 1 }, [null], '__proto__',
];
const names = ['type', 'msg_id', 'in_reply_to', 'term', 'key', 'command', 'origin', 'id', 'extra', '__proto__', 'success'];

/** All that one change makes of a value: another in its place, a field or an element more, one less, at any depth. */
function* changedOnce(value: unknown): Generator<unknown> {
  yield* values;
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [at, element] of value.entries()) for (const other of changedOnce(element)) yield value.with(at, other);
    return;
  }
  const fields = Object.entries(value);
  for (const [at, [name, member]] of fields.entries()) {
    yield Object.fromEntries(fields.toSpliced(at, 1));
    for (const other of changedOnce(member)) yield Object.fromEntries(fields.with(at, [name, other]));
  }
  for (const name of names) if (!Object.hasOwn(value, name)) yield Object.fromEntries([...fields, [name, 1]]);
}

/** The same with something changed somewhere in it: a value, a field more, a field less. */
function changed(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.integer(4) === 0) return drawn(random);
  if (Array.isArray(value)) {
    const at = random.integer(value.length + 1);
    return at === value.length ? [...value, drawn(random)] : value.with(at, changed(value[at], random));
  }
  const fields: [string, unknown][] = Object.entries(value);
  const at = random.integer(fields.length + 1);
  const [name, member] = fields[at] ?? ['', undefined];
  if (at === fields.length) fields.push([names[random.integer(names.length)] ?? '', drawn(random)]);
  else if (random.integer(4) === 0) fields.splice(at, 1);
  else fields[at] = [name, changed(member, random)];
  return Object.fromEntries(fields);
}

function drawn(random: Random): unknown {
  return random.integer(2) === 0 ? randomJson(random) : values[random.integer(values.length)];
}

/** As it comes from the wire. */
function parsed(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message));
}

function isHot(message: unknown): boolean {
  const { body } = Object(message);
  if (hasConfiguration(body)) return false;
  const types: readonly unknown[] = hot.map((known) => Object(known).type);
  return types.includes(Object(body).type) && (Object(body).in_reply_to === undefined || 'msg_id' in Object(body));
}

/** Configurations are rare, and so left to the schemas. */
function hasConfiguration(body: unknown): boolean {
  const { entries } = Object(body);
  return Array.isArray(entries) && entries.some((entry) => entry?.kind === 'configuration');
}

describe('the hand-written check', () => {
  it.each(hot)('recognizes %j', (body) => {
    expect(hotMessage({ src: 'n2', dest: 'n1', body })).toMatchObject({ src: 'n2', dest: 'n1', body });
  });

  it('says what the schemas say, of every message with one thing changed in it', () => {
    const seen = { recognized: 0, left: 0 };
    for (const body of [...hot, ...others]) {
      const message = { src: 'n2', dest: 'n1', body };
      for (const variant of [message, ...changedOnce(message)]) compare(parsed(variant), seen);
    }
    expect(seen.recognized).toBeGreaterThan(1000);
    expect(seen.left).toBeGreaterThan(500);
  });

  it('says what the schemas say, of messages with several things changed in them', () => {
    const random = new Random(1);
    const seen = { recognized: 0, left: 0 };
    for (let trial = 0; trial < 5000; trial += 1) {
      const message = { src: 'n2', dest: 'n1', body: hot[random.integer(hot.length)] };
      compare(parsed(changed(changed(message, random), random)), seen);
    }
    expect(seen.recognized).toBeGreaterThan(100);
    expect(seen.left).toBeGreaterThan(500);
  });
});

it('the same holds for a line with several messages, whatever one change makes of it', () => {
  const message = { src: 'n2', dest: 'n1', body: { type: 'batch', msg_id: 7, bodies: [{ type: 'read' }, 5] } };
  for (const variant of [message, ...changedOnce(message)].map(parsed)) {
    expect(hotBatch(variant) !== undefined).toBe(checkedMessage(variant, 100).kind === 'batch');
  }
});

/** What is recognized is what the schemas make of it; what they pass unchanged is recognized, where it is of these. */
function compare(message: unknown, seen: { recognized: number; left: number }): void {
  const quick = hotMessage(message) ?? hotUnread(message, 100);
  const checked = checkedMessage(message, 100);
  if (quick !== undefined) {
    seen.recognized += 1;
    expect(quick).toEqual(checked);
    return;
  }
  seen.left += 1;
  if ((checked.kind !== 'request' && checked.kind !== 'reply') || !isHot(message)) return;
  if (checked.kind === 'reply' && 'success' in checked.body && !checked.body.success) return;
  const { body } = Object(message);
  expect(JSON.stringify(sorted(checked.body)), 'a message that could have been recognized').not.toBe(
    JSON.stringify(sorted(body)),
  );
}

/** With the members of objects in one order: the schemas may have changed it. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, member]) => [name, sorted(member)]);
}
