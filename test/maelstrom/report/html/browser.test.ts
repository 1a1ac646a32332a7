import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../../../maelstrom/history/history.ts';
import { buildPageData } from '../../../../maelstrom/report/html/build-data.ts';
import { reportPage } from '../../../../maelstrom/report/html/page.ts';
import { generate } from '../../checkers/register/generate.ts';
import { Chromium, findChromium } from './chromium.ts';
import type { Page } from './chromium.ts';
import { badRun, runOf } from './runs.ts';
import type { Sent } from './runs.ts';

// Reports in a real browser. Nothing here waits for a time: pages say when they are loaded and have drawn.

const executable = findChromium();
const folder = mkdtempSync(join(tmpdir(), 'eddy-report-'));
let browser: Chromium;

if (executable === undefined) {
  const what = 'NOT TESTED: no browser opens report.html, for there is no chromium here';
  process.stderr.write(
    `\n*** ${what}.\n*** Install it (Debian: apt-get install chromium) or name one in $CHROMIUM.\n\n`,
  );
}

beforeAll(() => {
  if (executable !== undefined) browser = new Chromium(executable);
});

afterAll(async () => {
  if (executable !== undefined) await browser.close();
  rmSync(folder, { recursive: true });
});

/** Opens the report of a run, lets `use` look at it, and finds that nothing went wrong in it. */
async function look(
  { recorded, summary }: ReturnType<typeof runOf>,
  use: (page: Page) => Promise<void>,
  screen: Parameters<Chromium['open']>[1] = {},
): Promise<void> {
  const file = join(folder, 'report.html');
  writeFileSync(file, reportPage(summary, buildPageData(recorded)));
  const page = await browser.open(file, screen);
  await use(page);
  expect(page.problems).toEqual([]);
  await page.close();
}

const goodEvents = generate({ seed: 1, clients: 3, operations: 400, keys: 3, values: 5, lost: 0.02 });
const goodDurationMs = (goodEvents.at(-1)?.time ?? 0) / 1e6;
const diagram = '.diagram canvas';
const picture = '.picture canvas';

/** What the checker found, in words. */
const explanation = '[aria-labelledby=explanation]';

/** How many points of a canvas have a colour that is about this red, green and blue. */
function painted(selector: string, colour: string): string {
  return `(() => {
    const canvas = document.querySelector('${selector}');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const probe = document.createElement('canvas').getContext('2d');
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--${colour}');
    probe.fillRect(0, 0, 1, 1);
    const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      const distance = Math.abs(data[at] - red) + Math.abs(data[at + 1] - green) + Math.abs(data[at + 2] - blue);
      if (distance < 12) count += 1;
    }
    return count;
  })()`;
}

