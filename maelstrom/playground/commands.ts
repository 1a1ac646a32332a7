/** The commands of a scenario. `README.md` in this folder says what each does. */
import type { Json } from '../../src/services/json.ts';
import { defaultSnapshotPolicy } from '../../src/index.ts';
import type { Entry } from '../../src/index.ts';
import { campaign, elect } from './elections.ts';
import { roleWords } from './seen.ts';
import type { RequestBody, Stage } from './stage.ts';
import { wordsOf } from './wire.ts';
import { entriesWords } from './words.ts';

type Command = (stage: Stage, words: readonly string[], whole: string) => void;

/** Carries out one command. Throws where it is not understood. */
export function carryOut(stage: Stage, command: string): void {
  const [name = '', ...words] = command.split(/\s+/);
  const found = commands.get(name);
  if (found === undefined) throw new Error(`there is no command ${name}`);
  found(stage, words, command);
}

const clientCommands = ['read', 'write', 'cas', 'delete', 'append'] as const;
type Operation = (typeof clientCommands)[number];

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['cluster', cluster],
  ['past', past],
  ...clientCommands.map((name): [string, Command] => [name, (stage, words) => ask(stage, name, words)]),
  ['send', send],
  ['deliver', (stage, words) => deliver(stage, words)],
  ['repeat', repeat],
  ['drop', drop],
  ['hold', hold],
  ['settle', (stage) => stage.settle()],
  ['cut', (stage, words) => stage.wire.cut(stage.nodeIds, partsOf(words))],
  ['heal', (stage) => stage.wire.heal()],
  ['wait', wait],
  ['campaign', (stage, words) => campaign(stage, wordOf(words, 0))],
  ['elect', electWith],
  ['slow', (stage, words) => setDisks(stage, words, true)],
  ['quick', (stage, words) => setDisks(stage, words, false)],
  ['sync', (stage, words) => each(words, (nodeId) => stage.sync(nodeId))],
  ['reconfigure', reconfigure],
  ['transfer', transfer],
  ['crash', crash],
  ['restart', (stage, words) => each(words, (nodeId) => stage.restart(nodeId))],
  ['show', show],
]);

/** `cluster 3`, or `cluster 3 maxAppendBytes=1`: with bounds other than the usual. */
function cluster(stage: Stage, [count = '', ...fields]: readonly string[]): void {
  const joiners = Number(fields.find((field) => field.startsWith(joinersField))?.slice(joinersField.length) ?? 0);
  const nodeIds = Array.from({ length: numberOf(count) + joiners }, (_, place) => `n${place + 1}`);
  const isBound = (field: string): boolean => field !== leaseField && !field.startsWith(joinersField);
  const bounds = new Map(fields.filter(isBound).map(boundOf));
  const raft = raftBounds.filter((name) => bounds.has(name)).map((name) => [name, bounds.get(name)]);
  const snapshots = {
    ...defaultSnapshotPolicy,
    snapshotEntries: bounds.get('snapshotEntries') ?? defaultSnapshotPolicy.snapshotEntries,
    keepEntries: bounds.get('keepEntries') ?? defaultSnapshotPolicy.keepEntries,
  };
  const readMode = fields.includes(leaseField) ? { readMode: 'lease' as const } : {};
  stage.start(nodeIds, numberOf(count), { raft: { ...Object.fromEntries(raft), ...readMode }, snapshots });
}

const leaseField = 'readMode=lease';
/** Nodes that run, and are no members until they are taken in. */
const joinersField = 'joiners=';
const raftBounds: readonly string[] = [
  'maxInFlight',
  'maxAppendBytes',
  'maxReadRounds',
  'maxSnapshotChunkBytes',
  'maxHeldBackEntries',
  'maxUncommittedEntries',
  'maxBatchBytes',
];

function boundOf(word: string): readonly [string, number] {
  const [name = '', value = ''] = word.split('=');
  if (![...raftBounds, 'snapshotEntries', 'keepEntries'].includes(name)) throw new Error(`there is no bound ${name}`);
  return [name, numberOf(value)];
}

/** `past n1 term=7 vote=n2 log=1,1,4`: the log as the terms of its entries. */
function past(stage: Stage, [nodeId = '', ...fields]: readonly string[]): void {
  const field = (name: string): string | undefined =>
    fields.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const terms = (field('log') ?? '').split(',').filter(Boolean).map(numberOf);
  const entries = terms.map((term, place): Entry => ({ term, index: place + 1, command: `SET x ${place + 1}` }));
  stage.startWithPast(nodeId, { term: numberOf(field('term') ?? '0'), votedFor: field('vote') ?? null, entries });
}

function ask(stage: Stage, operation: Operation, [nodeId = '', ...words]: readonly string[]): void {
  const msgId = stage.requests.add(`${operation} ${words.join(' ')} at ${nodeId}`);
  stage.ask(nodeId, 'c1', bodyOf(operation, words), msgId);
}

function bodyOf(operation: Operation, words: readonly string[]): RequestBody {
  const [key = '', first = '', second = ''] = words;
  switch (operation) {
    case 'read':
    case 'delete':
      return { type: operation, key };
    case 'write':
      return { type: 'write', key, value: valueOf(first) };
    case 'cas':
      return { type: 'cas', key, from: valueOf(first), to: valueOf(second) };
    case 'append': {
      const fence = words.find((word) => word.startsWith('term='));
      const command = words.filter((word) => word !== fence).join(' ');
      return { type: 'raft_append', entry: { ...(fence && { term: numberOf(fence.slice(5)) }), command } };
    }
  }
}

