import { conclusionOf, type Examination, isHealthy, type Step } from './examination.ts';

/** The examination for programs: the same words, and the facts behind them. */
export function examinationJson(examination: Examination): unknown {
  const { subject, steps } = examination;
  const { registry, endpoint, repository, insecure } = subject.target;
  return {
    subject: subject.name,
    registry,
    endpoint,
    ...(subject.wanted !== undefined && { repository, reference: subject.wanted }),
    insecure,
    healthy: isHealthy(examination),
    conclusion: conclusionOf(examination),
    steps: steps.map(stepJson),
  };
}

function stepJson({ name, verdict, took, seen, remarks, facts }: Step): unknown {
  return {
    name,
    verdict,
    ...(took !== undefined && { milliseconds: Math.round(took * 10) / 10 }),
    seen,
    remarks,
    ...(facts !== undefined && { facts }),
  };
}
