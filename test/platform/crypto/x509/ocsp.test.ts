import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import t from 'tap'
import type { Failure } from '../../../../services/core/failure.js'
import * as c from '../../../../platform/crypto/index.js'
import { authority, DURING, issued, root, YEAR, type Change, type Identity } from './authority.js'

const top = root('root')
const middle = authority(top, 'middle')
const leaf = issued(middle, 'leaf')
const stranger = root('stranger')
const WEEK = { thisUpdate: new Date('2025-05-30T00:00:00Z'), nextUpdate: new Date('2025-06-06T00:00:00Z') }
const REVOKED = { revokedAt: new Date('2025-05-01T00:00:00Z'), reason: 'keyCompromise' } as const
const OCSP_SIGNING = c.PURPOSES.OCSPSigning.oid
const NO_CHECK: c.RawExtension = { oid: '1.3.6.1.5.5.7.48.1.5', value: c.der.null() }
const delegate = (change: Change = {}, issuer = middle): Identity => issued(issuer, 'responder', { extendedKeyUsage: [OCSP_SIGNING], extensions: [NO_CHECK], ...change })

type Said = c.OcspStatusRequest['status']
/** What `by` says of the leaf, one thing changed at a time. */
function answer (by: Identity, status: Said = 'good', one: Partial<c.OcspStatusRequest> = {}, whole: Partial<c.OcspRequest> = {}): c.OcspAnswer {
  return c.parseOcspAnswer(c.issueOcspAnswer({
    responder: by.certificate,
    responderKey: by.privateKey,
    producedAt: WEEK.thisUpdate,
    statuses: [{ issuer: middle.certificate, serialNumber: leaf.certificate.serialNumber, status, ...WEEK, ...one }],
    ...(by === middle ? {} : { certificates: [by.certificate] }),
    ...whole
  }))
}
const list = (by: Identity, serials: string[] = []): c.Crl => c.parseCrl(c.issueCrl({ issuer: by.certificate, issuerKey: by.privateKey, number: 1, ...WEEK, revoked: serials.map(serialNumber => ({ serialNumber, revokedAt: DURING })) }))
const ask = (ocsp: c.OcspAnswer[], more: Partial<c.RevocationQuestion> = {}): c.RevocationAnswer =>
  c.revocationOf({ certificate: leaf.certificate, issuer: middle.certificate, crls: [], ocsp, at: DURING, anchor: top.certificate, ...more })
const said = (ocsp: c.OcspAnswer[], more: Partial<c.RevocationQuestion> = {}): string => {
  const { answer, gap } = ask(ocsp, more)
  return gap === undefined ? answer : `${answer} ${gap}`
}
const ms = (date: Date, by: number): Date => new Date(date.getTime() + by)

t.test('the issuer\'s own answer says good or revoked, with when and why', async t => {
  t.same(ask([answer(middle)]), { answer: 'good', ...WEEK, by: 'ocsp' })
  t.same(ask([answer(middle, REVOKED)]), { answer: 'revoked', ...REVOKED, ...WEEK, by: 'ocsp' })
  t.equal(ask([answer(middle, { revokedAt: DURING })]).reason, 'unspecified')
  t.equal(said([answer(middle, 'unknown')]), 'unknown OCSP_UNKNOWN')
  t.equal(said([]), 'unknown CRL_MISSING')
  t.equal(said([answer(middle, 'good', {}, { byKey: true })]), 'good')
})

t.test('RSA and ECDSA authorities answer as SM2 ones do', async t => {
  const pairs: Record<string, { publicKey: KeyObject, privateKey: KeyObject }> = { rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }), ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }) }
  for (const [kind, { publicKey, privateKey }] of Object.entries(pairs)) {
    const by: Identity = { ...root(kind, { publicKey, issuerKey: privateKey }), publicKey, privateKey }
    const below = issued(by, 'below')
    const about = { issuer: by.certificate, serialNumber: below.certificate.serialNumber, hash: 'sha1' } as const
    const question = { certificate: below.certificate, issuer: by.certificate, anchor: by.certificate }
    t.equal(said([answer(by, 'good', about)], question), 'good', kind)
    t.equal(said([answer(by, REVOKED, about)], question), 'revoked', kind)
    t.equal(said([answer({ ...by, privateKey: pairs[kind === 'rsa' ? 'ec' : 'rsa']?.privateKey as KeyObject }, 'good', about)], question), 'unknown OCSP_NOT_TRUSTED', `${kind}: another key`)
  }
})

