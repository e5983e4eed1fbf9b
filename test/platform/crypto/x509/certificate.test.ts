import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import t from 'tap'
import { Failure } from '../../../../services/core/failure.js'
import * as c from '../../../../platform/crypto/index.js'
import { root, YEAR } from './authority.js'

const codeOf = (act: () => unknown): string => {
  try { act() } catch (error) { return error instanceof Failure ? error.code : `threw ${String(error)}` }
  return 'read'
}
const authority = root('根')
const { bytes } = authority.certificate

/** The parts of a certificate, to be put together again with one of them changed. */
const outer = c.sequence(c.readDer(bytes)).map(({ bytes: part }) => part) as [Buffer, Buffer, Buffer]
const tbs = c.sequence(c.readDer(outer[0])).map(({ bytes: part }) => part)
const withTbs = (index: number, ...parts: Buffer[]): Buffer =>
  c.der.sequence(c.der.sequence(...tbs.slice(0, index), ...parts, ...tbs.slice(index + 1)), outer[1], outer[2])
const extension = (oid: string, value: Buffer, critical?: boolean): Buffer =>
  c.der.sequence(c.der.oid(oid), ...(critical === undefined ? [] : [c.der.boolean(critical)]), c.der.octets(value))
const withExtensions = (...list: Buffer[]): Buffer => withTbs(7, c.der.explicit(3, c.der.sequence(...list)))

t.test('what was written is read, by us and by Node', async t => {
  for (const keys of [c.generateSm2KeyPair(), generateKeyPairSync('ec', { namedCurve: 'P-256' }), generateKeyPairSync('ec', { namedCurve: 'P-384' }), generateKeyPairSync('rsa', { modulusLength: 2048 }), generateKeyPairSync('ed25519')]) {
    const made = c.issueCertificate({
      subject: [['C', 'CN'], ['O', '11990000YYYY01015Y示例省市场监督管理局'], ['CN', '99000000000101']],
      publicKey: keys.publicKey,
      issuerKey: keys.privateKey,
      serialNumber: 'ff',
      ...YEAR,
      ca: true,
      pathLength: 2,
      keyUsage: ['keyCertSign', 'decipherOnly'],
      extendedKeyUsage: [c.PURPOSES.codeSigning.oid],
      subjectAltName: [{ dns: 'a.example' }, { ip: Buffer.from([10, 0, 0, 1]) }],
      certificatePolicies: ['1.2.3'],
      crlDistributionPoints: ['http://a.example/list']
    })
    const read = c.parseCertificate(made)
    t.equal(read.subject.get('CN'), '99000000000101')
    t.equal(read.subject.get('O')?.slice(0, 18), '11990000YYYY01015Y')
    t.equal(read.serialNumber, '00ff')
    t.equal(read.serialDecimal, '255')
    t.same([...read.keyUsage ?? []], ['keyCertSign', 'decipherOnly'])
    t.same(read.basicConstraints, { ca: true, pathLength: 2 })
    t.same([read.notBefore, read.notAfter], [YEAR.notBefore, YEAR.notAfter])
    t.equal(read.crlDistributionPoints?.[0]?.fullName?.[0]?.type, 'uri')
    t.equal(c.isSignedBy(read, read), 'yes')
    const node = new X509Certificate(made)
    t.equal(node.fingerprint256.replace(/:/g, '').toLowerCase(), read.fingerprint)
    t.equal(node.subjectAltName, 'DNS:a.example, IP Address:10.0.0.1')
    if (!c.isSm2Key(keys.publicKey)) t.ok(node.verify(keys.publicKey))
  }
})

t.test('years beyond 2049 are written and read as GeneralizedTime', async t => {
  const far = root('far', { notAfter: new Date('2050-01-01T00:00:00Z') })
  t.same(far.certificate.notAfter, new Date('2050-01-01T00:00:00Z'))
})

t.test('a certificate that could be read in two ways is refused', async t => {
  t.equal(codeOf(() => c.parseCertificate(c.der.sequence(...outer))), 'read')
  for (const [what, mutant] of Object.entries({
    'trailing byte': Buffer.concat([bytes, Buffer.alloc(1)]),
    'a fourth part': c.der.sequence(...outer, c.der.null()),
    'inner algorithm other than outer': withTbs(2, c.der.sequence(c.der.oid('1.2.840.10045.4.3.2'))),
    'version 1 written out': withTbs(0, c.der.explicit(0, c.der.integer(0))),
    'version 4': withTbs(0, c.der.explicit(0, c.der.integer(3))),
    'version 1 with extensions': withTbs(0),
    'no serial number': withTbs(1),
    'serial number of 65 octets': withTbs(1, c.der.positive(Buffer.alloc(65, 1))),
    'a fraction in a time': withTbs(4, c.der.sequence(c.der.generalizedTime(YEAR.notBefore), Buffer.from('181132303235313233313233353935392e355a', 'hex'))),
    'empty extensions': withTbs(7, c.der.explicit(3, c.der.sequence())),
    'extension twice': withExtensions(extension('1.2.3', c.der.null()), extension('1.2.3', c.der.null())),
    'critical FALSE written out': withExtensions(extension('1.2.3', c.der.null(), false)),
    'basicConstraints with more': withExtensions(extension('2.5.29.19', c.der.sequence(c.der.boolean(true), c.der.integer(1), c.der.null()))),
    'path length below zero': withExtensions(extension('2.5.29.19', c.der.sequence(c.der.boolean(true), c.der.integer(-1)))),
    'basicConstraints with trailing bytes': withExtensions(extension('2.5.29.19', Buffer.concat([c.der.sequence(), c.der.null()]))),
    'key usage without a name': withExtensions(extension('2.5.29.15', c.der.namedBits(9))),
    'key usage with trailing zeros': withExtensions(extension('2.5.29.15', c.der.bits(Buffer.from([0x80]), 0))),
    'no purposes': withExtensions(extension('2.5.29.37', c.der.sequence())),
    'no names': withExtensions(extension('2.5.29.17', c.der.sequence())),
    'name with a NUL': withExtensions(extension('2.5.29.17', c.der.sequence(c.der.implicit(2, c.der.ia5('a.example\0.evil'))))),
    'policy twice': withExtensions(extension('2.5.29.32', c.der.sequence(c.der.sequence(c.der.oid('1.2.3')), c.der.sequence(c.der.oid('1.2.3'))))),
    'constraints on nothing': withExtensions(extension('2.5.29.30', c.der.sequence())),
    'subtree with a minimum': withExtensions(extension('2.5.29.30', c.der.sequence(c.der.implicit(0, c.der.sequence(c.der.sequence(c.der.implicit(2, c.der.ia5('x')), c.der.implicit(0, c.der.integer(1)))))))),
    'address range of odd length': withExtensions(extension('2.5.29.30', c.der.sequence(c.der.implicit(0, c.der.sequence(c.der.sequence(c.der.implicit(7, c.der.octets(Buffer.alloc(4)))))))))
  })) t.equal(codeOf(() => c.parseCertificate(mutant)), 'CERTIFICATE_INVALID', what)
})

