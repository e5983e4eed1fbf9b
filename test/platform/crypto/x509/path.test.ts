import t from 'tap'
import * as c from '../../../../platform/crypto/index.js'
import { authority, DURING, issued, root, YEAR, type Change, type Identity } from './authority.js'

const top = root('root')
const stranger = root('stranger')

/** Judges a leaf below one authority below the root, each changed in one way. */
function judge ({ leaf = {}, ca = {}, anchor = top, ...question }: { leaf?: Change, ca?: Change, anchor?: Identity } & Partial<c.PathQuestion> = {}): string {
  const middle = authority(anchor, 'middle', ca)
  const { certificate } = issued(middle, 'leaf', leaf)
  return said(c.findPath({ certificate, anchors: [anchor.certificate], intermediates: [middle.certificate], at: DURING, ...question }))
}
const said = ({ result, problem }: c.PathResult): string => problem === undefined ? result : `${result} ${problem.code} ${problem.at}`
const find = (certificate: c.Certificate, anchors: Identity[], intermediates: Identity[], more: Partial<c.PathQuestion> = {}): c.PathResult =>
  c.findPath({ certificate, anchors: anchors.map(({ certificate: found }) => found), intermediates: intermediates.map(({ certificate: found }) => found), at: DURING, ...more })

t.test('a path that keeps every rule is valid, leaf first and anchor last', async t => {
  const middle = authority(top, 'middle')
  const leaf = issued(middle, 'leaf')
  const result = find(leaf.certificate, [top], [middle])
  t.equal(result.result, 'valid')
  t.same(result.chain.map(({ subject }) => subject.get('CN')), ['leaf', 'middle', 'root'])
  t.equal(said(find(top.certificate, [top], [])), 'valid', 'an anchor is a path of one')
})

t.test('both ends of a period count, for every certificate of the path', async t => {
  const ms = (date: Date, by: number): Date => new Date(date.getTime() + by)
  t.equal(judge({ at: YEAR.notBefore }), 'valid')
  t.equal(judge({ at: YEAR.notAfter }), 'valid')
  t.equal(judge({ at: ms(YEAR.notBefore, -1) }), 'broken CERTIFICATE_NOT_YET_VALID 2')
  t.equal(judge({ at: ms(YEAR.notAfter, 1) }), 'broken CERTIFICATE_EXPIRED 2')
  const half = { notAfter: new Date('2025-05-31T00:00:00Z') }
  const late = { notBefore: new Date('2025-06-02T00:00:00Z') }
  t.equal(judge({ leaf: half }), 'broken CERTIFICATE_EXPIRED 0')
  t.equal(judge({ ca: half }), 'broken CERTIFICATE_EXPIRED 1')
  t.equal(judge({ leaf: late }), 'broken CERTIFICATE_NOT_YET_VALID 0')
  t.equal(judge({ leaf: half, ca: { ca: false } }), 'broken NOT_A_CA 1', 'time is named only where nothing else is wrong')
  t.throws(() => judge({ at: new Date(NaN) }), TypeError)
})

t.test('each rule for authorities breaks the path alone', async t => {
  t.equal(judge(), 'valid')
  t.equal(judge({ ca: { ca: false } }), 'broken NOT_A_CA 1')
  t.equal(judge({ ca: { ca: undefined } }), 'broken NOT_A_CA 1')
  t.equal(judge({ ca: { keyUsage: ['cRLSign', 'digitalSignature'] } }), 'broken KEY_USAGE_WRONG 1')
  t.equal(judge({ ca: { extensions: [{ oid: '1.2.3.4', critical: true, value: c.der.null() }] } }), 'broken EXTENSION_UNKNOWN 1')
  t.equal(judge({ leaf: { extensions: [{ oid: '1.2.3.4', critical: true, value: c.der.null() }] } }), 'broken EXTENSION_UNKNOWN 0')
  t.equal(judge({ leaf: { extensions: [{ oid: '1.2.3.4', value: c.der.null() }] } }), 'valid', 'unknown and not critical')
  t.equal(judge({ leaf: { subject: [] } }), 'broken NAME_MISSING 0')
  t.equal(judge({ leaf: { certificatePolicies: ['1.2.3'] }, ca: { certificatePolicies: ['1.2.4'] }, policies: { requireExplicitPolicy: true } }), 'broken POLICY_NOT_ALLOWED 0')
  t.equal(judge({ leaf: { certificatePolicies: ['1.2.3'] }, ca: { certificatePolicies: ['1.2.3'] }, policies: { requireExplicitPolicy: true } }), 'valid')
})

