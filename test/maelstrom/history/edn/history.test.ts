import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readEdnHistory } from '../../../../maelstrom/history/edn/history.ts';
import { formatEdnEvent } from '../../../../maelstrom/history/edn/writer.ts';
import { parseEvent } from '../../../../maelstrom/history/history.ts';
import type { HistoryEvent } from '../../../../maelstrom/history/history.ts';
import { workloadOf } from '../../../../maelstrom/workloads/all.ts';

const budget = { nowMs: () => 0, timeMs: 1, cacheBytes: 2 ** 26 };

function judge(events: readonly HistoryEvent[]) {
  return workloadOf(events)?.judge(events, { budget }).verdict;
}

function recorded(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../histories/edn/${name}.edn`, import.meta.url)), 'utf8');
}

describe('a history in EDN', () => {
  it.each([
    ['linearizable-as-jepsen-records', 'good'],
    ['stale-read-tagged', 'violated'],
    ['one-register-in-a-vector', 'good'],
    ['lost-write-in-a-list', 'violated'],
  ])('is judged as any other: %s', (name, verdict) => {
    expect(judge(readEdnHistory(recorded(name)).events)).toBe(verdict);
  });

  it('has keys where every value is a pair, and otherwise one register', () => {
    const { events } = readEdnHistory(recorded('linearizable-as-jepsen-records'));
    expect(events.slice(1, 4)).toMatchObject([
      { f: 'cas', key: 1, value: [2, 4] },
      { f: 'write', key: 0, value: 3, type: 'ok' },
      { f: 'cas', key: 1, type: 'fail', error: '[:key-does-not-exist "not found"]' },
    ]);
    const one = readEdnHistory(recorded('one-register-in-a-vector')).events;
    expect(one.map((event) => event.process !== 'nemesis' && event.key)).toEqual(one.map(() => 'register'));
  });

  it('has one register where the pairs are those of a cas', () => {
    const op = (type: string) => `{:process 0, :type ${type}, :f :cas, :value [1 2]}`;
    const { events } = readEdnHistory(op(':invoke') + op(':fail'));
    expect(events).toMatchObject([{ key: 'register', value: [1, 2] }, { key: 'register', value: [1, 2] }]);
  });

  it('counts by its own index, and by its place where it has none; times never go back', () => {
    const line = (more: string) => `{:process 0, :f :write, :value 1, ${more}}`;
    const text = `${line(':type :invoke, :index 7, :time 20')} ${line(':type :ok, :time 10')}`;
    expect(readEdnHistory(text).events).toMatchObject([{ index: 7, time: 20 }, { index: 8, time: 20 }]);
  });

  it('says on which line each operation begins', () => {
    expect(readEdnHistory(recorded('one-register-in-a-vector')).lineNumbers).toEqual([1, 2, 3, 5, 6, 7, 8, 9]);
  });

  it('may be of another workload', () => {
    const op = (type: string, value: string) => `{:process 0, :type ${type}, :f :generate, :value ${value}}`;
    const twice = `${op(':invoke', 'nil')} ${op(':ok', '"a"')} ${op(':invoke', 'nil')} ${op(':ok', '"a"')}`;
    expect(judge(readEdnHistory(twice).events)).toBe('violated');
  });

  it.each([
    ['"a"', 'good'],
    ['"b"', 'violated'],
  ])('of an echo has all of the answer, in which %s makes it %s', (echo, verdict) => {
    const invoke = '{:process 0, :type :invoke, :f :echo, :value "a"}';
    const ok = `{:process 0, :type :ok, :f :echo, :value {:type "echo_ok", :in_reply_to 1, :echo ${echo}}}`;
    expect(judge(readEdnHistory(invoke + ok).events)).toBe(verdict);
  });

  it('of a broadcast, as Maelstrom records it, is judged as that', () => {
    const op = (type: string, f: string, value: string) => `{:process 0, :type ${type}, :f ${f}, :value ${value}}`;
    const broadcast = op(':invoke', ':broadcast', '7') + op(':ok', ':broadcast', '7') + op(':invoke', ':read', 'nil');
    expect(judge(readEdnHistory(broadcast + op(':ok', ':read', '[7]')).events)).toBe('good');
    expect(judge(readEdnHistory(broadcast + op(':ok', ':read', '[]')).events)).toBe('violated');
  });

  it.each([
    ['[1]', 'line 1: expected an operation, as a map, not 1'],
    ['\n#my.Op2{:process 0}', 'line 2: expected an operation, as a map, and the tag #my.Op2 is not known'],
    [
      '{:process 0, :type :invoke, :f :write, :value #a 1}',
      'line 1: :value: the tag #a is not known: what is equal to such a value?',
    ],
    [
      '{:process 0, :type :invoke, :f :read, :value nil}\n{:process 0, :type :ok, :f :read, :value ##NaN}',
      'line 2: :value: ##NaN is not equal to anything, itself included',
    ],
    ['\n{:process 0, :f :read}', 'line 2: :type: expected :invoke, :ok, :fail or :info'],
    ['{:process 0, :type :ok}', 'line 1: :f: missing'],
    ['{:process :n1, :type :ok, :f :read}', 'line 1: :process: expected a whole number or :nemesis'],
    ['[{:process 0, :type :invoke, :f :read}', 'line 1, column 39: the history ends without the ] that closes it'],
    ['[] {}', 'line 1, column 4: something follows the end of the history'],
  ])('that is none is refused with its line: %j', (text, reason) => {
    expect(() => readEdnHistory(text)).toThrow(reason);
  });
});

describe('a history of pairs of key and value', () => {
  const op = (process: number, f: string, value: string) => `{:process ${process}, :type :invoke, :f ${f}, :value ${value}}`;

  it.each([
    ['a read', op(1, ':read', 'nil'), 'nil'],
    ['a write', op(1, ':write', '3'), '3'],
    ['a cas', op(1, ':cas', '[1 2]'), '[1 2]'],
  ])('is none where %s has no key', (_, without, shown) => {
    const text = [op(0, ':read', '[0 nil]'), op(2, ':write', '[0 1]'), without].join('\n');
    expect(() => readEdnHistory(text)).toThrow(`line 3: :value: expected [key value], as on line 1, not ${shown}`);
  });

  it('is not what a register that holds pairs has', () => {
    const events = readEdnHistory(`${op(0, ':write', '[1 2]')} ${op(1, ':read', 'nil')}`).events;
    expect(events).toMatchObject([{ key: 'register', value: [1, 2] }, { key: 'register' }]);
  });
});

describe('a value that is not compared', () => {
  it.each([':fail', ':info'])('may have any tag: that of an operation that ended with %s', (type) => {
    const op = (of: string, value: string) => `{:process 0, :type ${of}, :f :generate, :value ${value}}`;
    expect(() => readEdnHistory(op(':invoke', 'nil') + op(type, '#object[x]'))).not.toThrow();
    expect(() => readEdnHistory(op(':invoke', 'nil') + op(':ok', '#object[x]'))).toThrow('#object');
  });
});

describe('a history that is written in EDN', () => {
  const lines = [
    '{"index":0,"time":5,"process":3,"type":"invoke","f":"cas","key":7,"value":[1,2]}',
    '{"index":1,"time":6,"process":3,"type":"info","f":"cas","key":7,"value":[1,2],"error":"timeout"}',
    '{"index":2,"time":7,"process":"nemesis","type":"info","f":"start-kill","value":["n1"]}',
    '{"index":3,"time":8,"process":4,"type":"invoke","f":"read","key":7,"value":null}',
    '{"index":4,"time":9,"process":4,"type":"ok","f":"read","key":7,"value":{"a":[true]}}',
    '{"index":5,"time":9,"process":4,"type":"invoke","f":"echo","value":"x"}',
  ];

  it('has a map a line, without tags, with pairs of key and value', () => {
    expect(lines.map((line) => formatEdnEvent(parseEvent(line, 1)))).toEqual([
      '{:index 0, :time 5, :type :invoke, :process 3, :f :cas, :value [7 [1 2]]}',
      '{:index 1, :time 6, :type :info, :process 3, :f :cas, :value [7 [1 2]], :error "timeout"}',
      '{:index 2, :time 7, :type :info, :process :nemesis, :f :start-kill, :value ["n1"]}',
      '{:index 3, :time 8, :type :invoke, :process 4, :f :read, :value [7 nil]}',
      '{:index 4, :time 9, :type :ok, :process 4, :f :read, :value [7 {"a" [true]}]}',
      '{:index 5, :time 9, :type :invoke, :process 4, :f :echo, :value "x"}',
    ]);
  });

  it('has a number with a point where JSON lines have one', () => {
    const line = '{"index":0,"time":5,"process":3,"type":"ok","f":"read","key":7,"value":[2.0,1e300,2,0.5]}';
    expect(formatEdnEvent(parseEvent(line, 1))).toContain(':value [7 [2.0 1e+300 2 0.5]]}');
  });

  it('says the same when it is read again', () => {
    const events = lines.slice(0, 4).map((line) => parseEvent(line, 1));
    const again = readEdnHistory(events.map(formatEdnEvent).join('\n')).events;
    const withoutError = ({ error: _, ...event }: HistoryEvent & { error?: unknown }) => event;
    const ofClients = (event: HistoryEvent) => event.process !== 'nemesis';
    expect(again.filter(ofClients).map(withoutError)).toEqual(events.filter(ofClients).map(withoutError));
  });
});
