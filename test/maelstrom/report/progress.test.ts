import { expect, it } from 'vitest';
import type { HistoryEvent } from '../../../maelstrom/history/history.ts';
import { Progress } from '../../../maelstrom/report/progress.ts';

const stamp = { index: 0, time: 0 };
const ok: HistoryEvent = { ...stamp, process: 0, type: 'ok', f: 'read', key: 1, value: 1 };
const cut: HistoryEvent = { ...stamp, process: 'nemesis', type: 'info', f: 'start-partition', value: null };
const healed: HistoryEvent = { ...cut, f: 'stop-partition' };

function progress(isTerminal: boolean) {
  const written: string[] = [];
  return { progress: new Progress({ isTerminal, write: (text) => written.push(text) }, 10_000), written };
}

it('updates one line each second on a terminal', () => {
  const { progress: shown, written } = progress(true);
  shown.add(ok);
  shown.tick();
  shown.add(ok);
  shown.add(ok);
  shown.add(cut);
  shown.tick();
  shown.add(healed);
  shown.tick();
  expect(written).toEqual([
    '\r\x1b[2K1 of 10 s: 1 ok, 0 fail, 0 info, 1 ok in the last second',
    '\r\x1b[2K2 of 10 s: 3 ok, 0 fail, 0 info, 2 ok in the last second, network cut',
    '\r\x1b[2K3 of 10 s: 3 ok, 0 fail, 0 info, 0 ok in the last second',
  ]);
});

it('shows which faults are in force', () => {
  const { progress: shown, written } = progress(true);
  shown.add(cut);
  shown.add({ ...cut, f: 'start-kill', value: ['n0', 'n2'] });
  shown.add({ ...cut, f: 'start-pause', value: ['n1'] });
  shown.tick();
  shown.add({ ...cut, f: 'stop-kill', value: ['n0', 'n2'] });
  shown.tick();
  expect(written.map((text) => text.split('last second')[1])).toEqual([
    ', network cut, n0 n2 down, n1 paused',
    ', network cut, n1 paused',
  ]);
});

it('removes that line before it says something else, and at the end', () => {
  const { progress: shown, written } = progress(true);
  shown.tick();
  shown.say('n1 exited');
  shown.end();
  expect(written.slice(1)).toEqual(['\r\x1b[2K', 'n1 exited\n']);
});

it('writes a whole line every five seconds elsewhere', () => {
  const { progress: shown, written } = progress(false);
  for (let second = 1; second <= 11; second += 1) shown.tick();
  expect(written).toEqual([
    '5 of 10 s: 0 ok, 0 fail, 0 info, 0 ok in the last second\n',
    '10 of 10 s: 0 ok, 0 fail, 0 info, 0 ok in the last second\n',
  ]);
});