t.test('path length is counted from each authority', async t => {
  for (const [pathLength, wanted] of [[0, 'broken PATH_TOO_LONG 1'], [1, 'valid']] as const) {
    const upper = authority(top, 'upper', { pathLength })
    const lower = authority(upper, 'lower')
    t.equal(said(find(issued(lower, 'leaf').certificate, [top], [upper, lower])), wanted)
  }
  t.equal(judge({ anchor: root('short', { pathLength: 0 }) }), 'broken PATH_TOO_LONG 1', 'what an anchor narrows holds')
  t.equal(judge({ anchor: root('long', { pathLength: 1 }) }), 'valid')
})

t.test('an anchor is believed for its key, and not where it says that it is no authority', async t => {
  t.equal(judge({ anchor: root('odd usage', { keyUsage: ['digitalSignature'] }) }), 'valid')
  t.equal(judge({ anchor: root('plain', { ca: undefined }) }), 'valid')
  t.equal(judge({ anchor: root('person', { ca: false }) }), 'broken NOT_A_CA 2')
  t.equal(judge({ anchor: root('strange', { extensions: [{ oid: '1.2.3.4', critical: true, value: c.der.null() }] }) }), 'broken EXTENSION_UNKNOWN 2')
})

t.test('a forgery is broken, a stranger is unknown', async t => {
  const middle = authority(top, 'middle')
  const leaf = issued(middle, 'leaf')
  t.equal(said(find(leaf.certificate, [stranger], [middle])), 'no-anchor ISSUER_UNKNOWN 1')
  t.equal(said(find(leaf.certificate, [top], [])), 'no-anchor ISSUER_UNKNOWN 0')
  t.equal(said(find(leaf.certificate, [], [])), 'no-anchor ISSUER_UNKNOWN 0')
  const bytes = Buffer.from(leaf.certificate.bytes)
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1
  t.equal(said(find(c.parseCertificate(bytes), [top], [middle])), 'broken CERTIFICATE_SIGNATURE_INVALID 0')
  const impostor = authority(stranger, 'middle')
  t.equal(said(find(issued(impostor, 'leaf').certificate, [top], [middle])), 'no-anchor ISSUER_UNKNOWN 0', 'same name, and it says another key')
  const liar: Identity = { ...middle, privateKey: impostor.privateKey }
  t.equal(said(find(issued(liar, 'leaf').certificate, [top], [middle])), 'broken CERTIFICATE_SIGNATURE_INVALID 0', 'same name, and it says the same key')
  const misnamed = issued(middle, 'leaf', { issuer: [['C', 'CN'], ['CN', 'nobody']] })
  t.equal(said(find(misnamed.certificate, [top], [middle])), 'broken ISSUER_NAME_MISMATCH 0')
})

t.test('of several paths a valid one is found, and cycles end', async t => {
  const keys = c.generateSm2KeyPair()
  const subject: c.NameParts = [['C', 'CN'], ['CN', 'crossed']]
  const cross = (issuer: Identity, change: Change = {}): Identity => ({ ...authority(issuer, 'x', { subject, publicKey: keys.publicKey, ...change }), privateKey: keys.privateKey })
  const old = cross(top, { notAfter: new Date('2025-02-01T00:00:00Z') })
  const fresh = cross(top)
  const leaf = issued(fresh, 'leaf')
  t.equal(said(find(leaf.certificate, [top], [old, fresh])), 'valid')
  t.equal(said(find(leaf.certificate, [top], [old])), 'broken CERTIFICATE_EXPIRED 1')
  t.equal(find(leaf.certificate, [top], [fresh, cross(top)], { prefer: chain => chain[1]?.fingerprint !== fresh.certificate.fingerprint }).chain[1]?.fingerprint === fresh.certificate.fingerprint, false, 'the caller may prefer')
  t.equal(said(find(leaf.certificate, [top], [fresh], { prefer: () => false })), 'valid', 'and if it likes none, the path is still valid')
  const a = authority(stranger, 'a')
  const b = authority(a, 'b')
  const back = issued(b, 'a', { subject: a.certificate.subject.rdns.flat().map(({ type, value }) => [type, value] as const), publicKey: a.publicKey, ca: true, keyUsage: ['keyCertSign'] })
  t.equal(said(find(issued(a, 'leaf').certificate, [top], [a, b, back])), 'no-anchor ISSUER_UNKNOWN 2', 'round in a circle')
})

