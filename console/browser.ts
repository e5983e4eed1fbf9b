import { timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '../services/core/failure.js'
import { SESSION_NUMBER } from './sessions.js'

/** What a browser is told to refuse, and what it has to send along. @see docs/console.md */
const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "form-action 'self'",
  "base-uri 'none'", "frame-ancestors 'none'", "trusted-types 'none'", "require-trusted-types-for 'script'"
].join('; ')

export function setPageHeaders (reply: FastifyReply): void {
  reply.headers({
    'content-security-policy': POLICY,
    'referrer-policy': 'same-origin', // `no-referrer` would make browsers send Origin: null
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store'
  })
}

/** Chromium 103 drops `__Host-` on plain http, even from loopback. */
function cookieName (request: FastifyRequest): string { return request.protocol === 'https' ? '__Host-mz' : 'mz' }

/** @returns undefined where there is none, or two: then nobody knows whose it is */
export function sessionNumber (request: FastifyRequest): string | undefined {
  const name = cookieName(request)
  const values = (request.headers.cookie ?? '').split(';').map(pair => pair.trim()).filter(pair => pair.startsWith(`${name}=`)).map(pair => pair.slice(name.length + 1))
  return values.length === 1 && SESSION_NUMBER.test(values[0] as string) ? values[0] : undefined
}

export function setSession (request: FastifyRequest, reply: FastifyReply, number: string): void {
  reply.header('set-cookie', `${cookieName(request)}=${number}; Path=/; HttpOnly; SameSite=Strict${request.protocol === 'https' ? '; Secure' : ''}`)
}

export function forgetSession (request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', `${cookieName(request)}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0${request.protocol === 'https' ? '; Secure' : ''}`)
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** @throws {Failure} CONNECTION_NOT_SECURE anyone on the way could read along and take the session */
export function requireSecure (request: FastifyRequest): void {
  if (request.protocol !== 'https' && !LOOPBACK.test(request.hostname)) throw new Failure('CONNECTION_NOT_SECURE', 'pages are served over TLS, or to the same machine')
}

/** @throws {Failure} FORM_NOT_OURS another site, or no page at all, sent this */
export function requireOurOrigin (request: FastifyRequest): void {
  if (request.headers.origin !== `${request.protocol}://${request.host}`) throw new Failure('FORM_NOT_OURS', 'the request comes from elsewhere')
}

/** @throws {Failure} FORM_NOT_OURS */
export function requireFormToken (expected: string, given: unknown): void {
  const [a, b] = [Buffer.from(expected), Buffer.from(typeof given === 'string' ? given : '')]
  if (a.length !== b.length || !timingSafeEqual(a, b)) throw new Failure('FORM_NOT_OURS', 'the form does not carry the token of this session')
}
