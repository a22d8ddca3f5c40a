import { type DescribedSetting, readSettings, tagtrailSettings } from '@tagtrail/config';
import { openRegistry, operatorCredentials } from '@tagtrail/upstream-registries';
import type { CommandContext } from '../command-context.ts';
import { type StopSignals, withStopSignals } from '../stop-signals.ts';
import { formatStructured } from '../terminal/structured-output.ts';
import { askOperator } from './ask-operator.ts';
import { DialogueRecord } from './dialogue-record.ts';
import { stepLines } from './doctor-lines.ts';
import { conclusionOf, type Examination, isHealthy, type Step } from './examination.ts';
import { examinationJson } from './examination-json.ts';
import { examine } from './examine.ts';
import { mirrorRemarks } from './mirror-remarks.ts';
import type { Patient } from './patient.ts';
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
  const read = readSettings(SETTINGS, { env, ...(file !== undefined && { file }) });
  const { registries, import: looks } = read.values;
  const record = new DialogueRecord();
  // It is the registry that is named here which is examined, not a mirror of it, and as whom the credentials say.
  const settings = { ...registries, mirrors: [], anonymous: false };
  const { target } = subject;
  const operator = await askOperator(
    await operatorCredentials(settings),
    target,
    registries.authFile,
  );
  const credentials = () => operator.credentials;
  const options = { ...settings, credentials, observe: record.observe };
  const registry = await openRegistry(options);
  const ownNetwork = isUndecided(read.describe())
    ? await openRegistry({ ...options, privateAddresses: 'allowed' })
    : undefined;
  const { status } = context.output;
  const patient: Patient = {
    subject,
    registry,
    ownNetwork,
    record,
    operator,
    remarks: mirrorRemarks(registries.mirrors, target),
    deadline: looks.jobDeadline,
    now: Date.now,
    onAsk: (what) => status(`asking ${target.endpoint}: ${what} …`),
  };
  try {
    return await withStopSignals((signals) => report(patient, { flags, context, signals }));
  } finally {
    for (const one of [registry, ownNetwork]) await one?.[Symbol.asyncDispose]();
  }
}

/** Whether the user leaves it open if private addresses are asked; `tagtrail up` judges likewise. */
function isUndecided(described: readonly DescribedSetting[]): boolean {
  return described.some(
    ({ key, source }) => key === 'registries.privateAddresses' && source === 'default',
  );
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