describe.skipIf(executable === undefined)('the report in a browser', () => {
  it('of a good run draws every chart, and each can be read out', async () => {
    await look(runOf(goodEvents, [], goodDurationMs), async (page) => {
      expect(await page.text('.verdict')).toContain('Good');
      expect(await page.evaluate('document.querySelectorAll(".chart path.line").length')).toBeGreaterThan(8);
      expect(
        await page.evaluate(`[...document.querySelectorAll('.plot svg, canvas[tabindex]')].every((drawn) =>
        drawn.getAttribute('aria-label') !== '' && drawn.tabIndex === 0 && drawn.getBoundingClientRect().height > 20)`),
      ).toBe(true);
      await page.key('.chart:nth-of-type(2) .plot svg', 'ArrowRight', 'ArrowRight');
      expect(await page.text('.spoken')).toMatch(/s; read [\d.,]+ a second; write/);
      expect(await page.evaluate(painted('.plot canvas', 'series-0'))).toBeGreaterThan(0);
    });
  });

  it('of a failing run shows the failing operation, first of all keys, in the picture and in words', async () => {
    await look(badRun(), async (page) => {
      expect(await page.text('.verdict')).toContain('Not linearizable: key 1.');
      expect(await page.evaluate('document.querySelector("#drawn h2").id')).toBe('keys');
      expect(await page.text('#picture-note')).toContain('NOT linearizable');
      expect(await page.text(explanation)).toContain('no place for process 1 read 1');
      // Once is enough.
      expect(await page.evaluate('document.querySelector(".words").hidden')).toBe(true);
      // Not only the line where every order ends, but the frame of the operation as well.
      expect(await page.evaluate(painted(picture, 'bad'))).toBeGreaterThan(500);
      await page.evaluate('document.querySelector(".picture details").open = true');
      await page.frame();
      expect(await page.text('.picture tr.bad')).toBe('1read 10.05000 s0.06000 sokdoes not fit');
      expect(await page.text('.diagram select')).toContain('read 1 of key 1, which does not fit');
    });
  });

  it('zooms its charts together, by dragging and by keys, and back', async () => {
    await look(badRun(), async (page) => {
      const ticks = 'document.querySelectorAll(".chart")[1].querySelector("svg").textContent';
      const whole = await page.evaluate(ticks);
      const svg = '.chart .plot svg';
      const [left = 0, top = 0, width = 0] = await page.numbers(`(() => {
        document.querySelector('${svg}').scrollIntoView({ block: 'center' });
        const { left, top, width } = document.querySelector('${svg}').getBoundingClientRect();
        return [left, top, width];
      })()`);
      const mouse = (type: string, x: number) => {
        return page.send('Input.dispatchMouseEvent', { type, x, y: top + 10, button: 'left', clickCount: 1 });
      };
      await mouse('mousePressed', left + 0.4 * width);
      await mouse('mouseMoved', left + 0.5 * width);
      await mouse('mouseReleased', left + 0.6 * width);
      await page.frame();
      const zoomed = await page.evaluate(ticks);
      expect(zoomed).not.toBe(whole);
      await page.key(svg, '+');
      expect(await page.evaluate(ticks)).not.toBe(zoomed);
      await page.key(svg, '0');
      expect(await page.evaluate(ticks)).toBe(whole);
    });
  });

  it('shows messages, their fields, their answers and what was lost, by mouse and by keys', async () => {
    await look(badRun(), async (page) => {
      await page.evaluate(
        '[...document.querySelectorAll(".diagram button")].find((b) => b.textContent === "whole run").click()',
      );
      await page.frame();
      const count = '.diagram > [role=status]';
      expect(await page.text(count)).toMatch(/^9 messages from 0\.\d+ s to 0\.1\d* s$/);
      expect(await page.evaluate(painted(diagram, 'bad'))).toBeGreaterThan(20);
      await page.key(diagram, 'Home', 'n');
      expect(await page.text('.message-details h4')).toBe('write c1 → n1');
      await page.evaluate(
        '[...document.querySelectorAll(".message-details button")].find((b) => b.textContent === "its answer").click()',
      );
      await page.frame();
      expect(await page.text('.message-details')).toContain('write_ok n1 → c1');
      await page.evaluate('document.querySelector(".diagram input[type=checkbox]").click()');
      await page.frame();
      expect(await page.text(count)).toContain('2 of 9 pass the filter');
      await page.key(diagram, 'Escape', 'n');
      expect(await page.text('.message-details')).toMatch(/append_entries n1 → n2.*lost: the network was cut/);
      const before = await page.text(count);
      await page.key(diagram, '+');
      expect(await page.text(count)).not.toBe(before);
    });
  });

  it('finds messages by their text and by their types', async () => {
    await look(badRun(), async (page) => {
      await page.evaluate(`(() => {
        const sought = document.querySelector('.diagram input[type=search]');
        sought.value = '"KEY":1';
        sought.dispatchEvent(new Event('input'));
        return new Promise((done) => setTimeout(done, 300));
      })()`);
      await page.frame();
      expect(await page.text('.diagram > [role=status]')).toContain('3 of 9 pass the filter');
      await page.evaluate(`document.querySelector('.filters button[aria-label="no types"]').click()`);
      await page.frame();
      expect(await page.text('.diagram > [role=status]')).toContain('0 of 9 pass the filter');
    });
  });

  it('shows any key that is chosen, and all of them', async () => {
    await look(runOf(goodEvents, [], goodDurationMs), async (page) => {
      const choose = async (value: string) => {
        await page.evaluate(`(() => {
          const keys = document.querySelector('#key-choice');
          keys.value = '${value}';
          keys.dispatchEvent(new Event('change'));
        })()`);
        await page.frame();
        return page.text('#picture-note');
      };
      const notes = [await choose('0'), await choose('2'), await choose('-1')];
      expect(notes[0]).toMatch(/^Key \d: linearizable\. \d+ operations\. An order of \d+ of them explains/);
      expect(notes[1]).not.toBe(notes[0]);
      expect(notes[2]).toBe('All keys: 400 operations');
      await page.key(picture, 'n', 'n');
      expect(await page.text('.readout')).toMatch(/process \d+invoked at/);
    });
  });

  it('runs nothing that keys, values, names and types have smuggled in', async () => {
    const evil = '</script><img src=x onerror="document.title=1"><svg onload="document.title=1">';
    const events: HistoryEvent[] = [
      { index: 0, time: 1e6, process: 0, type: 'invoke', f: 'write', key: evil, value: evil },
      { index: 1, time: 2e6, process: 0, type: 'fail', f: 'write', key: evil, value: evil, error: [14, evil] },
      { index: 2, time: 3e6, process: 0, type: 'invoke', f: 'read', key: evil, value: null },
      { index: 3, time: 4e6, process: 0, type: 'ok', f: 'read', key: evil, value: evil },
      { index: 4, time: 5e6, process: 'nemesis', type: 'info', f: `start-${evil}`, value: [evil] },
    ];
    const messages: readonly Sent[] = [
      { atMs: 1, src: evil, dest: 'n1', body: { type: evil, [evil]: evil } },
      {
        atMs: 2,
        src: 'n1',
        dest: 'c1',
        body: JSON.parse('{"type":"__proto__","__proto__":{"x":1},"constructor":[1]}'),
      },
    ];
    const { recorded, summary } = runOf(events, messages, 10);
    const finding = {
      kind: 'malformed-output',
      nodeId: evil,
      atMs: 1,
      what: evil,
      line: evil,
      stderrTail: [evil],
    } as const;
    const marked = { ...summary, title: evil, findings: { kept: [finding], omittedCount: 0 } };
    await look({ recorded, summary: marked as typeof summary }, async (page) => {
      expect(await page.text('h1')).toBe(evil);
      await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
      await page.key(diagram, '0', 'n', 'n');
      await page.point(picture, { x: 0.5, y: 0.3, click: true });
      await page.point('.plot svg');
      await page.frame();
      expect(await page.evaluate('document.querySelectorAll("img, [onload], [onerror]").length')).toBe(0);
      expect(await page.evaluate('document.title')).toBe(evil);
      expect(await page.text(explanation)).toContain(evil.slice(0, 20));
    });
  });

  it('shows 100,000 messages, of which it draws no more than can be seen', async () => {
    const many = Array.from({ length: 100_000 }, (_, place): Sent => {
      const [src, dest] = [`n${(place % 3) + 1}`, `n${((place + 1) % 3) + 1}`];
      return { atMs: place / 2, src, dest, body: { type: place % 2 === 0 ? 'ask' : 'answer', msg_id: place } };
    });
    await look(runOf(goodEvents, many, 50_000), async (page) => {
      const count = '.diagram > [role=status]';
      expect(await page.text(count)).toMatch(/^2\d\d messages from/);
      await page.key(diagram, '0');
      expect(await page.text(count)).toMatch(/^100,000 messages from/);
      const moves = `(() => {
        const canvas = document.querySelector('${diagram}');
        const strokes = CanvasRenderingContext2D.prototype.lineTo;
        let lines = 0;
        CanvasRenderingContext2D.prototype.lineTo = function (x, y) { lines += 1; return strokes.call(this, x, y); };
        canvas.dispatchEvent(new KeyboardEvent('keydown', { key: '0' }));
        return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(lines))));
      })()`;
      expect(await page.evaluate(moves)).toBeLessThan(10_000);
    });
  });

  it.each([
    ['on a phone', { width: 375, height: 700, isMobile: true }],
    ['by night', { isDark: true }],
  ])('fits %s', async (_, screen) => {
    await look(
      badRun(),
      async (page) => {
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        const dark = await page.evaluate('getComputedStyle(document.body).backgroundColor');
        expect(dark).toBe('isDark' in screen ? 'rgb(20, 24, 29)' : 'rgb(255, 255, 255)');
      },
      screen,
    );
  });

  it('is printed in light, also by night', async () => {
    await look(
      badRun(),
      async (page) => {
        await page.evaluate(`addEventListener('beforeprint', () => {
        globalThis.printed = ['${picture}', '${diagram}'].map((name) => {
          return [...document.querySelector(name).getContext('2d').getImageData(2, 2, 1, 1).data];
        });
      })`);
        expect((await page.print()).subarray(0, 5).toString()).toBe('%PDF-');
        expect(await page.evaluate('printed')).toEqual([
          [255, 255, 255, 255],
          [255, 255, 255, 255],
        ]);
      },
      { isDark: true },
    );
  });
});
