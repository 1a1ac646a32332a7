import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { play } from '../../maelstrom/playground/play.ts';
import { formatScript } from '../../maelstrom/playground/script.ts';

// Each file is played from its beginning, and says what came of each command. UPDATE_SCENARIOS=1 writes what comes now.
const directory = fileURLToPath(new URL('.', import.meta.url));
const isUpdate = process.env['UPDATE_SCENARIOS'] !== undefined;
const files = readdirSync(directory).filter((file) => file.endsWith('.txt'));

test.each(files)('%s', (file) => {
  const text = readFileSync(`${directory}${file}`, 'utf8');
  const played = formatScript(play(text));
  if (isUpdate) writeFileSync(`${directory}${file}`, played);
  else expect(played).toBe(text);
});
