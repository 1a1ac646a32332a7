// Starts a compiled module of dist/. It runs on old versions of Node.js too, so that it can refuse them.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const oldestNode = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a module of dist/. In a working copy, which has sources and a compiler, that is built first where it is stale. */
export async function launch(compiledModule) {
  const version = process.versions.node;
  if (Number.parseInt(version, 10) < oldestNode) refuse(`Node.js ${oldestNode} or newer is needed; this is ${version}`);
  if (process.argv[2] === '--version') return tellVersion();
  if (isWorkingCopy()) await (await import('./build.js')).buildIfStale();
  const file = join(root, 'dist', compiledModule);
  if (!existsSync(file)) refuse(`${root} is not built. Install with the development dependencies: npm ci`);
  await import(pathToFileURL(file).href);
}

/** The package has no build.js. An installation without development dependencies has no compiler. */
function isWorkingCopy() {
  return existsSync(join(root, 'bin', 'build.js')) && existsSync(join(root, 'node_modules', 'typescript'));
}

function tellVersion() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.stdout.write(`${name} ${version}\n`);
}

function refuse(why) {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}
