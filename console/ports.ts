import type { Words } from '../services/core/words.js'

/** What the console needs of whoever runs it; the host joins it. */

/** One request to the published API. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'DELETE'
  /** From `/v1` on, with its query. */
  path: string
  headers: Record<string, string>
  body?: Uint8Array | string
  /** Network address of the person's browser, for the access record. */
  address: string
}
export interface ApiAnswer { status: number, contentType: string, body: Uint8Array }
/** Sends it as anyone else's request would come: by HTTP, or into the server of the same process. */
export type SendToApi = (request: ApiRequest) => Promise<ApiAnswer>

/** The console's own client: it says who it is, and that a token is in its own hands. */
export interface Credentials {
  assertion: () => string
  /** Value of the DPoP header for one request. @see RFC 9449 */
  proof: (request: { method: string, path: string, token?: string }) => string
}

/** Small documents by id, a part of platform/documents/port.ts. */
export interface Keeper<T extends { id: string }> {
  get: (id: string) => Promise<{ document: T, version: number } | undefined>
  /** Rejects where another version stands there. */
  put: (document: T, replaces: number) => Promise<void>
  set: (documents: readonly T[]) => Promise<void>
  delete: (id: string, replaces: number) => Promise<void>
  find: (query: { index: string, range: { to: string }, limit: number }) => Promise<{ items: Array<{ document: T, version: number }> }>
}

/** What a code means: of a refusal, of a finding, of an event that was not taken. `{}` stands for the detail. */
export type CodeWords = (code: string) => Words | undefined
