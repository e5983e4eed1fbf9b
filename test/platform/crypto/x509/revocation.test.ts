import t from 'tap'
import { Failure } from '../../../../services/core/failure.js'
import * as c from '../../../../platform/crypto/index.js'
import { authority, DURING, issued, root, type Identity } from './authority.js'

const top = root('root')
const middle = authority(top, 'middle')
const leaf = issued(middle, 'leaf')
const stranger = root('stranger')
const WEEK = { thisUpdate: new Date('2025-05-30T00:00:00Z'), nextUpdate: new Date('2025-06-06T00:00:00Z') }

const list = (issuer: Identity, change: Partial<c.CrlRequest> = {}): c.Crl =>
  c.parseCrl(c.issueCrl({ issuer: issuer.certificate, issuerKey: issuer.privateKey, number: 1, ...WEEK, revoked: [], ...change }))
const revoked = (reason?: c.RevocationReason, revokedAt = new Date('2025-05-01T00:00:00Z')): Partial<c.CrlRequest> =>
  ({ revoked: [{ serialNumber: leaf.certificate.serialNumber, revokedAt, ...(reason === undefined ? {} : { reason }) }] })
const ask = (crls: c.Crl[], more: Partial<c.RevocationQuestion> = {}): c.RevocationAnswer =>
  c.revocationOf({ certificate: leaf.certificate, issuer: middle.certificate, crls, at: DURING, anchor: top.certificate, ...more })
const said = (crls: c.Crl[], more: Partial<c.RevocationQuestion> = {}): string => {
  const { answer, gap } = ask(crls, more)
  return gap === undefined ? answer : `${answer} ${gap}`
}
const point = (...parts: Buffer[]): c.RawExtension => ({ oid: '2.5.29.28', critical: true, value: c.der.sequence(...parts) })

t.test('a current list of the issuer answers good or revoked, with when and why', async t => {
  t.same(ask([list(middle)]), { answer: 'good', ...WEEK })
  t.same(ask([list(middle, revoked('keyCompromise'))]), { answer: 'revoked', revokedAt: new Date('2025-05-01T00:00:00Z'), reason: 'keyCompromise', ...WEEK })
  t.equal(ask([list(middle, revoked())]).reason, 'unspecified')
  t.equal(ask([list(middle, revoked(undefined, new Date('2025-06-02T00:00:00Z')))]).answer, 'revoked', 'the caller compares the instant')
})

t.test('without a list that proves something nothing is known', async t => {
  t.equal(said([]), 'unknown CRL_MISSING')
  t.equal(said([list(top)]), 'unknown CRL_MISSING', 'the list of another authority')
  const forged = { ...middle, privateKey: stranger.privateKey }
  t.equal(said([list(forged)]), 'unknown CRL_NOT_TRUSTED')
  t.equal(said([list(forged, revoked())]), 'unknown CRL_NOT_TRUSTED', 'a forged list revokes nobody')
  t.equal(said([list(middle, { extensions: [{ oid: '1.2.3.4', critical: true, value: c.der.null() }] })]), 'unknown CRL_NOT_UNDERSTOOD')
  const mute = authority(top, 'mute', { keyUsage: ['keyCertSign'] })
  const below = issued(mute, 'below')
  t.equal(said([list(mute)], { certificate: below.certificate, issuer: mute.certificate }), 'unknown CRL_NOT_TRUSTED', 'no cRLSign')
})

t.test('a list is current from thisUpdate to nextUpdate, both included', async t => {
  const crls = [list(middle)]
  const ms = (date: Date, by: number): Date => new Date(date.getTime() + by)
  t.equal(said(crls, { at: WEEK.thisUpdate }), 'good')
  t.equal(said(crls, { at: WEEK.nextUpdate }), 'good')
  t.equal(said(crls, { at: ms(WEEK.thisUpdate, -1) }), 'unknown CRL_STALE')
  t.equal(said(crls, { at: ms(WEEK.nextUpdate, 1) }), 'unknown CRL_STALE')
  t.equal(said(crls, { at: ms(WEEK.thisUpdate, -1), laterLists: true }), 'good', 'a later list speaks of before, where the caller wants that')
  t.throws(() => ask(crls, { at: new Date(NaN) }), TypeError)
})

t.test('the newest list counts, and a forged newer one does not', async t => {
  const newer = { number: 2, thisUpdate: new Date('2025-05-31T00:00:00Z') }
  t.equal(said([list(middle, revoked('certificateHold')), list(middle, newer)]), 'good')
  t.equal(said([list(middle, { ...newer, ...revoked() }), list(middle)]), 'revoked')
  t.equal(said([list(middle, revoked()), list({ ...middle, privateKey: stranger.privateKey }, newer)]), 'revoked')
})