t.test('an answer speaks of one issuer\'s certificate with one number, however the issuer is hashed', async t => {
  for (const hash of ['sha1', 'sha256', 'sm3'] as const) t.equal(said([answer(middle, 'good', { hash })]), 'good', hash)
  t.equal(said([answer(middle, 'good', { serialNumber: '01' })]), 'unknown CRL_MISSING')
  const twin = authority(top, 'middle')
  t.equal(said([answer(middle, 'good', { issuer: twin.certificate })]), 'unknown CRL_MISSING', 'the same name with another key')
  const renamed = c.parseCertificate(c.issueCertificate({ subject: [['C', 'CN'], ['CN', 'renamed']], publicKey: middle.publicKey, issuerKey: middle.privateKey, ...YEAR, ca: true }))
  t.equal(said([answer(middle, 'good', { issuer: renamed })]), 'unknown CRL_MISSING', 'the same key under another name')
  t.equal(said([answer(middle, 'good', { issuer: top.certificate })]), 'unknown CRL_MISSING', 'another issuer')
})

t.test('an answer that does not verify counts as not there', async t => {
  t.equal(said([answer({ ...middle, privateKey: stranger.privateKey })]), 'unknown OCSP_NOT_TRUSTED')
  t.equal(said([answer({ ...middle, privateKey: stranger.privateKey }, REVOKED)]), 'unknown OCSP_NOT_TRUSTED', 'a forged answer revokes nobody')
  t.equal(said([answer(top)]), 'unknown OCSP_NOT_TRUSTED', 'the authority above did not issue it')
  t.equal(said([answer(leaf)]), 'unknown OCSP_NOT_TRUSTED', 'a certificate cannot clear itself')
  const critical = { oid: '1.2.3.4', critical: true, value: c.der.null() }
  t.equal(said([answer(middle, 'good', { extensions: [critical] })]), 'unknown OCSP_NOT_UNDERSTOOD')
  t.equal(said([answer(middle, REVOKED, {}, { extensions: [critical] })]), 'unknown OCSP_NOT_UNDERSTOOD')
  t.equal(said([answer(middle, 'good', {}, { extensions: [{ ...critical, critical: false }, { oid: '1.3.6.1.5.5.7.48.1.2', critical: true, value: c.der.octets(Buffer.alloc(8)) }] })]), 'good', 'a nonce is known')
  const mute = authority(top, 'mute', { keyUsage: ['keyCertSign'] })
  const below = issued(mute, 'below')
  t.equal(said([answer(mute, 'good', { issuer: mute.certificate, serialNumber: below.certificate.serialNumber })], { certificate: below.certificate, issuer: mute.certificate }), 'unknown OCSP_NOT_TRUSTED', 'a key for certificates alone')
})

t.test('one whom the issuer appointed may answer, and nobody else', async t => {
  t.equal(said([answer(delegate())]), 'good')
  t.equal(said([answer(delegate(), 'good', {}, { certificates: [] })]), 'unknown OCSP_NOT_TRUSTED', 'its certificate is not at hand')
  const kept = delegate()
  t.equal(said([answer(kept, 'good', {}, { certificates: [] })], { intermediates: [kept.certificate] }), 'good', 'it stands in intermediates/')
  t.equal(said([answer(delegate({ extendedKeyUsage: [c.PURPOSES.clientAuth.oid] }))]), 'unknown OCSP_NOT_TRUSTED', 'another purpose')
  t.equal(said([answer(delegate({ keyUsage: ['keyEncipherment'] }))]), 'unknown OCSP_NOT_TRUSTED', 'a key for encryption')
  t.equal(said([answer(delegate({}, top))]), 'unknown OCSP_NOT_TRUSTED', 'appointed by the authority above')
  t.equal(said([answer(delegate({}, stranger))]), 'unknown OCSP_NOT_TRUSTED', 'appointed by a stranger')
  t.equal(said([answer(delegate({}, { ...middle, privateKey: stranger.privateKey }))]), 'unknown OCSP_NOT_TRUSTED', 'an appointment that is forged')
  t.equal(said([answer(delegate({ issuer: [['CN', 'another']] }))]), 'unknown OCSP_NOT_TRUSTED', 'appointed under another name')
  t.equal(said([answer(delegate({ extensions: [NO_CHECK, { oid: '1.2.3.4', critical: true, value: c.der.null() }] }))]), 'unknown OCSP_NOT_TRUSTED', 'something critical is unknown')
  t.equal(said([answer(delegate({ extensions: [{ ...NO_CHECK, critical: true }] }))]), 'good', 'ocsp-nocheck is known')
})

