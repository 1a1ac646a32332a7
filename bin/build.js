// How a working copy gets from TypeScript to JavaScript: compiled once into dist/, and again as soon as a source has
// changed, so that what runs is what can be read. Starting through a TypeScript loader instead costs several hundred
// milliseconds a process; this check costs one or two.
//
// bin/raft is one file besides: to load its 160 modules, half of them zod's, takes as long as Node.js itself. So is the
// command check of bin/eddy, which may be run for one short history after the other.
//
// A source has changed when its size or its time is another than at the last build. No time is compared with "now":
// a clock that is wrong, or a file from the future, does not matter.
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, 'dist');
const stamp = join(output, '.built');
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const inputs = ['src', 'maelstrom', 'tsconfig.json'];
/** Not compiled: the report takes these files as they are. */
const assets = join('maelstrom', 'report', 'html', 'page');

export async function buildIfStale() {
  const sources = describeSources();
  if (!isBuiltFrom(sources)) await build(sources);
}

function isBuiltFrom(sources) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sources;
}

/** A line for each source: size, time of the last change, path. */
function describeSources() {
  const lines = [];
  const visit = (path) => {
    const status = statSync(join(root, path), { throwIfNoEntry: false });
    if (status === undefined) return;
    if (status.isDirectory()) for (const name of readdirSync(join(root, path))) visit(`${path}/${name}`);
    else lines.push(`${status.size} ${status.mtimeMs} ${path}\n`);
  };
  inputs.forEach(visit);
  return lines.join('');
}

/**
 * Compiles beside dist/ and then moves into place, so that no process ever loads half a build. The stamp describes the
 * sources as they were before: one that is saved while the compiler runs differs from it, and is compiled next time.
 */
async function build(sources) {
  const { spawnSync } = await import('node:child_process'); // Not at every start: it takes some milliseconds to load.
  const fresh = `${output}.${process.pid}`;
  const compiled = spawnSync(process.execPath, [compiler, '-p', root, '--outDir', fresh], { encoding: 'utf8' });
  if (compiled.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    process.stderr.write(`cannot build ${root}\n${compiled.stdout}${compiled.stderr}`);
    process.exit(2);
  }
  const filter = (path) => !path.endsWith('tsconfig.json');
  if (existsSync(join(root, assets))) cpSync(join(root, assets), join(fresh, assets), { recursive: true, filter });
  await bundle(join(fresh, 'src', 'stdio', 'main.js'), join(fresh, 'raft.js'));
  const check = join(fresh, 'maelstrom', 'commands', 'check.js');
  if (existsSync(check)) await bundle(check, check, ['../report/html/history-report.js']);
  writeFileSync(join(fresh, '.built'), sources);
  moveIntoPlace(fresh, sources);
}

/** Joins a module and all that it imports, but for what is external. The bundler is the one that tsx brings. */
async function bundle(entryPoint, outfile, external = []) {
  const require = createRequire(import.meta.url);
  const { build: joinModules } = createRequire(require.resolve('tsx/package.json'))('esbuild');
  const license = readFileSync(join(root, 'node_modules', 'zod', 'LICENSE'), 'utf8');
  await joinModules({
    entryPoints: [entryPoint],
    outfile,
    allowOverwrite: true,
    external,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: `/* With zod in it, whose license is:\n\n${license}*/` },
    plugins: [withoutTranslations],
  });
}

/** Zod's own messages in fifty languages, none of which is ever shown. */
const withoutTranslations = {
  name: 'without translations',
  setup: ({ onLoad }) => onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: '' })),
};

/** Where two processes build at once, the first to arrive stands: it may be being loaded already. */
function moveIntoPlace(fresh, sources) {
  const old = `${fresh}.old`;
  if (!isBuiltFrom(sources)) {
    if (existsSync(output)) ignoringRace(() => renameSync(output, old));
    ignoringRace(() => renameSync(fresh, output));
  }
  for (const leftover of [fresh, old]) rmSync(leftover, { recursive: true, force: true });
}

function ignoringRace(move) {
  try {
    move();
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
  }
}

// `npm run build` builds always. When npm installs without development dependencies there is nothing to build with.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--if-possible')) await build(describeSources());
  else if (existsSync(compiler)) await buildIfStale();
  else process.stderr.write('dist/ is left as it is: the compiler is a development dependency, and is not installed\n');
}
