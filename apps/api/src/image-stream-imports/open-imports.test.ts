import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { OpenImports } from './open-imports.ts';

/** ms; longer than any test. */
const LONG = 600_000;

/** Only its closing matters. */
const response = () => new EventEmitter() as unknown as ServerResponse;

describe('OpenImports', () => {
  it('has places for so many, and a place again when one leaves', () => {
    const imports = new OpenImports(1);
    const { leave } = imports.enter(response(), LONG);
    expect(() => imports.enter(response(), LONG)).toThrow('1 imports are waited for already');
    leave();
    expect(imports.count).toBe(0);
    imports.enter(response(), LONG).leave();
  });

  it('says when the client has left', () => {
    const connection = response();
    const { signal, leave } = new OpenImports().enter(connection, LONG);
    connection.emit('close');
    expect(signal.reason).toBe('left');
    leave();
  });

  it('says when it has taken too long', async () => {
    const { signal, leave } = new OpenImports().enter(response(), 1);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    expect(signal.reason).toBe('late');
    leave();
  });

  it('ends all when it stops, and those to come', () => {
    const imports = new OpenImports();
    const open = imports.enter(response(), LONG);
    imports.endAll();
    const late = imports.enter(response(), LONG);
    expect([open.signal.reason, late.signal.reason]).toEqual(['stopped', 'stopped']);
    for (const { leave } of [open, late]) leave();
  });

  it('does not take the end of an answered request for a client that left', () => {
    const connection = response();
    const { signal, leave } = new OpenImports().enter(connection, LONG);
    leave();
    connection.emit('close');
    expect(signal.aborted).toBe(false);
  });
});