t.test('a delegate\'s certificate holds when the answer is produced', async t => {
  const short = delegate({ notBefore: ms(WEEK.thisUpdate, -1000), notAfter: ms(WEEK.thisUpdate, 1000) })
  const at = (by: number): string => said([answer(short, 'good', {}, { producedAt: ms(WEEK.thisUpdate, by) })], { at: WEEK.thisUpdate })
  t.same([-2000, -1000, 1000, 2000].map(at), ['unknown OCSP_NOT_TRUSTED', 'good', 'good', 'unknown OCSP_NOT_TRUSTED'])
})

t.test('what a delegate says good ends with its certificate, whatever it dates; what it revoked stays revoked', async t => {
  const short = delegate({ notAfter: ms(WEEK.thisUpdate, 1000) })
  const at = (by: number, status: Said = 'good'): string => said([answer(short, status)], { at: ms(WEEK.thisUpdate, by) })
  t.equal(at(1000), 'good')
  t.equal(at(2000), 'unknown OCSP_NOT_TRUSTED')
  t.equal(at(2000, REVOKED), 'revoked')
})

t.test('a delegate without ocsp-nocheck must not have been revoked, which it cannot say itself', async t => {
  const by = delegate({ extensions: [] })
  const { serialNumber } = by.certificate
  t.equal(said([answer(by)]), 'unknown OCSP_NOT_TRUSTED', 'nothing is known of it')
  const about = (status: Said, signer: Identity): c.OcspAnswer => answer(signer, status, { serialNumber })
  t.equal(said([answer(by), about('good', by)]), 'unknown OCSP_NOT_TRUSTED', 'its own word')
  t.equal(said([answer(by), about('good', middle)]), 'good', 'the issuer\'s word')
  t.equal(said([answer(by), about(REVOKED, middle)]), 'unknown OCSP_NOT_TRUSTED')
  t.equal(said([answer(by)], { crls: [list(middle, [serialNumber])] }), 'good', 'the list clears the leaf; the delegate that it revokes adds nothing')
  t.equal(said([answer(by, REVOKED)], { crls: [list(middle, [serialNumber])] }), 'good', 'nor does a revoked delegate revoke')
  t.equal(said([answer(by, REVOKED)], { crls: [list(middle)] }), 'revoked')
})

t.test('good counts from thisUpdate to nextUpdate, both included, as lists do', async t => {
  const ocsp = [answer(middle)]
  t.equal(said(ocsp, { at: WEEK.thisUpdate }), 'good')
  t.equal(said(ocsp, { at: WEEK.nextUpdate }), 'good')
  t.equal(said(ocsp, { at: ms(WEEK.thisUpdate, -1) }), 'unknown OCSP_STALE')
  t.equal(said(ocsp, { at: ms(WEEK.nextUpdate, 1) }), 'unknown OCSP_STALE')
  t.equal(said(ocsp, { at: ms(WEEK.thisUpdate, -1), laterLists: true }), 'good')
  const endless = c.parseOcspAnswer(c.issueOcspAnswer({ responder: middle.certificate, responderKey: middle.privateKey, producedAt: WEEK.thisUpdate, statuses: [{ issuer: middle.certificate, serialNumber: leaf.certificate.serialNumber, status: 'good', thisUpdate: WEEK.thisUpdate }] }))
  t.equal(said([endless]), 'unknown OCSP_STALE', 'without nextUpdate it is never current')
})

t.test('what is revoked for good stays so when the answer grows old; a hold does not', async t => {
  const hold = { ...REVOKED, reason: 'certificateHold' } as const
  const late = { at: ms(WEEK.nextUpdate, 1) }
  t.equal(said([answer(middle, REVOKED)], late), 'revoked')
  t.equal(said([answer(middle, REVOKED)], { at: ms(WEEK.thisUpdate, -1) }), 'unknown OCSP_STALE', 'not before it begins')
  t.equal(said([answer(middle, hold)]), 'revoked')
  t.equal(said([answer(middle, hold)], late), 'unknown OCSP_STALE')
  const newer = { thisUpdate: ms(WEEK.thisUpdate, 1000) }
  t.equal(said([answer(middle, hold), answer(middle, 'good', newer)]), 'good', 'lifted')
  t.equal(said([answer(middle, 'good'), answer(middle, hold, newer)]), 'revoked')
  t.equal(said([answer(middle, hold), answer(middle, 'good')]), 'revoked', 'of two at once the worse')
})

