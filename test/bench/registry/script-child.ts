import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A script in a process of its own: it answers every question, one at a time, and ends with this process. */
export interface ScriptChild<Question extends object> extends AsyncDisposable {
  /** Rejects when the script ends before it has answered; its last words are on the standard error. */
  ask<Answer>(question: Question): Promise<Answer>;
}

export function startScript<Question extends object>(script: URL): ScriptChild<Question> {
  const child = fork(fileURLToPath(script), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  return {
    async ask<Answer>(question: Question): Promise<Answer> {
      const listening = new AbortController();
      const answered = once(child, 'message', listening);
      const ended = exited.then(([code]) => {
        listening.abort();
        throw new Error(`${fileURLToPath(script)} ended with ${code}`);
      });
      child.send(question);
      const [answer] = await Promise.race([answered, ended]);
      return answer as Answer;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** The script's side. A question that cannot be answered ends the script, and with it the bench. */
export function answerQuestions<Question>(answer: (question: Question) => Promise<object>): void {
  process.on('message', async (question) => {
    process.send?.(await answer(question as Question));
  });
  process.once('disconnect', () => process.exit());
}
