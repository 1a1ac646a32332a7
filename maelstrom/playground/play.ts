import { carryOut } from './commands.ts';
import { parseScript } from './script.ts';
import type { Script } from './script.ts';
import { Stage } from './stage.ts';

/** Plays a script: the same commands, with the output that they have now. */
export function play(text: string): Script {
  const script = parseScript(text);
  const stage = new Stage();
  const steps = script.steps.map(({ before, command }) => {
    carryOut(stage, command);
    return { before, command, output: stage.takeTold() };
  });
  return { steps, after: script.after };
}
