// How the executables get from TypeScript to JavaScript: compiled once into dist/, and again as soon as a source
// is newer than the last build, so that what runs is never older than what can be read. Starting through a
// TypeScript loader instead costs several hundred milliseconds a process; this check costs about one.
import { existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, 'dist');
const stamp = join(output, '.built');
const inputs = ['src', 'maelstrom', 'tsconfig.json'].map((name) => join(root, name));

/** Builds if a source is newer than the build, then runs the given module of it. */
export async function launch(compiledModule) {
  if (isStale()) await build();
  await import(pathToFileURL(join(output, compiledModule)).href);
}

function isStale() {
  if (!existsSync(stamp)) return true;
  const builtAtMs = statSync(stamp).mtimeMs;
  return inputs.some((input) => newestChangeMs(input) > builtAtMs);
}

/** A directory counts too: its time changes when a file in it is removed or renamed. */
function newestChangeMs(path) {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 0;
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newestChangeMs(join(path, name))));
}

/** Compiles beside dist/ and then moves into place, so that nobody ever loads half a build. */
async function build() {
  const { spawnSync } = await import('node:child_process'); // Not at every start: it takes some milliseconds to load.
  const startedAt = new Date();
  const fresh = `${output}.${process.pid}`;
  const old = `${fresh}.old`;
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const compiled = spawnSync(process.execPath, [compiler, '-p', root, '--outDir', fresh], { encoding: 'utf8' });
  if (compiled.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    process.stderr.write(`cannot build ${root} (is it installed? try: npm ci)\n${compiled.stdout}${compiled.stderr}`);
    process.exit(2);
  }
  // The stamp carries the time the build began: a source saved while the compiler ran is newer, and builds again.
  writeFileSync(join(fresh, '.built'), startedAt.toISOString());
  utimesSync(join(fresh, '.built'), startedAt, startedAt);
  moveIntoPlace(fresh, old);
}

/** Where two processes build at once, the first to arrive stands: it may be being loaded already. */
function moveIntoPlace(fresh, old) {
  if (isStale()) {
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

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
