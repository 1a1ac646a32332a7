import { edge } from './graph.ts';
import type { Cycle, CycleEdge } from './cycle.ts';
import type { Step } from './transaction.ts';
import { shown } from './words.ts';
import type { Words } from './words.ts';

/** A cycle in sentences, one for each dependency. */
export function cycleSentences(cycle: Cycle, words: Words): readonly string[] {
  return cycle.map((step, place) => {
    const sentence = edgeSentence(step, words);
    return place === cycle.length - 1 ? `Yet ${sentence}.` : `${sentence}.`;
  });
}

/** Few words for an edge of a drawing: `wr key 3`. */
export function edgeLabel({ kind, key }: CycleEdge, words: Words): string {
  const name = edgeName(kind);
  return key === -1 ? name : `${name}, ${words.key(key)}`;
}

export function edgeName(kind: number): string {
  switch (kind) {
    case edge.ww:
    case edge.wwByProcess:
    case edge.wwByTime:
      return 'ww';
    case edge.wr:
      return 'wr';
    case edge.process:
      return 'process';
    case edge.realTime:
      return 'real time';
    default:
      return 'rw';
  }
}

function edgeSentence({ from, to, kind, key }: CycleEdge, words: Words): string {
  const [first, second] = [words.name(from), words.name(to)];
  switch (kind) {
    case edge.process:
      return `${first} ended before ${second} began, at the same client`;
    case edge.realTime:
      return `${first} ended before ${second} began`;
    default: {
      const told = words.type === 'list-append' ? listSentence : registerSentence;
      return `${told(first, second, { from, to, kind, key }, words)}${derivation(kind)}`;
    }
  }
}

function derivation(kind: number): string {
  if (kind === edge.wwByProcess || kind === edge.rwByProcess) return ' (a client met the values in that order)';
  if (kind === edge.wwByTime || kind === edge.rwByTime) return ' (the one was met before the other was)';
  return '';
}

function listSentence(first: string, second: string, { from, to, kind, key }: CycleEdge, words: Words): string {
  const name = words.key(key);
  if (kind === edge.ww) {
    const [before, after] = [appendedBy(from, key, words), appendedBy(to, key, words)];
    return `${second} appended ${after} to ${name} after ${first} had appended ${before}`;
  }
  if (kind === edge.wr) return `${first} appended ${appendedBy(from, key, words)} to ${name}, and ${second} saw it`;
  return `${first} did not see that ${second} appended ${appendedBy(to, key, words)} to ${name}`;
}

function registerSentence(first: string, second: string, { from, to, kind, key }: CycleEdge, words: Words): string {
  const name = words.key(key);
  const written = (place: number) => shown(lastWrite(words.transaction(place).steps, key));
  if (kind === edge.wr) return `${first} wrote ${written(from)} to ${name}, and ${second} read it`;
  const later = `${second} wrote ${written(to)} to ${name}`;
  if (edgeName(kind) === 'ww') return `${later} after ${first} had written ${written(from)}`;
  return `${later} over what ${first} had read there, which was ${shown(firstRead(words.transaction(from).steps, key))}`;
}

function appendedBy(place: number, key: number, words: Words): string {
  const values = words.transaction(place).steps.flatMap((step) => (step.f === 'write' && step.key === key ? [step.value] : []));
  return values.map(shown).join(' and ');
}

function lastWrite(steps: readonly Step[], key: number) {
  const write = steps.findLast((step) => step.f === 'write' && step.key === key);
  return write?.f === 'write' ? write.value : null;
}

function firstRead(steps: readonly Step[], key: number) {
  const read = steps.find((step) => step.f === 'read' && step.key === key);
  return read?.f === 'read' ? (read.result ?? null) : null;
}