/** `send n1->n2 {"type":...}`: the message has not come from n1, it only says so. */
function send(stage: Stage, [link = '']: readonly string[], whole: string): void {
  const [from = '', to = ''] = link.split('->');
  const body: unknown = JSON.parse(whole.slice(whole.indexOf('{')));
  if (typeof body !== 'object' || body === null) throw new Error('a body is an object');
  stage.send(from, to, { ...body });
}

function deliver(stage: Stage, words: readonly string[]): void {
  const held = stage.wire.takeHeld(wordOf(words, 0));
  if (held !== undefined) return stage.deliver(held);
  const taken = stage.wire.take(words);
  if (taken.length === 0) stage.tell('nothing is in flight there');
  for (const sent of taken) stage.deliver(sent);
  return undefined;
}

/** Delivers a copy; the message itself stays in flight. */
function repeat(stage: Stage, words: readonly string[]): void {
  for (const sent of stage.wire.select(words)) stage.deliver(sent);
}

function drop(stage: Stage, words: readonly string[]): void {
  const dropped = stage.wire.take(words);
  stage.tell(dropped.length === 0 ? 'nothing is in flight there' : `${dropped.length} lost`);
}

/** `hold n1->n2 as late`: it is delivered when the script says `deliver late`. */
function hold(stage: Stage, words: readonly string[]): void {
  const [sent, ...more] = stage.wire.take(words.slice(0, words.indexOf('as')));
  if (sent === undefined || more.length > 0) throw new Error('hold one message');
  stage.wire.hold(sent, wordOf(words, words.indexOf('as') + 1));
  stage.tell(`late: ${wordsOf(sent)}`);
}

function partsOf(words: readonly string[]): readonly (readonly string[])[] {
  return words.join(' ').split('|').map((part) => part.trim().split(' '));
}

/** `wait 150`, of all clocks; `wait 150 n1 n2`, of these. */
function wait(stage: Stage, [duration = '', ...nodeIds]: readonly string[]): void {
  stage.wait(nodeIds.length > 0 ? nodeIds : stage.nodeIds, numberOf(duration));
}

/** `elect n2 with n3`. */
function electWith(stage: Stage, [candidate = '', , ...voters]: readonly string[]): void {
  elect(stage, candidate, voters);
}

function setDisks(stage: Stage, nodeIds: readonly string[], isSlow: boolean): void {
  each(nodeIds, (nodeId) => stage.actor(nodeId).setDisk(isSlow));
}

/** `reconfigure n1 n1 n2 n4 learners n5`: n1 is asked to make these the voters, and these the learners. */
function reconfigure(stage: Stage, [nodeId = '', ...names]: readonly string[]): void {
  const end = names.includes('learners') ? names.indexOf('learners') : names.length;
  const body = { type: 'raft_reconfigure', voters: names.slice(0, end), learners: names.slice(end + 1) };
  stage.ask(nodeId, 'c1', body, stage.requests.add(`reconfigure ${names.join(' ')} at ${nodeId}`));
}

/** `transfer n1 to n2`, or `transfer n1`. */
function transfer(stage: Stage, [nodeId = '', , to]: readonly string[]): void {
  const name = `transfer${to === undefined ? '' : ` to ${to}`} at ${nodeId}`;
  stage.ask(nodeId, 'c1', { type: 'raft_transfer', ...(to && { to }) }, stage.requests.add(name));
}

/** `crash n1`; `crash n1 after its write`: the disk has it, though the node has not heard so. */
function crash(stage: Stage, [nodeId = '', ...rest]: readonly string[]): void {
  stage.crash(nodeId, rest.join(' ') === 'after its write');
}

function show(stage: Stage, [what = '', ...nodeIds]: readonly string[]): void {
  const chosen = nodeIds.length > 0 ? nodeIds : stage.nodeIds;
  switch (what) {
    case 'log':
      return each(chosen, (nodeId) => stage.tell(`${nodeId} ${entriesWords(stage.actor(nodeId).seen.entries)}`));
    case 'nodes':
      return each(chosen, (nodeId) => stage.tell(nodeLine(stage, nodeId)));
    case 'disk':
      return each(chosen, (nodeId) => stage.showDisk(nodeId));
    case 'messages':
      stage.tell(...stage.wire.inFlight.map(wordsOf));
      return stage.tell(...[...stage.wire.held].map(([name, message]) => `${name}: ${wordsOf(message)}`));
    case 'lines':
      return stage.tell(...stage.wire.inFlight.map(({ line }) => line));
    default:
      throw new Error(`there is nothing to show called ${what}`);
  }
}

function nodeLine(stage: Stage, nodeId: string): string {
  const actor = stage.actor(nodeId);
  if (!actor.isUp) return `${nodeId} is down`;
  const { commitIndex, lastIndex } = actor.seen;
  return `${nodeId} is ${roleWords(actor.seen)}, commit ${commitIndex}, log ends ${lastIndex}`;
}

function each(words: readonly string[], run: (word: string) => void): void {
  for (const word of words) run(word);
}

function wordOf(words: readonly string[], place: number): string {
  const word = words[place];
  if (word === undefined) throw new Error('a word is missing');
  return word;
}

/** A number, a list or an object where it looks like one, else the word. */
function valueOf(word: string): Json {
  return /^[\d[{]/.test(word) ? JSON.parse(word) : word;
}

function numberOf(word: string): number {
  if (!/^\d+$/.test(word)) throw new Error(`${word} is not a number`);
  return Number(word);
}
