import type { FastifyError } from 'fastify'
import { Failure, FAILURES, type FailureCode, type Violation } from '../../services/core/failure.js'
import { FAILURE_WORDS, told, toldFailure } from '../../services/core/words.js'

/** HTTP status of each failure; the compiler asks for one with every new code. */
export const STATUS: Record<FailureCode, number> = {
  // Shape and limits of what comes in
  INPUT_INVALID: 400,
  JSON_INVALID: 400,
  BODY_TOO_LARGE: 413,
  JSON_TOO_DEEP: 400,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  MEDIA_TYPE_UNSUPPORTED: 415,
  RATE_LIMITED: 429,
  // Storage
  VERSION_CONFLICT: 409,
  STORE_UNAVAILABLE: 503,
  STORE_FULL: 507,
  STORE_CORRUPT: 500,
  RECORD_TOO_LARGE: 413,
  TOPIC_UNKNOWN: 500,
  TOPIC_MISMATCH: 500,
  OFFSET_OUT_OF_RANGE: 400,
  INDEX_UNKNOWN: 500,
  GROUP_IN_USE: 503,
  DATA_DIR_IN_USE: 503,
  // Connectors: never answered by the exchange itself
  SOURCE_INVALID: 422,
  SOURCE_UNAVAILABLE: 503,
  SOURCE_REFUSED: 502,
  DELETIONS_HELD: 409,
  REVOCATIONS_HELD: 409,
  OUTBOX_IN_USE: 503,
  OUTBOX_FULL: 503,
  EXCHANGE_UNAVAILABLE: 503,
  EXCHANGE_REFUSED: 502,
  // Who is calling
  TOKEN_MISSING: 401,
  TOKEN_INVALID: 401,
  SCOPE_MISSING: 403,
  // platform/crypto
  DER_INVALID: 400,
  DER_TOO_LARGE: 413,
  DER_TOO_DEEP: 400,
  DER_TOO_MANY_ELEMENTS: 400,
  PEM_INVALID: 400,
  CERTIFICATE_INVALID: 400,
  CRL_INVALID: 400,
  OCSP_INVALID: 400,
  KEY_INVALID: 400,
  KEY_PASSPHRASE_WRONG: 400,
  JWS_INVALID: 400,
  JWS_TOO_LARGE: 413,
  JWS_KEY_UNKNOWN: 400,
  JWS_SIGNATURE_INVALID: 400,
  // keys
  KEY_EXPOSED: 500,
  KEY_EXISTS: 409,
  KEY_COST_TOO_HIGH: 422,
  KEYS_INCONSISTENT: 500,
  DEVELOPMENT_KEYS_REFUSED: 500,
  TRUST_LIST_ROLLBACK: 409,
  AUTHORITY_LIST_ROLLBACK: 409,
  LIST_FORKED: 409,
  // seal pictures
  GLYPH_MISSING: 422,
  SEAL_UNFIT: 422,
  FONT_INVALID: 422,
  // platform/http, services/audit
  HEADER_TOO_LARGE: 431,
  ACCESS_RECORD_UNAVAILABLE: 503,
  ROUTE_WITHOUT_SCOPE: 500,
  // services/identity
  ASSERTION_INVALID: 401,
  ASSERTION_EXPIRED: 401,
  ASSERTION_REPLAYED: 401,
  CLIENT_SUSPENDED: 403,
  TICKET_INVALID: 400,
  TICKET_EXPIRED: 400,
  TICKET_USED: 400,
  SIGN_IN_ENDED: 400,
  // console
  SESSION_ENDED: 401,
  FORM_NOT_OURS: 403,
  CONNECTION_NOT_SECURE: 403,
  GRANT_TYPE_UNSUPPORTED: 400,
  SCOPE_NOT_GRANTED: 400,
  TOKEN_EXPIRED: 401,
  SENDER_PROOF_REQUIRED: 401,
  SENDER_PROOF_INVALID: 401,
  SENDER_PROOF_REPLAYED: 401,
  IDENTITY_INVALID: 422,
  // services/verification
  TRUST_POLICY_INVALID: 500,
  TRUST_INVALID: 500,
  QUEUE_FULL: 503,
  UPLOADS_TOO_MANY: 429,
  RECEIPT_INVALID: 400,
  RECEIPT_SIGNATURE_INVALID: 400,
  RECEIPT_VERDICT_DIFFERS: 400,
  // services/intake
  SOURCE_NOT_YOURS: 403,
  BATCH_TOO_LARGE: 413,
  REPLAY_NOT_POSSIBLE: 409,
  ENTRY_SETTLED: 409,
  // services/catalogue
  RESOURCE_NOT_YOURS: 403,
  REVIEW_OWN: 403,
  RESOURCE_STATE: 409,
  TITLE_TAKEN: 409,
  ITEM_TWICE: 422,
  CLASSIFICATION_INVALID: 422,
  SHARING_INCONSISTENT: 422,
  REFUSAL_INCOMPLETE: 422,
  CATALOGUE_FULL: 409,
  // services/exchange
  RESOURCE_UNKNOWN: 404,
  NOT_SHARED: 403,
  FIELD_UNKNOWN: 422,
  REGION_UNKNOWN: 422,
  SUBJECT_INVALID: 422,
  GRANT_MISSING: 403,
  GRANT_NOT_YET: 403,
  GRANT_ENDED: 403,
  GRANT_PULLED: 403,
  PURPOSE_NOT_GRANTED: 403,
  MATTER_NOT_GRANTED: 403,
  FORM_NOT_GRANTED: 403,
  FIELD_NOT_GRANTED: 403,
  REGION_NOT_GRANTED: 403,
  ROWS_TOO_MANY: 422,
  SUBSCRIPTION_UNKNOWN: 404,
  SUBSCRIPTION_ENDED: 409,
  SUBSCRIPTIONS_TOO_MANY: 409,
  DAY_TOO_LARGE: 422,
  // services/exemptions
  REQUIREMENTS_TOO_COMPLEX: 422,
  // config/matters: never answered, since the service does not start
  MATTERS_INVALID: 500,
  MATTER_INVALID: 500,
  MATTER_REFERENCE_UNKNOWN: 500,
  MATTER_ID_TWICE: 500,
  MATTER_PART_UNUSED: 500,
  REQUIREMENT_CYCLE: 500,
  CONDITION_CONTRADICTORY: 500,
  FORM_SCHEMA_INVALID: 500,
  FORM_FIELD_UNKNOWN: 500,
  // services/catalogue: matters
  MATTER_UNKNOWN: 404,
  // services/catalogue: duties, demands, grants, corrections
  CALENDAR_YEAR_UNKNOWN: 422,
  RULE_SET_UNKNOWN: 422,
  SELF_APPROVAL: 403,
  DEMAND_SETTLED: 409,
  DEMAND_PAUSED: 409,
  PAPERS_TOLD_ALREADY: 409,
  PAPERS_NOT_ASKED: 409,
  EXTENSION_REFUSED: 409,
  GRANT_WITHOUT_END: 422,
  GRANT_BEYOND_DEMAND: 422,
  GRANT_CONTRADICTORY: 422,
  GRANT_OVER: 409,
  CORRECTION_ANSWERED: 409,
  CORRECTION_NOT_OVERDUE: 409,
  APPLICANT_KIND_NOT_SERVED: 422,
  APPLICANT_CODE_INVALID: 422,
  QUESTION_UNKNOWN: 422,
  ANSWER_INVALID: 422,
  ANSWERS_CONTRADICT: 422,
  PARTY_UNKNOWN: 422,
  PARTY_MISSING: 422,
  SUB_MATTER_UNKNOWN: 422,
  MATERIAL_UNKNOWN: 404,
  FLAGS_TOO_MANY: 409,
  MATERIAL_NOT_SPARED: 409,
  COMMITMENT_NOT_OFFERED: 409,
  COMMITMENT_TEXT_DIFFERS: 409,
  SIGNER_NOT_AUTHORISED: 403,
  RECHECK_NOT_POSSIBLE: 409,
  MATTER_CHANGED: 409,
  // The service itself
  CONFIG_INVALID: 500,
  LISTEN_FAILED: 500,
  SHUTTING_DOWN: 503,
  TIMED_OUT: 503,
  INTERNAL: 500
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/** A problem document. `title` and `mend` are Chinese first, English beside it. @see RFC 9457 */
export interface Problem {
  /** The page that explains the code. */
  type: string
  title: string
  status: number
  code: FailureCode
  detail: string
  /** `urn:uuid:` and the request's number, which the access record carries too. */
  instance: string
  mend: string
  retryable: boolean
  violations?: readonly Violation[]
}

/** More violations than these are counted, not listed. */
const VIOLATIONS_LISTED = 100

export function problem (failure: Failure, requestId: string): Problem {
  const { mend } = FAILURE_WORDS[failure.code]
  return {
    type: `https://mianzheng.example/failures#${failure.code}`,
    title: toldFailure(failure.code),
    status: STATUS[failure.code],
    code: failure.code,
    detail: failure.message,
    instance: `urn:uuid:${requestId}`,
    mend: told(mend.zh, mend.en),
    retryable: FAILURES[failure.code].retryable,
    ...(failure.violations.length > 0 ? { violations: failure.violations.slice(0, VIOLATIONS_LISTED) } : {})
  }
}

/**
 * The failure that an error stands for. Whatever nobody expected becomes INTERNAL, with a detail that tells nothing of its
 * cause: that belongs in the log.
 */
export function failureOf (error: unknown): Failure {
  if (error instanceof Failure) return error
  const { code, statusCode } = (error ?? {}) as Partial<FastifyError>
  if (code === 'FST_ERR_HANDLER_TIMEOUT') return new Failure('TIMED_OUT', 'the request did not end within its time limit', { cause: error })
  // Only errors that fastify and its plugins raise about the request: a status that some library put on an error means nothing here.
  if (code?.startsWith('FST_') === true) {
    switch (statusCode) {
      case 413: return new Failure('BODY_TOO_LARGE', 'the body is larger than the limit', { cause: error })
      case 406: case 415: return new Failure('MEDIA_TYPE_UNSUPPORTED', 'this content type is not read here', { cause: error })
      case 414: return new Failure('INPUT_INVALID', 'a part of the address is longer than the limit', { cause: error })
      case 400: return new Failure('INPUT_INVALID', 'the request cannot be read', { cause: error })
      default:
    }
  }
  return new Failure('INTERNAL', 'an unexpected error', { cause: error })
}
