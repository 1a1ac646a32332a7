import type { Finding } from '../../cluster/cluster.ts';
import type { Verdict } from '../verdict.ts';
import type { Figures, OperationFigures } from '../figures.ts';
import { stretchTexts } from '../terminal.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';

/** What is said of a run before anything is drawn; it can be read without the page's script. */
export interface Summary {
  readonly title: string;
  /** What was run, as pairs of a name and a value. */
  readonly facts: readonly (readonly [string, string])[];
  readonly verdict: Verdict;
  readonly figures: Figures;
  /** Whether the cluster was watched too: a history tells only what its clients saw. */
  readonly hasCluster: boolean;
  readonly findings: { readonly kept: readonly Finding[]; readonly omittedCount: number };
  /** The checker's, in words. */
  readonly explanation: readonly string[];
}

const verdictNames = { good: 'Good', violated: 'Bad', undecided: 'Undecided' };

export function summaryMarkup(summary: Summary): Markup {
  const { title, facts, verdict, figures, hasCluster } = summary;
  return html`<header>
<h1>${title}</h1>
${verdictMarkup(verdict)}
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>
<section aria-labelledby="figures"><h2 id="figures">Figures</h2>
<dl class="tiles">${tiles(figures, hasCluster).map(([name, value, unit, note]) => {
    return html`<div><dt>${name}</dt><dd>${value} <span>${unit}</span></dd><dd class="note">${note}</dd></div>`;
  })}</dl>
${operationsTable(figures)}
${hasCluster ? gapMarkup(figures) : ''}
</section>
${findingsMarkup(summary.findings)}
${explanationMarkup(summary.explanation)}`;
}

function verdictMarkup(verdict: Verdict): Markup {
  return html`<div class="verdict ${verdict.kind}" role="status"><strong>${verdictNames[verdict.kind]}</strong>
<div>${verdict.reasons.map((reason) => html`<p>${reason}</p>`)}</div></div>`;
}

type Tile = readonly [name: string, value: string, unit: string, note: string];

function tiles(figures: Figures, hasCluster: boolean): readonly Tile[] {
  const { operations, messages, leaderChanges, longestStretchWithoutOk: gap } = figures;
  const all = Object.values(operations);
  const count = (outcome: 'ok' | 'fail' | 'info') => all.reduce((sum, figure) => sum + figure[outcome], 0);
  const [ok, fail, info] = [count('ok'), count('fail'), count('info')];
  const ofMessages: readonly Tile[] = !hasCluster
    ? []
    : [
        [
          'Messages',
          messages.perOperation.toFixed(2),
          'per operation',
          `${messages.serversPerOperation.toFixed(2)} of them between nodes; ${grouped(messages.servers)} sent, ` +
            `${grouped(messages.lost)} of these lost to cuts`,
        ],
      ];
  const ofLeaders: readonly Tile[] =
    leaderChanges === undefined
      ? []
      : [['Leaders', String(leaderChanges), leaderChanges === 1 ? 'change' : 'changes', 'as far as was seen']];
  return [
    [
      'Throughput',
      figures.throughputPerSecond.toFixed(1),
      'ok a second',
      `over ${(figures.durationMs / 1000).toFixed(1)} s`,
    ],
    [
      'Operations',
      grouped(ok + fail + info),
      'ended',
      `${grouped(ok)} ok, ${grouped(fail)} fail, ${grouped(info)} info`,
    ],
    ...ofMessages,
    ...ofLeaders,
    [
      'Longest gap',
      ((gap.toMs - gap.fromMs) / 1000).toFixed(2),
      's without ok',
      `from ${(gap.fromMs / 1000).toFixed(2)} s to ${(gap.toMs / 1000).toFixed(2)} s`,
    ],
  ];
}

function operationsTable({ operations }: Figures): Markup {
  const heads = ['ok', 'fail', 'info', 'p50', 'p95', 'p99', 'max'];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Latency quantiles by operation"><table>
<caption>Latency quantiles by operation, of those that succeeded</caption>
<thead><tr><th scope="col">operation</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}
<th scope="col" class="text">errors</th></tr></thead>
<tbody>${Object.entries(operations).map(([name, figures]) => operationRow(name, figures))}</tbody></table></div>`;
}

function operationRow(name: string, { ok, fail, info, latencyMs, errors }: OperationFigures): Markup {
  const { p50, p95, p99, max } = latencyMs ?? {};
  const latencies = [p50, p95, p99, max].map((ms) => (ms === undefined ? '-' : `${ms.toFixed(1)} ms`));
  const why = Object.entries(errors)
    .toSorted(([, left], [, right]) => right - left)
    .map(([error, count]) => `${error} (${count})`);
  return html`<tr><th scope="row">${name}</th>
${[...[ok, fail, info].map(grouped), ...latencies].map((cell) => html`<td>${cell}</td>`)}
<td class="text">${why.join(', ')}</td></tr>`;
}

function gapMarkup({ longestStretchWithoutOk }: Figures): Markup {
  return html`<details class="gap"><summary>The longest gap</summary>
${stretchTexts(longestStretchWithoutOk).map((text) => html`<p>${text}</p>`)}</details>`;
}

function findingsMarkup({ kept, omittedCount }: Summary['findings']): Markup {
  if (kept.length === 0) return html``;
  const more = omittedCount === 0 ? html`` : html`<p>and ${omittedCount} more of the kind</p>`;
  return html`<section aria-labelledby="findings"><h2 id="findings">Findings</h2>
<ul class="findings">${kept.map(findingMarkup)}</ul>${more}</section>`;
}

function findingMarkup({ nodeId, what, atMs, line, stdoutTail = [], stderrTail }: Finding): Markup {
  return html`<li><strong>${nodeId}</strong> ${what} (at ${(atMs / 1000).toFixed(2)} s)
${line === undefined ? '' : html`<pre>${line}</pre>`}
${stdoutTail.length === 0 ? '' : html`<p>last on its stdout:</p><pre>${stdoutTail.join('\n')}</pre>`}
${stderrTail.length === 0 ? '' : html`<p>last on its stderr:</p><pre>${stderrTail.join('\n')}</pre>`}</li>`;
}

function explanationMarkup(lines: readonly string[]): Markup {
  if (lines.length === 0) return html``;
  return html`<section aria-labelledby="explanation"><h2 id="explanation">What the checker found</h2>
<div class="scroll" tabindex="0" role="region" aria-label="What the checker found">${paragraphs(lines).map((text) => {
    return html`<pre class="${/[├┣]/.test(text) ? 'drawn' : 'told'}">${text}</pre>`;
  })}</div></section>`;
}

/** What stands between empty lines. */
function paragraphs(lines: readonly string[]): readonly string[] {
  return lines.join('\n').split('\n\n');
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
