import { readSettings, tagtrailSettings } from '@tagtrail/config';
import { openRegistry, operatorCredentials } from '@tagtrail/worker';
import type { CommandContext } from '../command-context.ts';
import { type StopSignals, withStopSignals } from '../stop-signals.ts';
import { formatStructured } from '../terminal/structured-output.ts';
import { DialogueRecord } from './dialogue-record.ts';
import { stepLines } from './doctor-lines.ts';
import { conclusionOf, type Examination, isHealthy, type Step } from './examination.ts';
import { examinationJson } from './examination-json.ts';
import { examine, type Patient } from './examine.ts';
import { readSubject } from './read-subject.ts';

/** Times the deadline of a step, for everything: four requests are the most, and none should be cut off by the others. */
const STEPS_IN_TIME = 5;
/** Exit code of a registry that was examined and is not well; 1 means that it could not be examined. */
const UNWELL = 3;

/** What decides how a worker looks. */
const SETTINGS = tagtrailSettings.pick({ registries: true, import: true });

export interface DoctorFlags {
  readonly config?: string;
  readonly insecure?: true;
  readonly output?: 'json';
}

/** `doctor`: examines a registry, or a tag in it, and says what it found as it finds it. */
export async function runDoctor(
  text: string,
  flags: DoctorFlags,
  context: CommandContext,
): Promise<number> {
  const subject = readSubject(text, flags.insecure === true);
  const { variables: env } = context.environment;
  const { config: file } = flags;
  const { values } = readSettings(SETTINGS, { env, ...(file !== undefined && { file }) });
  const { registries } = values;
  const { authFile } = registries;
  const record = new DialogueRecord();
  // It is the registry that is named here which is examined, not a mirror of it, and as whom the credentials say.
  const settings = { ...registries, mirrors: [], anonymous: false };
  const credentials = await operatorCredentials(settings);
  const registry = await openRegistry({ ...settings, credentials, observe: record.observe });
  const { status } = context.output;
  const onAsk = (what: string) => status(`asking ${subject.target.endpoint}: ${what} …`);
  const deadline = values.import.jobDeadline;
  const patient = { subject, registry, record, authFile, deadline, now: Date.now, onAsk };
  try {
    return await withStopSignals((signals) => report(patient, { flags, context, signals }));
  } finally {
    await registry[Symbol.asyncDispose]();
  }
}

interface Reporting {
  readonly flags: DoctorFlags;
  readonly context: CommandContext;
  readonly signals: StopSignals;
}

async function report(patient: Patient, { flags, context, signals }: Reporting): Promise<number> {
  const { output } = context;
  const inLines = flags.output === undefined;
  const steps: Step[] = [];
  try {
    const signal = AbortSignal.any([
      signals.stop,
      AbortSignal.timeout(patient.deadline * STEPS_IN_TIME),
    ]);
    for await (const step of examine(patient, signal)) {
      steps.push(step);
      if (inLines) for (const line of stepLines(step, output)) output.line(line);
    }
  } catch (error) {
    if (!signals.stop.aborted) throw error;
    output.status('');
    return signals.exitCode;
  }
  const examination: Examination = { subject: patient.subject, steps };
  if (inLines) output.line(`\n${conclusionOf(examination)}`);
  else output.line(formatStructured(examinationJson(examination), 'json'));
  return isHealthy(examination) ? 0 : UNWELL;
}
