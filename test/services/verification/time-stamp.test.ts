import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { der, generateSm2KeyPair, issueCertificate, issueCrl, issueOcspAnswer, keyThumbprint, parseCertificate, PURPOSES, type RawExtension } from '../../../platform/crypto/index.js'
import { findingsOf, gather, judge, parseTrust, verifyReceipt, issueReceipt, type Facts, type TrustFiles } from '../../../services/verification/index.js'
import { canonicalJson, parseJson } from '../../../services/core/json.js'
import { Draft, FOLDER } from '../../support/ofd-draft.js'
import { sampleAuthority, sampleLicence, SAMPLE_AT, SIGNED_AT } from '../../support/sample-licence.js'
import { stampAuthority, stampToken, stampedOctets, withStamp, type StampAuthority, type StampOptions } from '../../support/time-stamp.js'
import { sampleTrustFiles } from '../../support/trust.js'

const VALUE = `${FOLDER}/SignedValue.dat`
const authority = await sampleAuthority()
const { ca, root } = authority
const tsa = stampAuthority(ca)
const ENDS = new Date('2026-04-01T00:00:00Z')
/** Sealed with a certificate that has ended by `SAMPLE_AT`. */
const ended = Draft.of((await sampleLicence({ signer: authority.makeSigner({ notAfter: ENDS, sealTo: new Date('2036-01-01T00:00:00Z') }) })).bytes)
const inForce = Draft.of((await sampleLicence()).bytes)
const minutes = (count: number, from = SIGNED_AT): Date => new Date(from.getTime() + count * 60_000)

const stamped = (draft: Draft, by: StampAuthority, options?: StampOptions): Buffer => bearing(draft, stampToken(stampedOctets(draft.get(VALUE)), by, options))
const bearing = (draft: Draft, token: Uint8Array): Buffer => draft.copy().set(VALUE, withStamp(draft.get(VALUE), token)).bytes()

type Change = Partial<Pick<TrustFiles, 'ocsp' | 'timestampAnchors' | 'intermediates' | 'crls'>> & { policy?: object }
function ask (bytes: Uint8Array, { policy = {}, ...files }: Change = {}): string[] {
  const trust = parseTrust({ ...sampleTrustFiles(authority, { policy: { status: 'off', ...policy } }), ...files })
  const at = SAMPLE_AT.toISOString()
  const { facts } = gather(bytes, trust, { at })
  const report = judge(parseJson(Buffer.from(canonicalJson(facts)), { bytes: 1e6, depth: 32 }) as unknown as Facts, trust.policy, at)
  const told = findingsOf(report).map(({ status, code }) => status === 'failed' ? `!${code}` : code)
  return told.length === 0 ? [report.verdict] : told
}
const file = (bytes: Uint8Array) => [{ name: 'file', bytes }]

t.test('a certificate that ended since needs a time-stamp from before', async t => {
  t.same(ask(ended.bytes()), ['TIME_UNPROVEN'])
  t.same(ask(stamped(ended, tsa)), ['valid'])
  t.same(ask(stamped(ended, tsa, { genTime: ENDS })), ['valid'], 'the last instant belongs to the period')
  t.same(ask(stamped(ended, tsa, { genTime: new Date(ENDS.getTime() + 1000) })), ['TIME_UNPROVEN'])
  t.same(ask(stamped(ended, tsa, { genTime: ENDS, more: [der.sequence(der.integer(1))] })), ['TIME_UNPROVEN'], 'a second of accuracy too late')
  t.same(ask(stamped(ended, tsa, { genTime: minutes(-1, ENDS), more: [der.sequence(der.integer(60))] })), ['valid'])
  t.same(ask(stamped(inForce, tsa)), ['valid'])
})

t.test('a certificate that was revoked since needs a time-stamp from before, earlier than the revocation', async t => {
  const signer = parseCertificate(authority.signer.certificate)
  const revokedAt = minutes(10)
  const list = issueCrl({ issuer: ca.certificate, issuerKey: ca.key, number: 2, thisUpdate: minutes(20), nextUpdate: new Date('2027-01-01T00:00:00Z'), revoked: [{ serialNumber: signer.serialNumber, revokedAt }] })
  const crls = [authority.crls[0] as Buffer, list].map(bytes => ({ name: 'list', bytes }))
  t.same(ask(inForce.bytes(), { crls }), ['TIME_UNPROVEN'])
  t.same(ask(stamped(inForce, tsa, { genTime: minutes(9) }), { crls }), ['valid'])
  t.same(ask(stamped(inForce, tsa, { genTime: revokedAt }), { crls }), ['TIME_UNPROVEN'])
})

