import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildPageData } from '../../../../maelstrom/report/html/build-data.ts';
import { html, scriptJson } from '../../../../maelstrom/report/html/markup.ts';
import { joinModules, reportPage } from '../../../../maelstrom/report/html/page.ts';
import { badRun } from './runs.ts';

const evil = '</script><img src=x onerror=alert(1)>"\'&<!--';

function page(title = 'a run') {
  const { recorded, summary } = badRun();
  return reportPage({ ...summary, title }, buildPageData(recorded));
}

describe('markup', () => {
  it('escapes all that is put into it, and not twice', () => {
    const inner = html`<b title="${'"'}">${'<i>'}</b>`;
    expect(html`<p>${inner}${[1, '&', html`<br>`]}</p>`.text).toBe('<p><b title="&quot;">&lt;i&gt;</b>1&amp;<br></p>');
  });

  it('has JSON that cannot end its script element, and says the same', () => {
    const { text } = scriptJson({ value: evil });
    expect(text).not.toContain('<');
    expect(JSON.parse(text)).toEqual({ value: evil });
  });
});

describe('joined modules', () => {
  it('are without imports and exports, in their order', () => {
    const sources = ["import { b } from './b.js';\n\nexport const a = 1;\n", 'export class C {}\n'];
    expect(joinModules(sources)).toBe('\nconst a = 1;\n\nclass C {}\n');
  });

  it('cannot end their script element', () => {
    expect(joinModules(['const a = "</script>";'])).toBe('const a = "<\\/script>";');
  });
});

describe('the page', () => {
  it('loads nothing', () => {
    expect(page()).not.toMatch(/<link|<iframe|<img|\ssrc=|url\(['"]?(?!#)|@import (?!\{)|fetch\(|XMLHttpRequest/);
  });

  it('lets exactly its own script run and its own style apply', () => {
    const text = page();
    const [policy = ''] = /default-src[^"]*/.exec(text) ?? [];
    for (const name of ['script', 'style']) {
      const [, content = ''] = new RegExp(`<${name}(?: type="module")?>([^]*?)</${name}>`).exec(text) ?? [];
      const hash = createHash('sha256').update(content).digest('base64');
      expect(policy).toContain(`${name}-src &#39;sha256-${hash}&#39;`);
    }
    expect(policy).toContain('default-src &#39;none&#39;');
    expect(policy).not.toContain('unsafe');
  });

  it('shows what a title says and does not do it', () => {
    expect(page(evil)).not.toContain('<img');
  });

  it('says of a good run what was good about it, whatever its workload', () => {
    const { recorded, summary } = badRun();
    const verdict = { kind: 'good', reasons: ['Every message stayed.'] } as const;
    const text = reportPage({ ...summary, verdict, explanation: [] }, buildPageData({ ...recorded, report: undefined }));
    expect(text).toContain('<p>Every message stayed.</p>');
    expect(text.replaceAll(/<script[^]*?<\/script>/g, '')).not.toContain('linearizable');
  });

  it('says the verdict without its script, too', () => {
    const static_ = page().replaceAll(/<script[^]*?<\/script>/g, '');
    expect(static_).toContain('Not linearizable: key 1.');
    expect(static_).toContain('process 1 read 1 from 0.050 s to 0.060 s,');
  });
});
