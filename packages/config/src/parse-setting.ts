import { z } from 'zod';

const NUMBER = /^-?\d+(\.\d+)?$/;
const BOOLEAN = /^(true|false)$/i;

export type ParsedSetting =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/**
 * Turns a variable's text into what a YAML file would have held: `a,b` for lists, `host=15m,host2=5m` for maps, JSON for
 * lists of maps. A text that fits no better stays a text, and the schema says what is wrong with it.
 */
export function parseSetting(text: string, type: z.core.$ZodType): ParsedSetting {
  if (type instanceof z.ZodArray && type.element instanceof z.ZodObject) return parseJson(text);
  if (type instanceof z.ZodArray) {
    return { ok: true, value: partsOf(text).map((part) => scalarOf(part, type.element)) };
  }
  if (type instanceof z.ZodRecord) return parseMap(text, type.valueType);
  return { ok: true, value: scalarOf(text, type) };
}

function scalarOf(text: string, type: z.core.$ZodType): unknown {
  if (type instanceof z.ZodNumber && NUMBER.test(text)) return Number(text);
  if (type instanceof z.ZodBoolean && BOOLEAN.test(text)) return text.toLowerCase() === 'true';
  return text;
}

/** Names may hold a port (`host:5000=15m`); the first `=` ends them. */
function parseMap(text: string, valueType: z.core.$ZodType): ParsedSetting {
  const map = new Map<string, unknown>();
  for (const part of partsOf(text)) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(equals, 0)).trim();
    if (name === '') {
      return { ok: false, message: 'must be name=value pairs with commas between them' };
    }
    if (map.has(name)) return { ok: false, message: `has "${name}" twice` };
    map.set(name, scalarOf(part.slice(equals + 1).trim(), valueType));
  }
  return { ok: true, value: Object.fromEntries(map) };
}

function parseJson(text: string): ParsedSetting {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    // The SyntaxError quotes the text.
    return { ok: false, message: 'must be a list of maps in JSON' };
  }
}

function partsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