t.test('a list of after the certificate\'s end, which may have dropped what was revoked, does not clear it', async t => {
  const later = (extensions: RawExtension[] = []): Array<{ name: string, bytes: Buffer }> => {
    const list = issueCrl({ issuer: ca.certificate, issuerKey: ca.key, number: 2, thisUpdate: minutes(1, ENDS), nextUpdate: new Date('2027-01-01T00:00:00Z'), revoked: [], extensions })
    return [authority.crls[0] as Buffer, list].map(bytes => ({ name: 'list', bytes }))
  }
  const token = stamped(ended, tsa)
  t.ok(ask(token, { crls: later() }).every(code => code === 'REVOCATION_UNKNOWN'))
  t.same(ask(token, { crls: later([{ oid: '2.5.29.60', value: der.generalizedTime(ENDS) }]) }), ['valid'], 'it keeps them')
})

t.test('SM2, RSA and ECDSA authorities stamp, in the forms of RFC 3161 and of the national standards', async t => {
  for (const kind of ['sm2', 'rsa', 'ec'] as const) t.same(ask(stamped(ended, stampAuthority(ca, kind))), ['valid'], kind)
  t.same(ask(stamped(ended, tsa, { national: true })), ['valid'], 'GB/T 35275')
  for (const hash of ['sm3', 'sha256', 'sha384', 'sha512'] as const) t.same(ask(stamped(ended, tsa, { hash })), ['valid'], hash)
  for (const boundBy of ['sha1', 'sha256', 'sm3'] as const) t.same(ask(stamped(ended, tsa, { boundBy })), ['valid'], boundBy)
  t.same(ask(stamped(ended, tsa, { bound: 'none' })), ['valid'])
  const token = stampToken(stampedOctets(ended.get(VALUE)), tsa)
  t.same(ask(bearing(ended, der.sequence(der.sequence(der.integer(0)), token))), ['valid'], 'inside the answer of the responder')
  t.same(ask(bearing(ended, der.sequence(der.sequence(der.integer(2)), token))), ['TIMESTAMP_UNREADABLE', 'TIME_UNPROVEN'], 'which refused')
  const named = { more: [der.explicit(0, der.explicit(4, tsa.certificate.subject.der))] }
  t.same(ask(stamped(ended, tsa, named)), ['valid'])
})

t.test('a time-stamp without its certificate is taken where the certificate is at hand', async t => {
  const bare = stamped(ended, tsa, { certificates: [] })
  t.same(ask(bare), ['TIME_UNPROVEN'])
  t.same(ask(bare, { intermediates: [ca.certificate, tsa.certificate].flatMap(({ bytes }) => file(bytes)) }), ['valid'])
  t.same(ask(bare, { timestampAnchors: file(tsa.certificate.bytes) }), ['valid'])
})

t.test('a time-stamp of other bytes, or one that was changed, is proof against', async t => {
  const other = stampToken(stampedOctets(inForce.get(VALUE)), tsa)
  t.same(ask(bearing(ended, other)), ['!TIMESTAMP_OTHER', 'TIME_UNPROVEN'])
  t.same(ask(bearing(inForce, stampToken(inForce.get(VALUE), tsa))), ['!TIMESTAMP_OTHER'], 'the whole value file in place of the value\'s octets')
  const earlier = (info: Buffer): Buffer => Buffer.from(info.toString('latin1').replace('20260302010100Z', '20260302010101Z'), 'latin1')
  t.same(ask(stamped(ended, tsa, { swapInfo: earlier })), ['!TIMESTAMP_INVALID', 'TIME_UNPROVEN'], 'another time put in')
  t.same(ask(stamped(ended, { ...tsa, key: stampAuthority(ca).key })), ['!TIMESTAMP_INVALID', 'TIME_UNPROVEN'], 'signed by another key')
  t.same(ask(stamped(ended, tsa, { contentType: '1.2.840.113549.1.7.1' })), ['!TIMESTAMP_INVALID', 'TIME_UNPROVEN'], 'signed as something else')
  t.same(ask(stamped(ended, tsa, { bound: ca.certificate })), ['!TIMESTAMP_INVALID', 'TIME_UNPROVEN'], 'bound to another certificate')
  const twin = stampAuthority(ca, 'sm2', { serialNumber: tsa.certificate.serialNumber }).certificate
  t.same(ask(stamped(ended, tsa, { bound: twin })), ['!TIMESTAMP_INVALID', 'TIME_UNPROVEN'], 'to one of the same number')
  t.same(ask(stamped(ended, tsa, { boundSerial: stampAuthority(ca).certificate })), ['!TIMESTAMP_INVALID', 'TIME_UNPROVEN'], 'to another number')
  t.same(ask(stamped(ended, tsa, { certificates: [tsa.certificate, twin] })), ['TIMESTAMP_UNREADABLE', 'TIME_UNPROVEN'], 'two certificates fit')
  const curve = stampAuthority(ca, 'ec')
  t.same(ask(stamped(ended, curve, { digestBy: 'sha256' })), ['valid'])
  t.same(ask(stamped(ended, curve, { digestBy: 'sha512' })), ['!TIMESTAMP_INVALID', 'TIME_UNPROVEN'], 'its digest is not that of its signature')
  t.same(ask(stamped(ended, tsa, { bound: ca.certificate, boundBy: 'sha1' })), ['!TIMESTAMP_INVALID', 'TIME_UNPROVEN'])
  t.same(ask(stamped(ended, tsa, { more: [der.explicit(0, der.explicit(4, ca.certificate.subject.der))] })), ['!TIMESTAMP_INVALID', 'TIME_UNPROVEN'], 'by its own word another\'s')
})