t.test('a search that meets its limits says so and is no proof', async t => {
  const middle = authority(top, 'middle')
  const leaf = issued(middle, 'leaf')
  t.equal(said(find(leaf.certificate, [top], [middle], { limits: { length: 3 } })), 'valid')
  t.equal(said(find(leaf.certificate, [top], [middle], { limits: { length: 2 } })), 'no-anchor PATH_TOO_COMPLEX 0')
  c.forgetVerified()
  t.equal(said(find(leaf.certificate, [top], [middle], { limits: { signatures: 1 } })), 'no-anchor PATH_TOO_COMPLEX 0')
  c.forgetVerified()
  t.equal(said(find(leaf.certificate, [top], [middle], { limits: { signatures: 2 } })), 'valid')
  t.equal(said(find(leaf.certificate, [top], [middle], { limits: { signatures: 0 } })), 'valid', 'what was verified before costs nothing')
})

t.test('what was verified before is remembered for the same bytes alone', async t => {
  const middle = authority(top, 'middle')
  const leaf = issued(middle, 'leaf')
  t.equal(said(find(leaf.certificate, [top], [middle])), 'valid')
  t.equal(said(find(leaf.certificate, [top], [middle], { allowed: new Set(['rsa-sha256']) })), 'broken ALGORITHM_NOT_ALLOWED 0', 'a policy is asked each time')
  const twin = Buffer.from(leaf.certificate.bytes)
  twin[twin.length - 1] = (twin[twin.length - 1] as number) ^ 1
  t.equal(said(find(c.parseCertificate(twin), [top], [middle])), 'broken CERTIFICATE_SIGNATURE_INVALID 0')
})

t.test('names stay within what the authorities above permit', async t => {
  const within = (names: c.AltName[], permitted: c.AltName[], excluded: c.AltName[] = []): string =>
    judge({ leaf: names.length === 0 ? {} : { subjectAltName: names }, ca: { nameConstraints: { permitted, excluded } } })
  const bad = 'broken NAME_NOT_PERMITTED 0'
  t.equal(within([{ dns: 'a.example' }], [{ dns: 'example' }]), 'valid')
  t.equal(within([{ dns: 'EXAMPLE' }], [{ dns: 'example' }]), 'valid')
  t.equal(within([{ dns: 'notexample' }], [{ dns: 'example' }]), bad)
  t.equal(within([{ dns: 'a.example' }, { dns: 'b.test' }], [{ dns: 'example' }]), bad, 'one name outside is enough')
  t.equal(within([{ email: 'a@b.test' }], [{ dns: 'example' }]), 'valid', 'another kind of name is free')
  t.equal(within([{ dns: 'a.example' }], [], [{ dns: 'a.example' }]), bad)
  t.equal(within([{ dns: '*.example' }], [], [{ dns: 'a.example' }]), bad, 'a wildcard covers what is excluded')
  t.equal(within([{ dns: '*.a.example' }], [{ dns: 'a.example' }]), 'valid')
  t.equal(within([{ email: 'x@a.example' }], [{ email: 'a.example' }]), 'valid')
  t.equal(within([{ email: 'x@b.a.example' }], [{ email: 'a.example' }]), bad)
  t.equal(within([{ email: 'x@b.a.example' }], [{ email: '.a.example' }]), 'valid')
  t.equal(within([{ email: 'X@a.example' }], [{ email: 'x@a.example' }]), bad)
  t.equal(within([{ uri: 'https://u@a.example:8/x' }], [{ uri: 'a.example' }]), 'valid')
  t.equal(within([{ uri: 'https://a.example.evil/' }], [{ uri: 'a.example' }]), bad)
  t.equal(within([{ uri: 'https://evil/@a.example' }], [{ uri: 'a.example' }]), bad)
  t.equal(within([{ uri: 'urn:x' }], [{ uri: 'a.example' }]), bad, 'a URI without a host cannot be shown to be inside')
  t.equal(within([{ ip: Buffer.from([10, 1, 2, 3]) }], [{ ip: Buffer.from([10, 0, 0, 0, 255, 0, 0, 0]) }]), 'valid')
  t.equal(within([{ ip: Buffer.from([11, 1, 2, 3]) }], [{ ip: Buffer.from([10, 0, 0, 0, 255, 0, 0, 0]) }]), bad)
  t.equal(within([], [{ directory: [['C', 'CN']] }]), 'valid')
  t.equal(within([], [{ directory: [['C', 'DE']] }]), bad)
  t.equal(judge({ leaf: { subject: [['CN', 'x'], ['emailAddress', 'x@b.test']] }, ca: { nameConstraints: { permitted: [{ email: 'a.example' }] } } }), bad, 'an address in the subject')
  const many = Array.from({ length: 400 }, (_, i) => ({ dns: `h${i}.example` }))
  t.equal(judge({ leaf: { subjectAltName: many }, ca: { nameConstraints: { permitted: many } } }), 'broken PATH_TOO_COMPLEX 0')
})