t.test('a list that has grown old says more than one from before it', async t => {
  const between = { number: 2, thisUpdate: new Date('2025-05-31T00:00:00Z'), nextUpdate: new Date('2025-05-31T12:00:00Z') }
  t.equal(said([list(middle), list(middle, between)]), 'good')
  t.equal(said([list(middle), list(middle, { ...between, ...revoked('keyCompromise') })]), 'revoked')
  t.equal(said([list(middle), list(middle, { ...between, ...revoked('certificateHold') })]), 'unknown CRL_STALE')
  t.equal(said([list(middle), list({ ...middle, privateKey: stranger.privateKey }, { ...between, ...revoked() })]), 'good', 'a forged one')
  t.equal(said([list(middle, { number: 3, thisUpdate: new Date('2025-05-31T18:00:00Z') }), list(middle, { ...between, ...revoked('certificateHold') })]), 'good', 'lifted since')
})

t.test('a list of after the certificate\'s end revokes, where later ones are taken, and does not clear', async t => {
  const { notAfter } = leaf.certificate
  const after = { thisUpdate: new Date(notAfter.getTime() + 1000), nextUpdate: new Date(notAfter.getTime() + 2000) }
  t.equal(said([list(middle, { ...after, ...revoked() })], { laterLists: true }), 'revoked')
  t.equal(said([list(middle, after)], { laterLists: true }), 'unknown CRL_STALE')
  t.equal(said([list(middle, { ...after, ...revoked() })]), 'unknown CRL_STALE')
})

t.test('of a certificate that has ended a list of before its end speaks, or one that keeps what has ended', async t => {
  const { notAfter } = leaf.certificate
  const from = (by: number): Date => new Date(notAfter.getTime() + by * 1000)
  const at = { at: from(100) }
  const keeping = (since: Date): Partial<c.CrlRequest> => ({ extensions: [{ oid: '2.5.29.60', value: c.der.generalizedTime(since) }] })
  const after = { number: 3, thisUpdate: from(50), nextUpdate: from(200) }
  t.equal(said([list(middle, after)], at), 'unknown CRL_STALE', 'who was revoked may have been left out')
  t.equal(said([list(middle, { ...after, ...revoked() })], at), 'revoked')
  t.equal(said([list(middle, { ...after, ...keeping(notAfter) })], at), 'good')
  t.equal(said([list(middle, { ...after, ...keeping(from(1)) })], at), 'unknown CRL_STALE', 'it keeps those only that ended later')
  t.equal(said([list(middle, { thisUpdate: from(-10), nextUpdate: from(0) })], at), 'good', 'it lasted until the end')
  t.equal(said([list(middle, { thisUpdate: from(-10), nextUpdate: from(-1) })], at), 'unknown CRL_STALE')
  t.equal(said([list(middle, { thisUpdate: from(-10), nextUpdate: from(0), ...revoked() }), list(middle, after)], at), 'revoked', 'and left out since')
})

t.test('a list speaks of its own scope only', async t => {
  const onlyUsers = point(c.der.implicit(1, c.der.boolean(true)))
  const onlyAuthorities = point(c.der.implicit(2, c.der.boolean(true)))
  t.equal(said([list(middle, { extensions: [onlyUsers] })]), 'good')
  t.equal(said([list(middle, { extensions: [onlyAuthorities] })]), 'unknown CRL_MISSING')
  t.equal(said([list(middle, { extensions: [point(c.der.implicit(5, c.der.boolean(true)))] })]), 'unknown CRL_MISSING', 'attribute certificates')
  const some = point(c.der.implicit(3, c.der.namedBits(1, 2)))
  t.equal(said([list(middle, { extensions: [some] })]), 'unknown CRL_REASONS_INCOMPLETE')
  t.equal(said([list(middle, { extensions: [some], ...revoked('keyCompromise') })]), 'revoked')
  const rest = point(c.der.implicit(3, c.der.namedBits(3, 4, 5, 6, 7, 8)))
  t.equal(said([list(middle, { extensions: [some] }), list(middle, { extensions: [rest] })]), 'good', 'two lists that cover every reason')
  const elsewhere = point(c.der.explicit(0, c.der.implicit(0, c.der.sequence(c.der.implicit(6, c.der.ia5('http://elsewhere.example/list'))))))
  t.equal(said([list(middle, { extensions: [elsewhere] })]), 'unknown CRL_MISSING')
  const pointed = issued(middle, 'pointed', { crlDistributionPoints: ['http://elsewhere.example/list'] })
  t.equal(said([list(middle, { extensions: [elsewhere] })], { certificate: pointed.certificate }), 'good')
})

t.test('a key of its own may sign lists, as long as it is not revoked itself', async t => {
  const signer = issued(top, 'middle', { keyUsage: ['cRLSign'] })
  const question = { intermediates: [signer.certificate, middle.certificate] }
  const own = list(signer)
  const upper = list(top)
  t.equal(said([own, upper], question), 'good')
  t.equal(said([own], question), 'unknown CRL_NOT_TRUSTED', 'nothing is known of the signer')
  t.equal(said([own, upper], { intermediates: [] }), 'unknown CRL_NOT_TRUSTED', 'the signer is not at hand')
  const gone = list(top, { revoked: [{ serialNumber: signer.certificate.serialNumber, revokedAt: new Date('2025-05-01T00:00:00Z') }] })
  t.equal(said([own, gone], question), 'unknown CRL_NOT_TRUSTED')
  const impostor = issued(stranger, 'middle', { keyUsage: ['cRLSign'] })
  t.equal(said([list(impostor), list(stranger), upper], { intermediates: [impostor.certificate] }), 'unknown CRL_NOT_TRUSTED', 'another anchor')
})