t.test('a time-stamp earlier than the signing time contradicts it', async t => {
  t.same(ask(stamped(inForce, tsa, { genTime: SIGNED_AT })), ['valid'])
  t.same(ask(stamped(inForce, tsa, { genTime: new Date(SIGNED_AT.getTime() - 1000) })), ['!TIMESTAMP_EARLIER'])
  t.same(ask(stamped(inForce, tsa, { genTime: new Date(SIGNED_AT.getTime() - 1000), more: [der.sequence(der.integer(1))] })), ['valid'], 'within its accuracy')
  t.same(ask(stamped(inForce, tsa, { genTime: minutes(-1) }), { timestampAnchors: [] }), ['valid'], 'nobody\'s word contradicts nothing')
})

t.test('an authority that is not known counts as not there', async t => {
  for (const change of [{ timestampAnchors: [] }, { timestampAnchors: file(stampAuthority(ca).certificate.bytes) }]) {
    t.same(ask(stamped(ended, tsa), change), ['TIME_UNPROVEN'])
    t.same(ask(stamped(inForce, tsa), change), ['valid'])
  }
  t.same(ask(stamped(ended, tsa), { timestampAnchors: file(root.certificate.bytes) }), ['valid'])
  t.same(ask(stamped(ended, tsa), { policy: { signatureAlgorithms: ['1.2.156.10197.1.501'], digestAlgorithms: ['1.2.156.10197.1.401'] } }), ['valid'])
  t.same(ask(stamped(ended, stampAuthority(ca, 'rsa')), { policy: { signatureAlgorithms: ['1.2.156.10197.1.501'] } }), ['TIME_UNPROVEN'], 'an algorithm that the policy refuses')
  t.same(ask(stamped(ended, tsa, { hash: 'sha256' }), { policy: { digestAlgorithms: ['1.2.156.10197.1.401'] } }), ['TIME_UNPROVEN'])
  t.same(ask(stamped(ended, tsa, { hash: 'sha1' })), ['TIME_UNPROVEN'])
  const critical = der.implicit(1, der.sequence(der.sequence(der.oid('1.2.3.4'), der.boolean(true), der.octets(Buffer.alloc(0)))))
  t.same(ask(stamped(ended, tsa, { more: [critical] })), ['TIME_UNPROVEN'], 'something critical is unknown')
})

t.test('an authority whose certificate breaks a rule may not stamp', async t => {
  const purposes = (critical: boolean, ...names: Array<keyof typeof PURPOSES>): { extensions: RawExtension[] } => ({ extensions: [{ oid: '2.5.29.37', critical, value: der.sequence(...names.map(name => der.oid(PURPOSES[name].oid))) }] })
  const untrusted = (by: StampAuthority, message: string): void => { t.same(ask(stamped(ended, by)), ['TIMESTAMP_UNTRUSTED', 'TIME_UNPROVEN'], message) }
  untrusted(stampAuthority(ca, 'sm2', { extensions: [] }), 'no purpose')
  untrusted(stampAuthority(ca, 'sm2', purposes(false, 'timeStamping')), 'the purpose is not critical')
  untrusted(stampAuthority(ca, 'sm2', purposes(true, 'timeStamping', 'clientAuth')), 'another purpose beside it')
  untrusted(stampAuthority(ca, 'sm2', { keyUsage: ['keyEncipherment'] }), 'a key for encryption')
  untrusted(stampAuthority(ca, 'sm2', { notAfter: minutes(0) }), 'its certificate had ended by then')
  untrusted(stampAuthority(ca, 'sm2', { notBefore: minutes(2) }), 'its certificate had not begun')
  t.same(ask(stamped(ended, stampAuthority(ca, 'sm2', { notAfter: minutes(2) }))), ['valid'], 'it ended since')
})

