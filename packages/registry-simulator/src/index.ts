export type { FaultPart, NamedFault } from './catalogue/named-fault.ts';
export { NAMED_FAULTS } from './catalogue/named-faults.ts';
export type { Push } from './content/push.ts';
export { decodeFaultMatch, FAULT_MATCH_FIELDS } from './control/control-body.ts';
export type { Fault, FaultMatch } from './faults/fault.ts';
export type { FaultRule, FaultTable } from './faults/fault-table.ts';
export type {
  ImageFormat,
  ImageSpec,
  ImageTraits,
  MultiPlatformImage,
  PushedChild,
  SameImage,
  SingleImage,
  VerbatimImage,
} from './image/image-spec.ts';
export type { RegistrySimulator, SimulatorOptions } from './registry-simulator.ts';
export { openRegistrySimulator } from './registry-simulator.ts';
export type { SimulatorErrorCode } from './simulator-error.ts';
export { SimulatorError } from './simulator-error.ts';
export type { TagMoverOptions, TagMoverTarget } from './tag-mover.ts';
export { createTagMover } from './tag-mover.ts';
export type { AuthKind, AuthTerms } from './wire/auth-terms.ts';
export type { AuthorizationScheme, RequestRecord } from './wire/request-record.ts';
export type { RouteKind } from './wire/route.ts';
