import type { ReferencePolicyType, RequestedTag, TagImportPolicy } from '@tagtrail/image-stream';
import type { RequestSlot } from './import-request.ts';
import { readImportMode } from './payload-fields.ts';
import type { PayloadReader } from './payload-reader.ts';

/** Names of requests and of who waits become parts of keys: nothing in them may look like a key's punctuation. */
const KEY_PART = /^[\w.-]{1,128}$/;
const KEY_PART_WANTED = '1 to 128 letters, digits, dots, dashes or underscores';

/** Slots of one request: room for every image and every tag of a listed repository that it may name. */
export const SLOT_LIMIT = 10_000;

const REFERENCE_POLICIES: Readonly<Record<ReferencePolicyType, true>> = {
  Source: true,
  Local: true,
};

/** What jobs and results carry when somebody waits for them, and what a requested import sets. */
export interface RequestedFields {
  readonly request?: RequestSlot;
  readonly records?: RequestedTag;
}

export function requestFields({ request }: RequestedFields): Pick<RequestedFields, 'request'> {
  if (request === undefined) return {};
  const { id, replyTo, slot } = request;
  return { request: { id, replyTo, slot } };
}

export function readRequest(payload: PayloadReader): Pick<RequestedFields, 'request'> {
  if (!payload.has('request')) return {};
  const request = payload.part('request');
  return {
    request: {
      id: readKeyPart(request, 'id'),
      replyTo: readKeyPart(request, 'replyTo'),
      slot: readSlot(request),
    },
  };
}

export function recordsFields({ records }: RequestedFields): Pick<RequestedFields, 'records'> {
  if (records === undefined) return {};
  const { importPolicy, referencePolicy, tagGeneration, createsStream, listed } = records;
  return {
    records: {
      importPolicy: importPolicyFields(importPolicy),
      referencePolicy: { type: referencePolicy.type },
      ...(tagGeneration === undefined ? {} : { tagGeneration }),
      createsStream,
      listed,
    },
  };
}

export function readRecords(payload: PayloadReader): Pick<RequestedFields, 'records'> {
  if (!payload.has('records')) return {};
  const records = payload.part('records');
  const type = records.part('referencePolicy').oneOf('type', REFERENCE_POLICIES, 'Source');
  return {
    records: {
      importPolicy: readImportPolicy(records.part('importPolicy')),
      referencePolicy: { type },
      ...(records.has('tagGeneration') ? { tagGeneration: records.count('tagGeneration') } : {}),
      createsStream: records.flag('createsStream'),
      listed: records.flag('listed'),
    },
  };
}

function importPolicyFields({ insecure, scheduled, importMode }: TagImportPolicy): TagImportPolicy {
  return {
    ...(insecure === undefined ? {} : { insecure }),
    ...(scheduled === undefined ? {} : { scheduled }),
    ...(importMode === undefined ? {} : { importMode }),
  };
}

function readImportPolicy(policy: PayloadReader): TagImportPolicy {
  return {
    ...(policy.has('insecure') ? { insecure: policy.flag('insecure') } : {}),
    ...(policy.has('scheduled') ? { scheduled: policy.flag('scheduled') } : {}),
    ...(policy.has('importMode') ? { importMode: readImportMode(policy) } : {}),
  };
}

function readKeyPart(request: PayloadReader, name: string): string {
  return request.matching(name, (text) => KEY_PART.test(text), KEY_PART_WANTED);
}

function readSlot(request: PayloadReader): number {
  return request.count('slot', 0, SLOT_LIMIT - 1);
}