t.test('a revoked authority\'s older time-stamps stand only where its key was given up, not lost', async t => {
  const day = { thisUpdate: new Date('2026-05-31T00:00:00Z'), nextUpdate: new Date('2026-06-02T00:00:00Z') }
  const answer = (revokedAt: Date, reason?: 'superseded' | 'keyCompromise'): Change => ({
    ocsp: file(issueOcspAnswer({ responder: ca.certificate, responderKey: ca.key, producedAt: day.thisUpdate, statuses: [{ issuer: ca.certificate, serialNumber: tsa.certificate.serialNumber, status: { revokedAt, ...(reason !== undefined && { reason }) }, ...day }] }))
  })
  t.same(ask(stamped(ended, tsa), answer(minutes(2), 'superseded')), ['valid'])
  t.same(ask(stamped(ended, tsa), answer(minutes(1), 'superseded')), ['TIMESTAMP_UNTRUSTED', 'TIME_UNPROVEN'])
  t.same(ask(stamped(ended, tsa), answer(minutes(2), 'keyCompromise')), ['TIMESTAMP_UNTRUSTED', 'TIME_UNPROVEN'])
  t.same(ask(stamped(ended, tsa), answer(minutes(2))), ['TIMESTAMP_UNTRUSTED', 'TIME_UNPROVEN'], 'no reason given')
  const keys = generateSm2KeyPair()
  const silent = { certificate: parseCertificate(issueCertificate({ subject: [['CN', 'Silent CA']], issuer: root.certificate, issuerKey: root.key, publicKey: keys.publicKey, notBefore: tsa.certificate.notBefore, notAfter: tsa.certificate.notAfter, ca: true, keyUsage: ['keyCertSign', 'cRLSign'] })), key: keys.privateKey }
  const below = stampAuthority(silent)
  const bytes = stamped(ended, below, { certificates: [silent.certificate, below.certificate] })
  t.same(ask(bytes), ['TIME_UNPROVEN'], 'nothing is known of its revocation')
  t.same(ask(bytes, { policy: { revocation: 'if-known' } }), ['valid'])
  t.same(ask(bytes, { ocsp: file(issueOcspAnswer({ responder: silent.certificate, responderKey: silent.key, producedAt: day.thisUpdate, statuses: [{ issuer: silent.certificate, serialNumber: below.certificate.serialNumber, status: 'good', ...day }] })) }), ['valid'])
})

t.test('what is no time-stamp is a finding, and nothing is thrown', async t => {
  const good = stampToken(stampedOctets(inForce.get(VALUE)), tsa)
  const unreadable = (token: Uint8Array, message: string): void => { t.same(ask(bearing(inForce, token)), ['TIMESTAMP_UNREADABLE'], message) }
  unreadable(Buffer.from('rubbish'), 'not DER')
  unreadable(good.subarray(0, -1), 'cut off')
  unreadable(stampToken(Buffer.alloc(1), tsa, { doubled: true }), 'two signers')
  unreadable(stampToken(stampedOctets(inForce.get(VALUE)), tsa, { eContentType: '1.2.840.113549.1.7.1' }), 'signed data of another kind')
  unreadable(stampToken(Buffer.alloc(1), tsa, { info: () => der.sequence(der.integer(2)) }), 'another version')
  unreadable(stampToken(Buffer.alloc(1), tsa, { more: [der.sequence(der.integer(86_401))] }), 'a clock that is a day unsure')
  unreadable(stampToken(Buffer.alloc(1), tsa, { genTime: new Date('9999-12-31T23:59:59Z'), more: [der.sequence(der.integer(1))] }), 'beyond the year 9999, where instants no longer sort as text')
  unreadable(Buffer.alloc(256 * 1024 + 1, 0x30), 'too large')
  for (let at = 0; at < good.length; at += 11) {
    const changed = Buffer.from(good)
    changed[at] = (changed[at] as number) ^ 0x01
    t.notMatch(ask(bearing(ended, changed)), ['valid'], `octet ${at}`)
  }
})

t.test('facts of a time-stamp stand in the receipt, and lead to the same verdict again', async t => {
  const trust = parseTrust(sampleTrustFiles(authority, { policy: { status: 'off' } }))
  const at = SAMPLE_AT.toISOString()
  const { facts } = gather(stamped(ended, tsa), trust, { at, withSm3: true })
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const receipt = issueReceipt({ id: 'r', issuedAt: at, facts, policy: trust.policy, trust: 'a'.repeat(64), report: judge(facts, trust.policy, at), key: { key: privateKey, kid: keyThumbprint(publicKey), algorithm: 'EdDSA' } })
  const again = verifyReceipt(receipt, publicKey)
  t.equal(again.report.verdict, 'valid')
  t.match(again.receipt.facts.signatures[0]?.timeStamp, { genTime: minutes(1).toISOString(), imprint: { of: 'this' }, value: { right: true }, tsa: { name: 'Sample TSA' } })
})
