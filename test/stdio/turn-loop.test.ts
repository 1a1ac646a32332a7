import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { TurnLoop } from '../../src/stdio/turn-loop.ts';

/** A loop around a node that says one line a turn, and notes what it is told. */
class Stage {
  nowMs = 100;
  isDiskWriting = false;
  isOutputFull = false;
  isInputPaused = false;
  hasFinished = false;
  hasMore = false;
  isBehind = false;
  /** Whether its node leads, and lets another lead when it is asked to. */
  isYielding = false;
  linesSaid = 0;
  onTurn: () => void = () => {};
  readonly told: { readonly what: 'bytes' | 'end' | 'turn'; readonly nowMs: number }[] = [];
  readonly loop: TurnLoop;

  constructor() {
    const note = (what: 'bytes' | 'end' | 'turn', nowMs: number): void => {
      this.told.push({ what, nowMs });
    };
    const [hasMore, isBehind] = [() => this.hasMore, () => this.isBehind];
    const isYielding = (): boolean => this.isYielding;
    this.loop = new TurnLoop({
      node: {
        get hasMore() {
          return hasMore();
        },
        get isBehind() {
          return isBehind();
        },
        receive: (_bytes, nowMs) => note('bytes', nowMs),
        endInput: (nowMs) => note('end', nowMs),
        turn: (nowMs) => {
          note('turn', nowMs);
          this.onTurn();
          return { lines: ['{}'], log: [] };
        },
        nextDeadlineMs: () => Infinity,
        yieldLeadership: () => this.isYielding,
        get isYielding() {
          return isYielding();
        },
      },
      nowMs: () => this.nowMs,
      output: this.#output(),
      input: {
        pause: () => {
          this.isInputPaused = true;
        },
        resume: () => {
          this.isInputPaused = false;
        },
      },
      writeLog: () => {},
      isDiskWriting: () => this.isDiskWriting,
      onFinished: () => {
        expect(this.hasFinished).toBe(false);
        this.hasFinished = true;
      },
    });
  }

  receive(): void {
    this.loop.receive(Buffer.from('\n'));
  }

  heard(what: string): number {
    return this.told.filter((event) => event.what === what).length;
  }

  #output(): { readonly isFull: boolean; write(lines: readonly string[]): void } {
    const isFull = (): boolean => this.isOutputFull;
    return {
      get isFull() {
        return isFull();
      },
      write: (lines) => {
        this.linesSaid += lines.length;
      },
    };
  }
}

test('a turn takes all that has come before it', async () => {
  const stage = new Stage();
  stage.receive();
  stage.receive();
  await nextTurn();
  expect(stage.told.map(({ what }) => what)).toEqual(['bytes', 'bytes', 'turn']);
});

describe('while the reader of the output is behind', () => {
  test('there is no turn and no input; afterwards both go on', async () => {
    const stage = new Stage();
    stage.isOutputFull = true;
    stage.receive();
    await nextTurn();
    expect([stage.heard('turn'), stage.isInputPaused]).toEqual([1, true]);
    stage.loop.diskProgressed();
    await nextTurn();
    expect(stage.heard('turn')).toBe(1);
    stage.isOutputFull = false;
    stage.loop.outputHasRoom();
    expect(stage.isInputPaused).toBe(false);
    stage.receive();
    await nextTurn();
    expect(stage.heard('turn')).toBe(2);
  });

  test('the end waits', () => {
    const stage = new Stage();
    stage.isOutputFull = true;
    stage.loop.end();
    expect([stage.heard('turn'), stage.hasFinished]).toEqual([0, false]);
    stage.isOutputFull = false;
    stage.loop.outputHasRoom();
    expect([stage.heard('turn'), stage.hasFinished]).toEqual([1, true]);
  });
});

test('while the node has much to say no input is taken, but turns go on', async () => {
  const stage = new Stage();
  stage.isBehind = true;
  stage.receive();
  await nextTurn();
  expect([stage.heard('turn'), stage.isInputPaused]).toEqual([1, true]);
  stage.isBehind = false;
  stage.loop.diskProgressed();
  await nextTurn();
  expect([stage.heard('turn'), stage.isInputPaused]).toEqual([2, false]);
});

describe('an end that waits until another node leads', () => {
  test('waits for nothing where the node does not lead', () => {
    const stage = new Stage();
    stage.loop.yieldAndEnd(60_000);
    expect(stage.hasFinished).toBe(true);
  });

  test('goes on with turns and input, and ends when another leads', async () => {
    const stage = new Stage();
    stage.isYielding = true;
    stage.loop.yieldAndEnd(60_000);
    stage.receive();
    await nextTurn();
    expect([stage.heard('bytes'), stage.heard('turn'), stage.hasFinished]).toEqual([1, 1, false]);
    stage.isYielding = false;
    stage.receive();
    await nextTurn();
    expect(stage.hasFinished).toBe(true);
  });

  test('does not wait for ever', async () => {
    const stage = new Stage();
    stage.isYielding = true;
    stage.loop.yieldAndEnd(1);
    while (!stage.hasFinished) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(stage.heard('end')).toBe(1);
  });
});

describe('after the end', () => {
  test('all that the node has to say is said, however many turns that takes', () => {
    const stage = new Stage();
    stage.loop.end();
    expect(stage.heard('turn')).toBe(1);
    const talkative = new Stage();
    talkative.hasMore = true;
    talkative.onTurn = () => {
      talkative.hasMore = talkative.heard('turn') < 500;
    };
    talkative.loop.end();
    expect([talkative.heard('turn'), talkative.hasFinished]).toEqual([500, true]);
  });

  test('time stands still, whatever the disk and the input still do', async () => {
    const stage = new Stage();
    stage.receive();
    await nextTurn();
    stage.isDiskWriting = true;
    stage.nowMs = 200;
    stage.loop.end();
    for (stage.nowMs = 300; stage.nowMs < 2000; stage.nowMs += 100) {
      stage.receive();
      stage.loop.diskProgressed();
      await nextTurn();
    }
    expect(new Set(stage.told.map(({ nowMs }) => nowMs))).toEqual(new Set([100]));
  });

  test('nothing more is taken in', async () => {
    const stage = new Stage();
    stage.isDiskWriting = true;
    stage.loop.end();
    stage.receive();
    await nextTurn();
    expect(stage.heard('bytes')).toBe(0);
  });

  test('the node goes on for as long as the disk has something to do, but has a bounded number of turns', () => {
    const stage = new Stage();
    stage.isDiskWriting = true;
    stage.loop.end();
    for (let count = 0; count < 1000; count += 1) stage.loop.diskProgressed();
    expect([stage.heard('turn'), stage.hasFinished]).toEqual([16, false]);
    stage.isDiskWriting = false;
    stage.loop.diskProgressed();
    expect(stage.hasFinished).toBe(true);
  });

  test('it ends once', () => {
    const stage = new Stage();
    stage.loop.end();
    stage.loop.end();
    stage.loop.diskProgressed();
    expect(stage.told.map(({ what }) => what)).toEqual(['end', 'turn']);
  });
});
