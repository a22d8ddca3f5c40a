import { DOCUMENT_FORMS } from '../faults/document-form.ts';
import type { Fault, FaultMatch } from '../faults/fault.ts';
import { LINK_FORMS } from '../faults/link-form.ts';
import type { ChallengeForm } from '../faults/spoil-challenge.ts';
import type { TagListForm } from '../faults/spoil-tag-list.ts';
import { CERTIFICATE_TROUBLES } from '../tls/build-certificate.ts';
import { ROUTE_KINDS } from '../wire/route.ts';
import type { ObjectShape } from './decode-fields.ts';
import { objectOf } from './decode-fields.ts';
import { either, FIELD, listOf, oneOf } from './field-rule.ts';

const ROUTE = oneOf(ROUTE_KINDS);
const TEXT_OR_NULL = either(FIELD.text, FIELD.nothing);

/** Which requests a rule is about, as JSON. */
export const MATCH: ObjectShape<FaultMatch> = {
  rules: {
    repository: FIELD.text,
    reference: FIELD.text,
    referenceKind: oneOf(['tag', 'digest']),
    method: FIELD.text,
    route: either(ROUTE, listOf(ROUTE)),
    host: FIELD.text,
    authorization: oneOf(['none', 'basic', 'bearer']),
    skip: FIELD.count,
    first: FIELD.count,
    every: FIELD.ordinal,
    probability: FIELD.share,
    seed: FIELD.count,
  },
};

const TAG_LIST: ObjectShape<TagListForm> = {
  rules: {
    pageSize: FIELD.ordinal,
    refuseAbove: objectOf<NonNullable<TagListForm['refuseAbove']>>({
      rules: { size: FIELD.ordinal, status: FIELD.status },
      required: ['size', 'status'],
    }),
    link: oneOf(LINK_FORMS),
    extra: listOf(TEXT_OR_NULL),
    generated: FIELD.manyNames,
    order: oneOf(['asPushed']),
  },
};

const CHALLENGE: ObjectShape<ChallengeForm> = {
  rules: {
    before: FIELD.text,
    after: FIELD.text,
    scheme: FIELD.text,
    realm: TEXT_OR_NULL,
    service: TEXT_OR_NULL,
    scope: TEXT_OR_NULL,
  },
};

const WANTS_ACCEPT: ObjectShape<NonNullable<Fault['wantsAccept']>> = {
  rules: { type: FIELD.text, status: FIELD.status },
  required: ['type', 'status'],
};

/** What goes wrong, as JSON. */
export const FAULT: ObjectShape<Fault> = {
  rules: {
    document: oneOf(DOCUMENT_FORMS),
    previous: FIELD.yes,
    firstEntry: either(FIELD.yes, oneOf(['keepDigest'])),
    manifestsAsBlobs: FIELD.yes,
    tagList: objectOf(TAG_LIST),
    wantsAccept: objectOf(WANTS_ACCEPT),
    unauthorized: FIELD.yes,
    statusFor: FIELD.statusByStatus,
    challenge: objectOf(CHALLENGE),
    redirect: FIELD.text,
    objectStore: FIELD.text,
    headStatus: FIELD.status,
    status: FIELD.status,
    retryAfter: either(FIELD.text, FIELD.count),
    body: FIELD.text,
    garbageBody: FIELD.yes,
    reserialise: FIELD.yes,
    setFields: FIELD.nested,
    dropFields: FIELD.texts,
    gzip: FIELD.yes,
    headers: FIELD.textOrNullByName,
    contentTypeSuffix: FIELD.text,
    noDigestHeader: either(FIELD.yes, FIELD.texts),
    wrongDigestHeader: either(FIELD.yes, FIELD.text),
    clockAhead: FIELD.count,
    contentLength: oneOf(['none', 'empty']),
    latency: FIELD.count,
    slowBody: FIELD.positive,
    truncateBody: either(FIELD.yes, FIELD.count),
    tls: oneOf(CERTIFICATE_TROUBLES),
    hang: FIELD.yes,
    reset: FIELD.yes,
  },
};
