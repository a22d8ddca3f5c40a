import type { Service } from './service.ts';

/** What was opened so far. Disposes newest first, each even if another fails. */
export interface ResourceStack extends AsyncDisposable {
  /** Takes the resource over and hands it back. */
  use<T extends AsyncDisposable>(resource: T): T;
}

/** A stack of our own, because `AsyncDisposableStack` is younger than the oldest Node that we run on. */
export function createResourceStack(): ResourceStack {
  const resources: AsyncDisposable[] = [];
  return {
    use(resource) {
      resources.push(resource);
      return resource;
    },
    async [Symbol.asyncDispose]() {
      const errors: unknown[] = [];
      for (let next = resources.pop(); next !== undefined; next = resources.pop()) {
        try {
          await next[Symbol.asyncDispose]();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length === 1) throw errors[0];
      if (errors.length > 1) throw new AggregateError(errors, 'several resources did not close');
    },
  };
}

/**
 * Opens the parts of a service. `open` answers what the service does until its signal; when it throws, what it had
 * opened by then is closed again.
 */
export async function composeService(
  open: (resources: ResourceStack) => Promise<Service['run']>,
): Promise<Service> {
  const resources = createResourceStack();
  try {
    const run = await open(resources);
    return { run, [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose]() };
  } catch (error) {
    try {
      await resources[Symbol.asyncDispose]();
    } catch {
      // The first failure is the one to tell.
    }
    throw error;
  }
}
