import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/**
 * Reads a line from a terminal that shows nothing of it. Undefined when the input ends instead. Ctrl-C ends the process,
 * as it does where nobody is asked.
 */
export function askHidden(terminal: NodeJS.ReadableStream): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const options = { input: terminal, output: nowhere, terminal: true, historySize: 0 };
  const reader = createInterface(options);
  return new Promise((resolve) => {
    reader.once('line', (line) => {
      resolve(line);
      reader.close();
    });
    reader.once('close', () => resolve(undefined));
    reader.once('SIGINT', () => {
      reader.close();
      process.kill(process.pid, 'SIGINT');
    });
  });
}