t.test('a purpose is asked of the leaf and of the authorities', async t => {
  const server = c.PURPOSES.serverAuth.oid
  const client = c.PURPOSES.clientAuth.oid
  t.equal(judge({ purpose: 'serverAuth' }), 'valid', 'a certificate that names no purpose serves any')
  t.equal(judge({ purpose: 'serverAuth', leaf: { extendedKeyUsage: [server] } }), 'valid')
  t.equal(judge({ purpose: 'serverAuth', leaf: { extendedKeyUsage: [client] } }), 'broken PURPOSE_NOT_ALLOWED 0')
  t.equal(judge({ purpose: 'serverAuth', leaf: { extendedKeyUsage: [server] }, ca: { extendedKeyUsage: [client] } }), 'broken PURPOSE_NOT_ALLOWED 1')
  t.equal(judge({ purpose: 'clientAuth', leaf: { keyUsage: ['keyEncipherment'] } }), 'broken KEY_USAGE_WRONG 0')
  t.equal(judge({ purpose: 'timeStamping' }), 'broken PURPOSE_NOT_ALLOWED 0', 'time-stamping must be named')
  t.equal(judge({ purpose: 'timeStamping', leaf: { extendedKeyUsage: [c.PURPOSES.timeStamping.oid] } }), 'broken PURPOSE_NOT_ALLOWED 0', 'and critical')
  const critical = { oid: '2.5.29.37', critical: true, value: c.der.sequence(c.der.oid(c.PURPOSES.timeStamping.oid)) }
  t.equal(judge({ purpose: 'timeStamping', leaf: { extensions: [critical] } }), 'valid')
})

t.test('a host is found by its names', async t => {
  const isFor = (hostName: string, names: c.AltName[] | undefined, cn = 'leaf'): boolean =>
    judge({ hostName, leaf: { subject: [['CN', cn]], ...(names === undefined ? {} : { subjectAltName: names }) } }) === 'valid'
  t.ok(isFor('a.example.test', [{ dns: 'A.example.test' }]))
  t.ok(isFor('a.example.test.', [{ dns: 'a.example.test' }]))
  t.ok(isFor('a.example.test', [{ dns: '*.example.test' }]))
  t.notOk(isFor('example.test', [{ dns: '*.example.test' }]))
  t.notOk(isFor('a.b.example.test', [{ dns: '*.example.test' }]), 'a star is one label')
  t.notOk(isFor('a.test', [{ dns: '*.test' }]), 'a star over a whole top level')
  t.notOk(isFor('ab.example.test', [{ dns: 'a*.example.test' }]), 'a star in part of a label')
  t.notOk(isFor('other.test', [{ dns: 'a.example.test' }]))
  t.ok(isFor('例子.测试', [{ dns: 'xn--fsqu00a.xn--0zwm56d' }]))
  t.ok(isFor('10.0.0.1', [{ ip: Buffer.from([10, 0, 0, 1]) }]))
  t.notOk(isFor('10.0.0.1', [{ dns: '10.0.0.1' }]), 'an address is no name')
  t.ok(isFor('[2001:db8::1]', [{ ip: Buffer.from('20010db8000000000000000000000001', 'hex') }]))
  t.ok(isFor('::ffff:10.0.0.1', [{ ip: Buffer.from('00000000000000000000ffff0a000001', 'hex') }]))
  t.ok(isFor('a.example.test', undefined, '*.example.test'), 'SM2 certificates of the field have it in CN')
  t.notOk(isFor('a.example.test', [{ email: 'x@a.example.test' }], 'a.example.test'), 'not beside other names')
})
