import type { Bilingual } from './words.js'

/**
 * Every expected failure of the exchange, and whether the same call may succeed later. One page for each stands in
 * docs/failures.md, its words in words.ts, its HTTP status in platform/http/problem.ts: the compiler asks for all of them.
 */
export const FAILURES = {
  // Shape and limits of what comes in
  INPUT_INVALID: { retryable: false }, // the shape is wrong; every violation is listed
  JSON_INVALID: { retryable: false }, // not JSON, or JSON that two readers would read differently
  BODY_TOO_LARGE: { retryable: false },
  JSON_TOO_DEEP: { retryable: false },
  NOT_FOUND: { retryable: false },
  METHOD_NOT_ALLOWED: { retryable: false },
  MEDIA_TYPE_UNSUPPORTED: { retryable: false },
  RATE_LIMITED: { retryable: true },
  // Storage
  VERSION_CONFLICT: { retryable: false }, // read again, then decide again
  STORE_UNAVAILABLE: { retryable: true },
  STORE_FULL: { retryable: true },
  STORE_CORRUPT: { retryable: false },
  RECORD_TOO_LARGE: { retryable: false },
  TOPIC_UNKNOWN: { retryable: false },
  TOPIC_MISMATCH: { retryable: false },
  OFFSET_OUT_OF_RANGE: { retryable: false },
  INDEX_UNKNOWN: { retryable: false },
  GROUP_IN_USE: { retryable: true }, // the same consumer group runs already
  DATA_DIR_IN_USE: { retryable: true }, // another process holds the data directory
  // Who is calling
  TOKEN_MISSING: { retryable: false },
  TOKEN_INVALID: { retryable: false },
  SCOPE_MISSING: { retryable: false },
  // platform/crypto: bytes that are signed, and what they are signed with
  DER_INVALID: { retryable: false }, // not DER, or not the structure expected
  DER_TOO_LARGE: { retryable: false },
  DER_TOO_DEEP: { retryable: false },
  DER_TOO_MANY_ELEMENTS: { retryable: false },
  PEM_INVALID: { retryable: false },
  CERTIFICATE_INVALID: { retryable: false },
  CRL_INVALID: { retryable: false },
  OCSP_INVALID: { retryable: false }, // also where the responder gave no answer
  KEY_INVALID: { retryable: false }, // not a key, or not one of a kind that we use
  KEY_PASSPHRASE_WRONG: { retryable: false },
  JWS_INVALID: { retryable: false }, // not one strict spelling of a JWS, or with a header that we do not take
  JWS_TOO_LARGE: { retryable: false },
  JWS_KEY_UNKNOWN: { retryable: false },
  JWS_SIGNATURE_INVALID: { retryable: false },
  // connectors/issuing: seals and sealed licences
  GLYPH_MISSING: { retryable: false }, // a name holds a character for which there is no outline
  FONT_INVALID: { retryable: false },
  // keys
  KEY_EXPOSED: { retryable: false }, // others than its owner may read a private key
  KEY_EXISTS: { retryable: false }, // a key is never overwritten
  KEY_COST_TOO_HIGH: { retryable: false }, // opening a key file would take longer than we allow
  KEYS_INCONSISTENT: { retryable: false }, // a certificate is not that of the key beside it
  DEVELOPMENT_KEYS_REFUSED: { retryable: false }, // the production profile found keys or trust of a development authority
  TRUST_LIST_ROLLBACK: { retryable: false }, // an older version than was seen before
  AUTHORITY_LIST_ROLLBACK: { retryable: false },
  LIST_FORKED: { retryable: false }, // the same version with other content
  SEAL_UNFIT: { retryable: false }, // seal, certificate and key do not belong together, or do not hold at that time
  // platform/http, services/audit
  HEADER_TOO_LARGE: { retryable: false },
  ACCESS_RECORD_UNAVAILABLE: { retryable: true }, // no release without a record
  ROUTE_WITHOUT_SCOPE: { retryable: false }, // a route names neither a scope nor that it is public: start-up fails
  // services/identity
  ASSERTION_INVALID: { retryable: false }, // one answer for all that is wrong with who signed it, so that nothing can be probed
  ASSERTION_EXPIRED: { retryable: false },
  ASSERTION_REPLAYED: { retryable: false },
  CLIENT_SUSPENDED: { retryable: false },
  TICKET_INVALID: { retryable: false }, // what an organisation says of a person who wants to work at the console
  TICKET_EXPIRED: { retryable: false },
  TICKET_USED: { retryable: false },
  SIGN_IN_ENDED: { retryable: false }, // signed out, out of time, or its refresh token came twice
  // console
  SESSION_ENDED: { retryable: false }, // nobody is signed in here, or no longer
  FORM_NOT_OURS: { retryable: false }, // a form that none of our pages sent
  CONNECTION_NOT_SECURE: { retryable: false }, // pages over plain http, and not from the same machine
  GRANT_TYPE_UNSUPPORTED: { retryable: false },
  SCOPE_NOT_GRANTED: { retryable: false }, // a token was asked for with a scope that the roles do not hold
  TOKEN_EXPIRED: { retryable: false },
  SENDER_PROOF_REQUIRED: { retryable: false }, // the token is bound to a key, or all tokens here must be
  SENDER_PROOF_INVALID: { retryable: false },
  SENDER_PROOF_REPLAYED: { retryable: false },
  IDENTITY_INVALID: { retryable: false }, // an organisation, client or key that may not be registered so
  // services/verification
  TRUST_POLICY_INVALID: { retryable: false }, // policy.json has an unknown key or a value that does not fit
  TRUST_INVALID: { retryable: false }, // a file of the trust directory cannot be read
  QUEUE_FULL: { retryable: true }, // more documents, or bytes of them, wait for a verdict than may
  UPLOADS_TOO_MANY: { retryable: true }, // one client's uploads take up its share of the room
  RECEIPT_INVALID: { retryable: false }, // not a verdict receipt
  RECEIPT_SIGNATURE_INVALID: { retryable: false },
  RECEIPT_VERDICT_DIFFERS: { retryable: false }, // the facts in a receipt do not lead to the verdict in it
  // Connectors: the department side
  SOURCE_INVALID: { retryable: false }, // a file or table that cannot be read in one way only
  SOURCE_UNAVAILABLE: { retryable: true }, // a database or interface that does not answer, not in time, or broke off
  SOURCE_REFUSED: { retryable: false }, // it does not let this connector in, or shows a certificate that is not believed
  DELETIONS_HELD: { retryable: false }, // a pass would take away more than it may without a person's word
  REVOCATIONS_HELD: { retryable: false }, // a register would end more licences at once than it may without a person's word
  OUTBOX_IN_USE: { retryable: true }, // another process numbers events in the same folder
  OUTBOX_FULL: { retryable: true }, // too many events wait to be sent
  EXCHANGE_UNAVAILABLE: { retryable: true },
  EXCHANGE_REFUSED: { retryable: false },
  // services/intake
  SOURCE_NOT_YOURS: { retryable: false }, // an event names another organisation than the one that sends it
  BATCH_TOO_LARGE: { retryable: false },
  REPLAY_NOT_POSSIBLE: { retryable: false }, // the register refused the move; only another event of the source can mend it
  ENTRY_SETTLED: { retryable: false }, // released or discarded already
  // services/catalogue
  RESOURCE_NOT_YOURS: { retryable: false }, // only its provider describes or withdraws a resource
  REVIEW_OWN: { retryable: false }, // nobody reviews what their own organisation described
  RESOURCE_STATE: { retryable: false }, // nothing waits for review, or it is not published
  TITLE_TAKEN: { retryable: false }, // another published resource has this title
  ITEM_TWICE: { retryable: false }, // an information item stands twice
  CLASSIFICATION_INVALID: { retryable: false }, // not the form of classification codes that is set
  SHARING_INCONSISTENT: { retryable: false }, // conditions, refusal or ways that do not fit the sharing class
  REFUSAL_INCOMPLETE: { retryable: false }, // not shared, without the article or a day of review to come
  CATALOGUE_FULL: { retryable: false }, // as many resources as the settings allow
  // services/exchange: release of data under grants
  RESOURCE_UNKNOWN: { retryable: false }, // no such resource is published
  NOT_SHARED: { retryable: false }, // the catalogue says that it is not shared
  FIELD_UNKNOWN: { retryable: false }, // the resource has no such information item
  REGION_UNKNOWN: { retryable: false }, // no division code, or the resource does not say where a record belongs
  SUBJECT_INVALID: { retryable: false }, // neither a USCC nor a citizen number; or the resource is not about such
  GRANT_MISSING: { retryable: false }, // nothing of this resource was granted to the caller
  GRANT_NOT_YET: { retryable: false }, // the grant begins on a later day
  GRANT_ENDED: { retryable: false }, // the last day of the grant is over
  GRANT_PULLED: { retryable: false }, // the provider took the grant back
  PURPOSE_NOT_GRANTED: { retryable: false }, // granted for another purpose
  MATTER_NOT_GRANTED: { retryable: false }, // granted for other matters
  FORM_NOT_GRANTED: { retryable: false }, // granted in another form
  FIELD_NOT_GRANTED: { retryable: false }, // an item that was not granted
  REGION_NOT_GRANTED: { retryable: false }, // a region that was not granted
  ROWS_TOO_MANY: { retryable: false }, // more records than one answer may hold
  SUBSCRIPTION_UNKNOWN: { retryable: false }, // no such subscription of the caller
  SUBSCRIPTION_ENDED: { retryable: false }, // its consumer ended it
  SUBSCRIPTIONS_TOO_MANY: { retryable: false }, // as many run for this consumer as may
  DAY_TOO_LARGE: { retryable: false }, // more records of one day than are counted
  // services/exemptions
  REQUIREMENTS_TOO_COMPLEX: { retryable: false }, // the least set of materials was not found within the limit of work
  // config/matters: matters as data; the service does not start on what is wrong
  MATTERS_INVALID: { retryable: false }, // faults of several kinds; each violation begins with its own code
  MATTER_INVALID: { retryable: false }, // a file has not the shape of a matter or form
  MATTER_REFERENCE_UNKNOWN: { retryable: false }, // a question, answer, material, sub-matter, commitment or party that is not declared
  MATTER_ID_TWICE: { retryable: false },
  MATTER_PART_UNUSED: { retryable: false }, // declared, and nothing uses it
  REQUIREMENT_CYCLE: { retryable: false }, // sub-matters or questions that wait for one another
  CONDITION_CONTRADICTORY: { retryable: false }, // can never hold
  FORM_SCHEMA_INVALID: { retryable: false },
  FORM_FIELD_UNKNOWN: { retryable: false },
  // services/catalogue: matters
  MATTER_UNKNOWN: { retryable: false },
  // services/catalogue: duties, demands, grants, corrections
  CALENDAR_YEAR_UNKNOWN: { retryable: false }, // the working days of a year are not known: nobody can say when a period ends
  RULE_SET_UNKNOWN: { retryable: false }, // no rule set of deadlines by that name
  SELF_APPROVAL: { retryable: false }, // nobody approves what he asked for himself
  DEMAND_SETTLED: { retryable: false }, // decided or withdrawn: nothing more is done about it
  DEMAND_PAUSED: { retryable: false }, // it waits for papers that were asked for
  PAPERS_TOLD_ALREADY: { retryable: false }, // all missing papers are told at once
  PAPERS_NOT_ASKED: { retryable: false }, // there is nothing to hand in
  EXTENSION_REFUSED: { retryable: false }, // the clock cannot be made longer so
  GRANT_WITHOUT_END: { retryable: false }, // a grant names its last day
  GRANT_BEYOND_DEMAND: { retryable: false }, // more was granted than was asked for
  GRANT_CONTRADICTORY: { retryable: false }, // conditions that cannot hold together
  GRANT_OVER: { retryable: false }, // ended or pulled already
  CORRECTION_ANSWERED: { retryable: false }, // each request to verify is answered or withdrawn once
  CORRECTION_NOT_OVERDUE: { retryable: false }, // the authority stands in once the provider's time has run out
  APPLICANT_KIND_NOT_SERVED: { retryable: false },
  APPLICANT_CODE_INVALID: { retryable: false }, // a wrong check character, or not the form of its kind
  QUESTION_UNKNOWN: { retryable: false },
  ANSWER_INVALID: { retryable: false },
  ANSWERS_CONTRADICT: { retryable: false }, // answered, though it does not arise with the other answers
  PARTY_UNKNOWN: { retryable: false },
  PARTY_MISSING: { retryable: false }, // a party is needed and neither the case nor a register names it
  SUB_MATTER_UNKNOWN: { retryable: false },
  MATERIAL_UNKNOWN: { retryable: false },
  FLAGS_TOO_MANY: { retryable: false }, // as many flags of one case as may wait for an answer
  MATERIAL_NOT_SPARED: { retryable: false }, // nothing was to be refused or flagged
  COMMITMENT_NOT_OFFERED: { retryable: false },
  COMMITMENT_TEXT_DIFFERS: { retryable: false }, // what was signed is not the text that binds
  SIGNER_NOT_AUTHORISED: { retryable: false }, // an agent without an authorisation that holds
  RECHECK_NOT_POSSIBLE: { retryable: false }, // it waits for an answer, or is settled with the applicant
  MATTER_CHANGED: { retryable: false }, // the case was decided under another version
  // The service itself
  CONFIG_INVALID: { retryable: false },
  LISTEN_FAILED: { retryable: false }, // the port is taken, or the address is not one of this machine
  SHUTTING_DOWN: { retryable: true },
  TIMED_OUT: { retryable: true },
  INTERNAL: { retryable: false }
} as const satisfies Record<string, { retryable: boolean }>

export type FailureCode = keyof typeof FAILURES

/** One thing that is wrong with an input: where (a JSON pointer), and why, without the value itself. */
export interface Violation { pointer: string, message: Bilingual }

export interface FailureOptions extends ErrorOptions { violations?: Violation[] }

/** `code` is for programs, `message` for people, `cause` for the log; the first two carry no personal data. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: FailureCode
  readonly violations: readonly Violation[]
  constructor (code: FailureCode, message: string, { violations = [], ...options }: FailureOptions = {}) {
    super(message, options)
    this.code = code
    this.violations = violations
  }

  get retryable (): boolean { return FAILURES[this.code].retryable }
}
