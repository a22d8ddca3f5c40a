/** The same document with other blanks, as proxies write it that read it first. */
export function reserialised(body: Buffer): Buffer {
  const document = readJson(body);
  return document === undefined ? body : Buffer.from(JSON.stringify(document, null, 3));
}

/** The object with some fields set. What is no JSON object stays. */
export function withFields(body: Buffer, fields: Readonly<Record<string, unknown>>): Buffer {
  return changed(body, (document) => ({ ...document, ...fields }));
}

/** The object without some fields. What is no JSON object stays. */
export function withoutFields(body: Buffer, names: readonly string[]): Buffer {
  return changed(body, (document) =>
    Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name))),
  );
}

function changed(body: Buffer, change: (document: object) => object): Buffer {
  const document = readJson(body);
  const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
  return isObject ? Buffer.from(JSON.stringify(change(document))) : body;
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    // An earlier effect made something else of it.
    return undefined;
  }
}