t.test('a hold that has grown old is not lifted by what was said before it', async t => {
  const hold = answer(middle, { ...REVOKED, reason: 'certificateHold' }, { thisUpdate: ms(WEEK.thisUpdate, 1000), nextUpdate: ms(WEEK.thisUpdate, 2000) })
  t.equal(said([answer(middle), hold]), 'unknown OCSP_STALE')
  t.equal(said([answer(middle), answer({ ...middle, privateKey: stranger.privateKey }, { ...REVOKED, reason: 'certificateHold' }, { thisUpdate: ms(WEEK.thisUpdate, 1000), nextUpdate: ms(WEEK.thisUpdate, 2000) })]), 'good', 'a forged one')
  t.equal(said([hold, answer(middle, 'good', { thisUpdate: ms(WEEK.thisUpdate, 2000) })]), 'good', 'said after it')
})

t.test('a key is revoked from when it was lost, as in lists', async t => {
  const lost = (date: Date): c.OcspAnswer => answer(middle, REVOKED, { extensions: [{ oid: '2.5.29.24', value: c.der.generalizedTime(date) }] })
  const before = new Date('2025-03-01T00:00:00Z')
  t.same(ask([lost(before)]).revokedAt, before)
  t.same(ask([lost(DURING)]).revokedAt, REVOKED.revokedAt)
  t.equal(ask([answer(middle, 'good', { extensions: [{ oid: '2.5.29.24', value: c.der.generalizedTime(before) }] })]).answer, 'good')
})

t.test('of several who revoke, the earliest instant and the worse reason count', async t => {
  const givenUp = answer(middle, { ...REVOKED, reason: 'superseded' })
  for (const ocsp of [[givenUp, answer(middle, REVOKED)], [answer(middle, REVOKED), givenUp], [givenUp, answer(middle, { ...REVOKED, revokedAt: DURING })]]) {
    const { revokedAt, reason } = ask(ocsp)
    t.same({ revokedAt, reason }, REVOKED)
  }
  const { revokedAt, reason } = ask([givenUp], { crls: [list(middle, [leaf.certificate.serialNumber])] })
  t.same({ revokedAt, reason }, { revokedAt: REVOKED.revokedAt, reason: 'unspecified' }, 'a list without a reason')
  t.equal(ask([givenUp]).reason, 'superseded')
})

t.test('revoked for good counts from an answer of after the certificate\'s end, too, where later ones are taken', async t => {
  const after = { thisUpdate: ms(leaf.certificate.notAfter, 1000), nextUpdate: ms(leaf.certificate.notAfter, 2000) }
  t.equal(said([answer(middle, REVOKED, after)], { laterLists: true }), 'revoked')
  t.equal(said([answer(middle, REVOKED, after)]), 'unknown OCSP_STALE')
  t.equal(said([answer(middle, 'good', after)], { laterLists: true }), 'unknown OCSP_STALE')
})

t.test('of a certificate that has ended an answer of before its end speaks, or one whose responder keeps what has ended', async t => {
  const from = (by: number): Date => ms(leaf.certificate.notAfter, by * 1000)
  const at = { at: from(100) }
  const after = { thisUpdate: from(50), nextUpdate: from(200) }
  const keeping = (since: Date): Partial<c.OcspStatusRequest> => ({ extensions: [{ oid: '1.3.6.1.5.5.7.48.1.6', value: c.der.generalizedTime(since) }] })
  t.equal(said([answer(middle, 'good', after)], at), 'unknown OCSP_STALE')
  t.equal(said([answer(middle, REVOKED, after)], at), 'revoked')
  t.equal(said([answer(middle, 'good', { ...after, ...keeping(from(0)) })], at), 'good')
  t.equal(said([answer(middle, 'good', { ...after, ...keeping(from(1)) })], at), 'unknown OCSP_STALE')
  t.equal(said([answer(middle, 'good', { thisUpdate: from(-10), nextUpdate: from(0) })], at), 'good')
  t.equal(said([answer(middle, 'good', { thisUpdate: from(-10), nextUpdate: from(-1) })], at), 'unknown OCSP_STALE')
})

t.test('lists and answers are weighed together: what any revokes is revoked', async t => {
  const revoking = list(middle, [leaf.certificate.serialNumber])
  t.equal(said([answer(middle)], { crls: [revoking] }), 'revoked')
  t.same(ask([answer(middle, REVOKED)], { crls: [list(middle)] }).by, 'ocsp')
  t.equal(said([answer(middle, REVOKED), answer(middle, 'good', { thisUpdate: ms(WEEK.thisUpdate, 1000) })]), 'revoked', 'no newer answer takes it back')
  t.same(ask([answer(middle, REVOKED)], { crls: [revoking] }).revokedAt, REVOKED.revokedAt, 'the earlier instant')
  t.equal(said([answer(middle, 'unknown')], { crls: [list(middle)] }), 'good')
  t.equal(said([answer({ ...middle, privateKey: stranger.privateKey })], { crls: [list(middle)] }), 'good')
})

