import {
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from 'prom-client';

/** Every metric's name is written out in full where it is made, so that a search for it finds the place. */
export type MetricName = `tagtrail_${string}`;

type Named<C> = Omit<C, 'name' | 'registers'> & { readonly name: MetricName };

export interface MetricDescription {
  readonly name: string;
  readonly kind: string;
  readonly help: string;
}

/** The metrics of one process, all labelled with its `service`. */
export interface Metrics {
  counter<L extends string = never>(options: Named<CounterConfiguration<L>>): Counter<L>;
  /** Pass `collect` for a value that is looked up when the metrics are read. */
  gauge<L extends string = never>(options: Named<GaugeConfiguration<L>>): Gauge<L>;
  histogram<L extends string = never>(options: Named<HistogramConfiguration<L>>): Histogram<L>;
  /** The Prometheus text format, 0.0.4. */
  render(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** What there is to scrape; documents are checked against it. */
  describe(): readonly MetricDescription[];
}

/** A registry of its own for one process, with Node's process metrics in it as `tagtrail_process_…`, `tagtrail_nodejs_…`. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, prefix: 'tagtrail_' });
  const registers = [registry];
  return {
    counter: (options) => new Counter({ ...options, registers }),
    gauge: (options) => new Gauge({ ...options, registers }),
    histogram: (options) => new Histogram({ ...options, registers }),
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
    describe: () =>
      registry
        .getMetricsAsArray()
        .map(({ name, type, help }) => ({ name, kind: String(type), help })),
  };
}
