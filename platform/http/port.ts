import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller, Scope } from '../../services/core/caller.js'
import type { FailureCode } from '../../services/core/failure.js'
import type { Uscc } from '../../services/core/identifiers.js'

/**
 * What services see of the HTTP server. Route plugins get `allow` in their options; every route names a scope with it, or
 * says that it is public, else the server does not start.
 */
export interface Allow {
  /** Whoever holds one of these. */
  (...anyOf: [Scope, ...Scope[]]): AccessHook
  public: () => AccessHook
  /**
   * A page for people, by the session that their browser holds; never below /v1, which reads no cookies.
   * @param admit - the console's own: lets in who is signed in and holds one of these, anyone signed in where none is named
   */
  page: (anyOf: readonly Scope[], admit: AccessHook) => AccessHook
}
/** Goes to a route's `onRequest`, first where there are several. */
export type AccessHook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** What came with a request that wants to be let in. */
export interface PresentedToken {
  token: string
  /** `DPoP` promises a proof that the sender holds the key that the token is bound to. @see RFC 9449 */
  scheme: 'Bearer' | 'DPoP'
  /** Value of the DPoP header. */
  proof?: string
  method: string
  /** As the client asked for it: scheme, host, path; without query. */
  readonly url: string
}

export interface TokenVerifier {
  /** @throws {Failure} TOKEN_INVALID, TOKEN_EXPIRED, CLIENT_SUSPENDED, SENDER_PROOF_REQUIRED, SENDER_PROOF_INVALID, SENDER_PROOF_REPLAYED */
  verify: (presented: PresentedToken) => Promise<Caller>
}

/** Whom or what a request was about. The recorder keeps a masked form and a keyed digest, never `id` itself. */
export interface AccessSubject { kind: 'licence' | 'person' | 'organisation' | 'event' | 'client' | 'document', id: string }

/** One reading of what others hold, that a request made or was refused. Names what was read, never what it said. */
export interface DataUse {
  /** Whose data. */
  about?: AccessSubject | undefined
  /** The catalogued resource, or the type of licence. */
  resource?: string | undefined
  grantId?: string | undefined
  /** Information items. */
  fields?: string[] | undefined
  way: 'query' | 'assertion' | 'licence' | 'subscription'
  /** `nothing`: asked, and there was none. `failed`: it did not answer. */
  outcome: 'answered' | 'nothing' | 'refused' | 'failed'
  /** Why it was refused or failed. */
  code?: FailureCode | undefined
  /** How many records left. */
  rows?: number | undefined
  /** Of rows of a subscription: whose they were; at most 1,000. */
  rowsAbout?: AccessSubject[] | undefined
}

/** What a route may add to the access record of its request, through `request.access`. */
export interface AccessNotes {
  subject?: AccessSubject
  purpose?: string
  /** The matter that it was for. */
  matter?: string
  caseNumber?: string
  /** At most 200, refused ones too. */
  uses?: DataUse[]
  /** The system that says it is calling, where there is no token yet: set once that is proved. */
  client?: string
  organisation?: Uscc
  /** Staff number of whoever was signed in at the console. */
  person?: string
  /** Why a page was refused: pages answer people in words, and no problem document tells it. */
  code?: FailureCode
}

/** What was noted, and how it ended. */
export type AccessEntry = { [Note in keyof AccessNotes]?: AccessNotes[Note] | undefined } & {
  /** The request's number; problem documents carry it as `instance`. */
  requestId: string
  at: Date
  method: string
  /** Pattern of the route, never the address itself; `unmatched` where none fits. */
  route: string
  status: number
  /** Network address of the calling system. */
  address: string
}

export interface AccessRecorder {
  /** Resolves once the record is durable. If it rejects, the answer does not leave. */
  record: (entry: AccessEntry) => Promise<void>
}

const BASE = 'https://mianzheng.example/schemas/'
/** Refers to a published schema by its place, e.g. `schemaRef('http/problem')` for schemas/http/problem.v1.json. */
export function schemaRef (name: string, version = 1): { $ref: string } {
  return { $ref: `${BASE}${name}.v${version}.json` }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is calling. Reading it on a public route is a mistake of ours and throws. */
    caller: Caller
    /** The body exactly as received, where its type is JSON or another that keeps it. */
    rawBody: Buffer | undefined
    access: AccessNotes
  }
  interface FastifyContextConfig {
    /** Members that this route's problem documents carry besides the usual ones. */
    problemMembers?: (code: FailureCode) => Record<string, unknown>
    /** Set by `allow.page`. */
    page?: boolean
  }
}
