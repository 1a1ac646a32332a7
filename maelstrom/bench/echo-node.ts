/**
 * A node that replicates nothing and answers from a map of its own: what a benchmark measures with it is what the
 * router, the pipes and a process in Node.js allow at most. It does no more than it must: one parse a line, one write
 * for all that has come.
 */
interface Request {
  readonly src: string;
  readonly dest: string;
  readonly body: { readonly type: string; readonly msg_id: number; readonly key?: unknown; readonly value?: unknown };
}

const values = new Map<unknown, string>();
let partial = '';

process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk: string) => {
  const lines = (partial + chunk).split('\n');
  partial = lines.pop() ?? '';
  let answers = '';
  for (const line of lines) answers += answerTo(line);
  process.stdout.write(answers);
});

function answerTo(line: string): string {
  const { src, dest, body }: Request = JSON.parse(line);
  const begins = `{"src":"${dest}","dest":"${src}","body":{"type":"`;
  const numbered = `"in_reply_to":${body.msg_id}`;
  switch (body.type) {
    case 'write':
      values.set(body.key, JSON.stringify(body.value));
      return `${begins}write_ok",${numbered}}}\n`;
    case 'read': {
      const value = values.get(body.key);
      if (value === undefined) return `${begins}error",${numbered},"code":20,"text":"key does not exist"}}\n`;
      return `${begins}read_ok",${numbered},"value":${value}}}\n`;
    }
    default:
      return `${begins}${body.type}_ok",${numbered}}}\n`;
  }
}
