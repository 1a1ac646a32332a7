import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { html, Markup, scriptJson } from './markup.ts';
import type { PageData } from './page-data.ts';
import { summaryMarkup } from './summary.ts';
import type { Summary } from './summary.ts';

/** The page's script and style are beside this file: among the sources, and copied into `dist/`. */
const folder = join(import.meta.dirname, 'page');

/** The page's script, in pieces, each after those it needs. They are plain JavaScript and go in as they are. */
const modules = [
  'columns',
  'search',
  'text',
  'elements',
  'colours',
  'data',
  'scale',
  'time-range',
  'readout',
  'reigns',
  'chart',
  'chart-parts',
  'rate-charts',
  'latency-chart',
  'node-chart',
  'gestures',
  'messages',
  'message-text',
  'filter-boxes',
  'diagram-view',
  'diagram-painter',
  'diagram',
  'picture-layout',
  'picture-painter',
  'picture',
  'main',
] as const;

/** The whole report: one HTML file that needs nothing else and loads nothing. */
export function reportPage(summary: Summary, data: PageData): string {
  const style = readAsset('style.css');
  const script = joinModules(modules.map((name) => readAsset(`${name}.js`)));
  // Only what was put here on purpose is run or applied, whatever a node may have smuggled into a value.
  const allowed = `script-src '${sha256(script)}'; style-src '${sha256(style)}'`;
  const policy = `default-src 'none'; ${allowed}; base-uri 'none'; form-action 'none'`;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${summary.title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#drawn">Skip to the charts</a>
<main>
${summaryMarkup(summary)}
<div id="drawn"><noscript><p>The charts are drawn by a script, which is switched off here.</p></noscript></div>
</main>
<script type="application/json" id="data">${scriptJson(data)}</script>
<script type="module">${new Markup(script)}</script>
</body>
</html>
`.text;
}

/**
 * Modules in one: without their imports, which lead to modules before them, and without the word `export`. They share
 * one scope then, so no two may give the same name to things at their top; the browser would refuse that.
 */
export function joinModules(sources: readonly string[]): string {
  const bare = sources.map((source) => source.replaceAll(/^import [^;]*;\n/gm, '').replaceAll(/^export /gm, ''));
  // In a script element this would end it, even inside of a string.
  return bare.join('\n').replaceAll('</script', String.raw`<\/script`);
}

function readAsset(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