t.test('size, depth and number of elements are limited', async t => {
  const big = (size: number): Buffer => withExtensions(extension('1.2.3', Buffer.alloc(size)))
  const rest = big(50_000).length - 50_000
  t.equal(codeOf(() => c.parseCertificate(big(c.CERTIFICATE_LIMITS.bytes - rest))), 'read')
  t.equal(codeOf(() => c.parseCertificate(big(c.CERTIFICATE_LIMITS.bytes - rest + 1))), 'DER_TOO_LARGE')
  t.equal(codeOf(() => c.parseCertificate(withTbs(3, c.der.sequence(...Array<Buffer>(4_000).fill(c.der.sequence()))))), 'DER_TOO_MANY_ELEMENTS')
})

t.test('a public key that is none is found out when it is asked for', async t => {
  const point = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)])
  const spki = c.der.sequence(c.der.sequence(c.der.oid('1.2.840.10045.2.1'), c.der.oid(c.SM2_OID)), c.der.bits(point))
  const certificate = c.parseCertificate(withTbs(6, spki))
  t.equal(codeOf(() => certificate.publicKey), 'KEY_INVALID')
  t.equal(c.isSignedBy(authority.certificate, certificate), 'no')
})

t.test('the same bytes give the same certificate, and the caller\'s buffer may change', async t => {
  const mine = Buffer.from(root('mine').certificate.bytes)
  const first = c.parseCertificate(mine)
  t.equal(c.parseCertificate(Buffer.from(mine)), first)
  const name = first.subject.toString()
  mine.fill(0)
  t.equal(first.subject.toString(), name)
  t.not(first.bytes[0], 0)
  t.throws(() => { (first as { serialNumber: string }).serialNumber = '00' }, TypeError)
})

t.test('names are compared by what they say', async t => {
  const named = (...parts: Buffer[]): c.Name => new c.Name(c.readDer(c.der.sequence(...parts.map(value => c.der.set(c.der.sequence(c.der.oid('2.5.4.3'), value))))))
  t.ok(named(c.der.utf8('Example  Authority ')).equals(named(c.der.printable('example authority'))))
  t.ok(named(c.der.utf8('ＡＢＣ')).equals(named(c.der.utf8('abc'))), 'compatibility forms')
  t.notOk(named(c.der.utf8('a'), c.der.utf8('b')).equals(named(c.der.utf8('b'), c.der.utf8('a'))), 'order counts')
  t.notOk(named(c.der.utf8('a'), c.der.utf8('b')).equals(named(c.der.utf8('a\u00012.5.4.3=b'))), 'separators cannot be smuggled in')
  t.ok(named(c.der.utf8('a'), c.der.utf8('b')).isWithin(named(c.der.utf8('A'))))
  t.notOk(named(c.der.utf8('ab')).isWithin(named(c.der.utf8('a'))))
})

t.test('PEM files are read strictly, DER files as they are', async t => {
  const pem = c.writePem('CERTIFICATE', bytes)
  t.equal(c.certificatesFromFile(Buffer.from(`subject: x\n${pem}\r\n${pem}`)).length, 2)
  t.equal(c.certificatesFromFile(bytes).length, 1)
  t.equal(codeOf(() => c.certificatesFromFile(Buffer.from(''))), 'CERTIFICATE_INVALID')
  t.equal(codeOf(() => c.certificatesFromFile(Buffer.from(pem.replace('-----END CERTIFICATE-----', '')))), 'PEM_INVALID')
  t.equal(codeOf(() => c.certificatesFromFile(Buffer.from(pem.replace('-----BEGIN CERTIFICATE-----', '')))), 'PEM_INVALID')
  t.equal(codeOf(() => c.certificatesFromFile(Buffer.from(pem.replace(/M/, '*')))), 'PEM_INVALID')
  t.equal(codeOf(() => c.readPem(`${pem.slice(0, 60)}\n${pem}`)), 'PEM_INVALID', 'a block in a block')
})
