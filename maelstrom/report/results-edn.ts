/**
 * `results.edn`, where scripts written for Maelstrom look for it: the same maps under the same names
 * (doc/results.md of Maelstrom), as far as there is something to say. What the workload's checker found is under
 * `:workload`; its fields are those of results.json, spelled as Clojure spells names.
 */
import type { Json } from '../../src/services/json.ts';
import { ednOf } from '../history/edn/writer.ts';
import type { Judgement } from '../workloads/workload.ts';
import { isAvailable, okFraction } from './availability.ts';
import type { Availability, SuccessShare } from './availability.ts';
import type { Figures } from './figures.ts';
import type { Verdict } from './verdict.ts';

export interface ResultParts {
  readonly verdict: Verdict;
  readonly judgement: Judgement;
  readonly figures: Figures;
  readonly share: SuccessShare;
  readonly availability: Availability | undefined;
}

export function resultsEdn({ verdict, judgement, figures, share, availability }: ResultParts): string {
  return `${mapText([
    [':perf', '{:valid? true}'],
    [':stats', statsText(figures)],
    [':availability', mapText([[':valid?', String(isAvailable(share, availability))], [':ok-fraction', double(okFraction(share))]])],
    [':net', netText(figures)],
    [':workload', workloadText(judgement)],
    [':valid?', validText(verdict.kind)],
  ])}\n`;
}

function statsText({ operations }: Figures): string {
  const kinds = Object.entries(operations);
  const sum = (field: 'ok' | 'fail' | 'info') => kinds.reduce((total, [, figures]) => total + figures[field], 0);
  const counts = (ok: number, fail: number, info: number): readonly Member[] => [
    [':valid?', String(ok > 0)],
    [':count', String(ok + fail + info)],
    [':ok-count', String(ok)],
    [':fail-count', String(fail)],
    [':info-count', String(info)],
  ];
  const byKind = kinds.map(([name, { ok, fail, info }]): Member => [`:${name}`, mapText(counts(ok, fail, info))]);
  const [, ...all] = counts(sum('ok'), sum('fail'), sum('info'));
  const isValid = kinds.every(([, { ok }]) => ok > 0);
  return mapText([[':valid?', String(isValid)], ...all, [':by-f', mapText(byKind)]]);
}

/** A message that is lost was sent and not received. */
function netText({ messages: { servers, clients, lost, perOperation, serversPerOperation } }: Figures): string {
  const counts = (sent: number, received: number): readonly Member[] => [
    [':send-count', String(sent)],
    [':recv-count', String(received)],
    [':msg-count', String(sent)],
  ];
  return mapText([
    [':all', mapText([...counts(servers + clients, servers + clients - lost), [':msgs-per-op', double(perOperation)]])],
    [':clients', mapText(counts(clients, clients))],
    [':servers', mapText([...counts(servers, servers - lost), [':msgs-per-op', double(serversPerOperation)]])],
    [':valid?', 'true'],
  ]);
}

/** A judgement has one subject, whose name is of no interest here. */
function workloadText({ verdict, results }: Judgement): string {
  const fields = Object.values(results).flatMap((subject) => (isRecord(subject) ? Object.entries(subject) : []));
  return mapText([[':valid?', validText(verdict)], ...fields.map(([name, value]): Member => [clojureName(name), fieldText(name, value)])]);
}

/** Fields that hold names: keywords in Clojure. */
const namesIn: readonly string[] = ['errorTypes', 'badErrorTypes', 'anomaly-types', 'not', 'also-not'];

function fieldText(name: string, value: unknown): string {
  if (Array.isArray(value) && namesIn.includes(name)) return `[${value.map((text) => `:${String(text)}`).join(' ')}]`;
  return valueText(value);
}

/** Field names become keywords; what holds no field but data, as the shares of latencies, has texts or numbers for keys. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(' ')}]`;
  if (isRecord(value)) {
    return mapText(Object.entries(value).filter(([, member]) => member !== undefined).map(([name, member]): Member => [clojureName(name), valueText(member)]));
  }
  return isScalar(value) ? ednOf(value) : 'nil';
}

/** `neverReadCount` becomes `:never-read-count`; a number stays one, and what no keyword can be called a text. */
function clojureName(name: string): string {
  if (/^[0-9]+(\.[0-9]+)?$/.test(name)) return name;
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) return JSON.stringify(name);
  const isName = /^[A-Z]/.test(name);
  return `:${isName ? name : name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function validText(kind: Verdict['kind']): string {
  return { good: 'true', violated: 'false', undecided: ':unknown' }[kind];
}

/** Clojure tells `1` from `1.0`. */
function double(number: number): string {
  return Number.isInteger(number) ? `${number}.0` : String(number);
}

type Member = readonly [name: string, text: string];

function mapText(members: readonly Member[]): string {
  return `{${members.map(([name, text]) => `${name} ${text}`).join(',\n ')}}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is Json {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