t.test('a signer cannot clear itself of what its issuer says', async t => {
  const signer = issued(middle, 'middle', { keyUsage: ['cRLSign'] })
  const question = { intermediates: [signer.certificate, middle.certificate] }
  const later = { number: 9, thisUpdate: new Date('2025-05-31T00:00:00Z') }
  const own = list(signer, later)
  t.equal(said([own, list(top)], question), 'good', 'nobody else speaks of it')
  const accused = list(middle, { revoked: [{ serialNumber: signer.certificate.serialNumber, revokedAt: new Date('2025-05-01T00:00:00Z') }, ...revoked('superseded').revoked ?? []] })
  t.equal(said([own, accused, list(top)], question), 'revoked', 'its newer list, which names neither, does not count')
})

t.test('a delta list adds to its base, and lifts a hold', async t => {
  const delta = (change: Partial<c.CrlRequest>): c.Crl =>
    list(middle, { number: 2, extensions: [{ oid: '2.5.29.27', critical: true, value: c.der.integer(1) }], ...change })
  t.equal(said([delta({})]), 'unknown CRL_MISSING', 'a delta alone')
  t.equal(said([list(middle), delta(revoked('superseded'))]), 'revoked')
  t.equal(said([list(middle, revoked('certificateHold')), delta(revoked('removeFromCRL'))]), 'good')
  t.equal(said([list(middle, { number: 0 }), delta(revoked())]), 'good', 'a base older than the delta adds to')
})

t.test('a malformed list is refused by its code', async t => {
  const bytes = c.issueCrl({ issuer: middle.certificate, issuerKey: middle.privateKey, number: 1, ...WEEK, revoked: [] })
  const codeOf = (act: () => unknown): string => { try { act() } catch (error) { return (error as Failure).code } return 'read' }
  t.equal(codeOf(() => c.parseCrl(bytes)), 'read')
  t.equal(codeOf(() => c.parseCrl(Buffer.concat([bytes, Buffer.alloc(1)]))), 'CRL_INVALID')
  t.equal(codeOf(() => c.parseCrl(bytes.subarray(0, -1))), 'CRL_INVALID')
  t.equal(codeOf(() => c.parseCrl(leaf.certificate.bytes)), 'CRL_INVALID')
  t.equal(codeOf(() => c.parseCrl(Buffer.alloc(16 * 1024 * 1024 + 1))), 'DER_TOO_LARGE')
})

t.test('ten thousand entries are read and looked up', async t => {
  const entries = Array.from({ length: 10_000 }, (_, i) => ({ serialNumber: i + 1, revokedAt: new Date('2025-05-01T00:00:00Z') }))
  const crl = list(middle, { revoked: entries })
  t.equal(crl.size, 10_000)
  t.equal(said([crl]), 'good')
  t.ok(crl.entry(middle.certificate.subject, '2710'), '10000 in hex')
})

t.test('what was revoked for good stays so when the list is out of date; what a stale list does not name is unknown', async t => {
  const late = { at: new Date('2025-07-01T00:00:00Z') }
  t.equal(said([list(middle, revoked('keyCompromise'))], late), 'revoked')
  t.equal(said([list(middle, revoked())], late), 'revoked', 'no reason given')
  t.equal(said([list(middle, revoked('certificateHold'))], late), 'unknown CRL_STALE', 'a hold may have been lifted')
  t.equal(said([list({ ...middle, privateKey: stranger.privateKey }, revoked())], late), 'unknown CRL_STALE', 'a forged list revokes nobody')
  const current = list(middle, { number: 9, thisUpdate: new Date('2025-06-30T00:00:00Z'), nextUpdate: new Date('2025-07-07T00:00:00Z') })
  t.equal(said([list(middle, revoked()), current], late), 'good', 'a current list has the last word')
  t.equal(said([list(middle, revoked())], { at: new Date('2025-05-01T00:00:00Z') }), 'unknown CRL_STALE', 'a list of later, where nobody asked for it')
})

t.test('a key that was lost before it was revoked counts as revoked from then on', async t => {
  const lost = (day: string): Partial<c.CrlRequest> => ({
    revoked: [{ serialNumber: leaf.certificate.serialNumber, revokedAt: new Date('2025-05-01T00:00:00Z'), reason: 'keyCompromise', extensions: [{ oid: '2.5.29.24', value: c.der.generalizedTime(new Date(day)) }] }]
  })
  t.same(ask([list(middle, lost('2025-03-01T00:00:00Z'))]).revokedAt, new Date('2025-03-01T00:00:00Z'))
  t.same(ask([list(middle, lost('2025-05-02T00:00:00Z'))]).revokedAt, new Date('2025-05-01T00:00:00Z'))
})