t.test('an answer that speaks of a certificate many times over is weighed once, and its signer asked once', async t => {
  const one = (status: Said): c.OcspStatusRequest => ({ issuer: middle.certificate, serialNumber: leaf.certificate.serialNumber, status, ...WEEK })
  let asked = 0
  const { publicKey } = stranger
  const spy = Object.create(middle.certificate, { publicKey: { get: () => { asked++; return publicKey } }, fingerprint: { value: 'spy' } }) as c.Certificate
  const many = answer(middle, 'good', {}, { statuses: Array.from({ length: 50 }, () => one('good')) })
  t.equal(said([many]), 'good')
  t.equal(said([many], { issuer: spy }), 'unknown OCSP_NOT_TRUSTED')
  t.equal(asked, 1)
  t.equal(said([answer(middle, 'good', {}, { statuses: [one('good'), one(REVOKED), one('unknown'), one('good')] })]), 'revoked', 'of contradictions the worst')
})

t.test('an answer that is malformed, empty or too large is refused by its code', async t => {
  const bytes = c.issueOcspAnswer({ responder: middle.certificate, responderKey: middle.privateKey, producedAt: DURING, statuses: [{ issuer: middle.certificate, serialNumber: 5, status: 'good', ...WEEK }] })
  const codeOf = (act: () => unknown): string => { try { act() } catch (error) { return (error as Failure).code } return 'read' }
  const made = (statuses: Array<Partial<c.OcspStatusRequest>>): string => codeOf(() => c.parseOcspAnswer(c.issueOcspAnswer({
    responder: middle.certificate, responderKey: middle.privateKey, producedAt: DURING, statuses: statuses.map(one => ({ issuer: middle.certificate, serialNumber: 5, status: 'good', ...WEEK, ...one }))
  })))
  t.equal(codeOf(() => c.parseOcspAnswer(bytes)), 'read')
  t.equal(codeOf(() => c.parseOcspAnswer(Buffer.concat([bytes, Buffer.alloc(1)]))), 'OCSP_INVALID')
  t.equal(codeOf(() => c.parseOcspAnswer(c.der.sequence(c.der.enumerated(3)))), 'OCSP_INVALID', 'try later')
  t.equal(codeOf(() => c.parseOcspAnswer(leaf.certificate.bytes)), 'OCSP_INVALID')
  t.equal(made([]), 'OCSP_INVALID')
  t.equal(made([{ nextUpdate: ms(WEEK.thisUpdate, -1000) }]), 'OCSP_INVALID', 'ends before it begins')
  t.equal(made(Array.from({ length: c.OCSP_LIMITS.statuses }, () => ({}))), 'read')
  t.equal(made(Array.from({ length: c.OCSP_LIMITS.statuses + 1 }, () => ({}))), 'DER_TOO_MANY_ELEMENTS')
  t.equal(codeOf(() => c.parseOcspAnswer(Buffer.alloc(c.OCSP_LIMITS.bytes + 1))), 'DER_TOO_LARGE')
  const many = (count: number): Buffer => c.issueOcspAnswer({ responder: middle.certificate, responderKey: middle.privateKey, producedAt: DURING, certificates: Array.from({ length: count }, () => leaf.certificate), statuses: [{ issuer: middle.certificate, serialNumber: 5, status: 'good', ...WEEK }] })
  t.equal(codeOf(() => c.parseOcspAnswer(many(c.OCSP_LIMITS.certificates))), 'read')
  t.equal(codeOf(() => c.parseOcspAnswer(many(c.OCSP_LIMITS.certificates + 1))), 'DER_TOO_MANY_ELEMENTS')
})

t.test('each cut and each flipped octet of an answer proves nothing new', async t => {
  const good = c.issueOcspAnswer({ responder: middle.certificate, responderKey: middle.privateKey, producedAt: WEEK.thisUpdate, statuses: [{ issuer: middle.certificate, serialNumber: leaf.certificate.serialNumber, status: REVOKED, ...WEEK }] })
  for (let at = 0; at < good.length; at++) {
    const changed = Buffer.from(good)
    changed[at] = (changed[at] as number) ^ 0x01
    for (const bytes of [good.subarray(0, at), changed]) {
      try { if (ask([c.parseOcspAnswer(bytes)]).answer !== 'unknown') t.fail(`octet ${at}`) } catch (error) { if (!/^(OCSP_INVALID|DER_)/.test((error as Failure).code)) throw error }
    }
  }
})
