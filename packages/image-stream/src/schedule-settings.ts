/** The operator's cadence, in ms. */
export interface ScheduleSettings {
  /** Interval of a scheduled tag without a schedule of its own; OpenShift's default is 15 min. */
  readonly defaultInterval: number;
  /** Floor under every interval. */
  readonly minimumInterval: number;
  /** Default interval per registry host, e.g. `docker.io`. */
  readonly hostIntervals: Readonly<Record<string, number>>;
  /** First back-off after a failure; doubles up to the interval. */
  readonly retryBase: number;
}
