export type { CheckState, FailureReason, LastOutcome } from './check-state.ts';
export type { ImageDocument } from './image-document.ts';
export type {
  ImageStream,
  ImageStreamSpec,
  ImageStreamStatus,
  ImportMode,
  NamedTagEventList,
  ObjectReference,
  ReferencePolicyType,
  TagEvent,
  TagEventCondition,
  TagImportPolicy,
  TagReference,
  TagReferencePolicy,
} from './image-stream.ts';
export {
  IMAGE_API_VERSION,
  INSECURE_REPOSITORY_ANNOTATION,
  PREFER_ARCH_ANNOTATION,
  PREFER_OS_ANNOTATION,
  REPOSITORY_CHECK_ANNOTATION,
  SCHEDULE_ANNOTATION,
  SUSPEND_ANNOTATION,
} from './image-stream.ts';
export type {
  CheckChange,
  CheckStore,
  ClaimedTag,
  ClaimRequest,
  ClaimResult,
  CommitResult,
  HistoryAppend,
  ImageStreamStore,
  ImportSchedule,
  ListQuery,
  Receipt,
  ScheduleStats,
  StreamChange,
  StreamEvent,
  StreamKey,
  StreamList,
  TagKey,
  Touch,
} from './image-stream-store.ts';
export type { StopSignal } from './stop-signal.ts';
