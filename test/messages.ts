export interface Envelope {
  readonly src: string;
  readonly dest: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Every complete line on stdout, each of which must be a message. */
export function parsedLines(stdout: string): readonly Envelope[] {
  return stdout.slice(0, stdout.lastIndexOf('\n') + 1).split('\n').filter((line) => line !== '').map(envelopeOf);
}

function envelopeOf(line: string): Envelope {
  const envelope: unknown = JSON.parse(line);
  if (!isRecord(envelope) || !isRecord(envelope['body'])) throw new Error(`not a message: ${line}`);
  const { src, dest, body } = envelope;
  if (typeof src !== 'string' || typeof dest !== 'string') throw new Error(`not a message: ${line}`);
  return { src, dest, body };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A line as it goes to a node. */
export function line(src: string, body: object, dest = 'n1'): string {
  return `${JSON.stringify({ src, dest, body })}\n`;
}

export const initOfThree = line('c0', { type: 'init', msg_id: 1, node_id: 'n1', node_ids: ['n1', 'n2', 'n3'] });
export const initAlone = line('c0', { type: 'init', msg_id: 1, node_id: 'n1', node_ids: ['n1'] });
