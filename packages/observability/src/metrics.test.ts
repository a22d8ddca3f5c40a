import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

describe('createMetrics', () => {
  it('renders its metrics in the Prometheus text format, with the service as a label', async () => {
    const metrics = createMetrics('worker');
    const imports = metrics.counter({
      name: 'tagtrail_imports_total',
      help: 'Imports by outcome.',
      labelNames: ['outcome'],
    });
    imports.inc({ outcome: 'imported' }, 2);
    metrics.gauge({
      name: 'tagtrail_waiting',
      help: 'Waiting.',
      collect() {
        this.set(7);
      },
    });
    metrics
      .histogram({ name: 'tagtrail_import_seconds', help: 'Time.', buckets: [1] })
      .observe(0.5);
    const { contentType, body } = await metrics.render();
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(body).toContain('tagtrail_imports_total{outcome="imported",service="worker"} 2');
    expect(body).toContain('tagtrail_waiting{service="worker"} 7');
    expect(body).toContain('tagtrail_import_seconds_bucket{le="1",service="worker"} 1');
    expect(body).toContain('tagtrail_process_cpu_seconds_total{service="worker"}');
  });

  it('has no metric without the prefix and without a help text', () => {
    for (const { name, help, kind } of createMetrics('worker').describe()) {
      expect(name).toMatch(/^tagtrail_/);
      expect(help).not.toBe('');
      expect(kind).toMatch(/^(counter|gauge|histogram)$/);
    }
  });

  it('refuses the same name twice', () => {
    const metrics = createMetrics('worker');
    metrics.counter({ name: 'tagtrail_x_total', help: 'X.' });
    expect(() => metrics.counter({ name: 'tagtrail_x_total', help: 'X.' })).toThrow(/already/);
  });

  it('keeps the metrics of two services apart', async () => {
    const one = createMetrics('one');
    one.counter({ name: 'tagtrail_x_total', help: 'X.' }).inc();
    expect((await createMetrics('two').render()).body).not.toContain('tagtrail_x_total');
  });
});
