import fc from 'fast-check'
import t from 'tap'
import { Failure } from '../../../../services/core/failure.js'
import * as c from '../../../../platform/crypto/index.js'

const hex = (text: string): Buffer => Buffer.from(text.replace(/ /g, ''), 'hex')
const codeOf = (act: () => unknown): string => {
  try { act() } catch (error) { return error instanceof Failure ? error.code : `threw ${String(error)}` }
  return 'read'
}

t.test('what DER allows is read', async t => {
  for (const [what, bytes] of Object.entries({
    'BOOLEAN true': '0101ff',
    'BOOLEAN false': '010100',
    zero: '020100',
    255: '020200ff',
    '-1': '0201ff',
    '-256': '0202ff00',
    'empty bits': '030100',
    'bits with unused ones': '030203f8',
    'octets of 128': `048180${'00'.repeat(128)}`,
    NULL: '0500',
    OID: '06082a811ccf55018375',
    UTF8: '0c06e5858de8af81',
    UTCTime: '170d3235303232383233353935395a',
    'leap day': '180f32303234303232393030303030305a',
    'fraction of a second': '181132303234303232393030303030302e355a',
    'sorted set': '3106 020101 020102',
    'doubled set': '3106 020101 020101',
    'empty sequence': '3000',
    'context primitive': '8000',
    'context constructed': 'a003 020101',
    enumerated: '0a0101'
  })) t.equal(codeOf(() => c.readDer(hex(bytes))), 'read', what)
})

t.test('what DER does not allow is refused, each for one reason', async t => {
  for (const [what, bytes] of Object.entries({
    'nothing at all': '',
    'tag alone': '30',
    'indefinite length': '3080 0000',
    'padded length, short': '048101 00',
    'padded length, long': `04820080${'00'.repeat(128)}`,
    'length of five octets': '04850000000001 00',
    'length reserved': '04ff00',
    'cut off': '0402 00',
    'length cut off': '0482 01',
    'trailing byte': '0500 00',
    'child longer than parent': '3003 0402 0000',
    'high tag': '1f8101 00',
    'high tag constructed': 'bf8101 00',
    'end of contents': '0000',
    'BOOLEAN 01': '010101',
    'BOOLEAN empty': '0100',
    'BOOLEAN long': '0102ffff',
    'INTEGER empty': '0200',
    'INTEGER padded': '0202007f',
    'INTEGER padded negative': '0202ffff',
    'bits empty': '0300',
    'bits unused 8': '030208 00',
    'bits unused of nothing': '030101',
    'unused bits set': '030203 ff',
    'NULL with content': '050100',
    'OID empty': '0600',
    'OID cut off': '06022a81',
    'OID padded': '06032a8001',
    'OID endless': `0641${'81'.repeat(64)}01`,
    'UTF-8 overlong': '0c02c080',
    'UTF-8 surrogate': '0c03eda080',
    'UTF-8 cut off': '0c02e585',
    'IA5 beyond ASCII': '1601e9',
    'Printable beyond ASCII': '1301e9',
    'BMP cut off': '1e0100',
    'Universal cut off': '1c03000000',
    'UTCTime without seconds': '170b323530323238323335395a',
    'UTCTime with zone': '1711 3235303232383233353935392b30383030',
    'UTCTime 30 February': '170d3235303233303030303030305a',
    'UTCTime hour 24': '170d3235303232383234303030305a',
    'UTCTime second 60': '170d3235303232383233353936305a',
    'GeneralizedTime local': '180e3230323430323239303030303030',
    'GeneralizedTime fraction padded': '181232303234303232393030303030302e35305a',
    'GeneralizedTime 29 February 2023': '180f32303233303232393030303030305a',
    'set out of order': '3106 020102 020101',
    'sequence primitive': '1000',
    'set primitive': '1100',
    'octets constructed': '2403 040100',
    'integer constructed': '2203 020100',
    'type REAL': '0900',
    'application class with a bad child': '6102 0200'
  })) t.equal(codeOf(() => c.readDer(hex(bytes))), 'DER_INVALID', what)
})

t.test('bytes, depth and elements are limited, from both sides', async t => {
  const bytes = c.der.octets(Buffer.alloc(98))
  t.equal(codeOf(() => c.readDer(bytes, { bytes: 100 })), 'read')
  t.equal(codeOf(() => c.readDer(bytes, { bytes: 99 })), 'DER_TOO_LARGE')
  const nested = [...Array(9)].reduce<Buffer>(inner => c.der.sequence(inner), c.der.null())
  t.equal(codeOf(() => c.readDer(nested, { depth: 10 })), 'read')
  t.equal(codeOf(() => c.readDer(nested, { depth: 9 })), 'DER_TOO_DEEP')
  const many = c.der.sequence(...Array<Buffer>(9).fill(c.der.null()))
  t.equal(codeOf(() => c.readDer(many, { nodes: 10 })), 'read')
  t.equal(codeOf(() => c.readDer(many, { nodes: 9 })), 'DER_TOO_MANY_ELEMENTS')
  const bomb = Buffer.alloc(1_000_000)
  for (let i = 0; i < bomb.length - 5; i += 5) { bomb[i] = 0x30; bomb[i + 1] = 0x83; bomb.writeUIntBE(bomb.length - i - 5, i + 2, 3) }
  t.equal(codeOf(() => c.readDer(bomb)), 'DER_TOO_DEEP', 'a hundred thousand levels end at the limit and not in a stack overflow')
})

t.test('a set out of order is read only where the caller asks for that dialect, and it is reported', async t => {
  const found = new Set<c.DerDialect>()
  const node = c.readDer(hex('3106 020102 020101'), { dialects: ['unsorted-set'], found })
  t.equal(node.children.length, 2)
  t.same([...found], ['unsorted-set'])
  const clean = new Set<c.DerDialect>()
  c.readDer(hex('3106 020101 020102'), { dialects: ['unsorted-set'], found: clean })
  t.equal(clean.size, 0)
})

t.test('slices are views into the input', async t => {
  const input = c.der.sequence(c.der.octets(Buffer.from('abc')))
  const node = c.readDer(input)
  input[4] = 0x7a
  t.equal(c.octets(node.children[0] as c.DerNode).toString(), 'zbc')
  t.equal((node.children[0] as c.DerNode).bytes.buffer, input.buffer)
})

t.test('typed readers refuse other types, behind implicit tags too', async t => {
  const node = (bytes: string): c.DerNode => c.readDer(hex(bytes))
  t.equal(c.integer(node('020200ff')), 255n)
  t.equal(c.integer(node('0201ff')), -1n)
  t.equal(c.smallInteger(node('0202ff00')), -256)
  t.equal(codeOf(() => c.smallInteger(node('020701000000000000'))), 'DER_INVALID')
  t.equal(codeOf(() => c.integer(node('040101'))), 'DER_INVALID')
  t.equal(codeOf(() => c.integer(node('8002007f'), 0x80)), 'DER_INVALID')
  t.equal(codeOf(() => c.boolean(node('800101'), 0x80)), 'DER_INVALID')
  t.equal(codeOf(() => c.bits(node('800203ff'), 0x80)), 'DER_INVALID')
  t.equal(codeOf(() => c.oid(node('80022a81'), 0x80)), 'DER_INVALID')
  t.equal(codeOf(() => c.utf8(node('8002c080'), 0x80)), 'DER_INVALID')
  t.equal(codeOf(() => c.bitOctets(node('030203f8'))), 'DER_INVALID')
  t.same(c.namedBits(node('03020186')), [0, 5, 6])
  t.equal(codeOf(() => c.namedBits(node('03020006'.replace('06', '80')))), 'DER_INVALID', 'trailing zero bits')
  t.equal(codeOf(() => c.printable(node('130140'))), 'DER_INVALID')
  t.equal(c.text(node('130140')), '@', 'names in the field go beyond PrintableString')
  t.equal(c.text(node('1e046d4b8bd5')), '测试')
  t.equal(codeOf(() => c.text(node('1603610062'))), 'DER_INVALID', 'a NUL inside')
  t.equal(codeOf(() => c.text(node('1e02d800'))), 'DER_INVALID', 'half a character')
  t.equal(codeOf(() => c.text(node('1c0400110000'))), 'DER_INVALID', 'beyond Unicode')
  t.equal(c.oid(node('06082a811ccf55018375')), '1.2.156.10197.1.501')
  t.equal(c.oid(node('0603813403')), '2.100.3')
  const fields = c.fields(node('3003 020101'))
  t.equal(c.smallInteger(fields.next('first')), 1)
  t.equal(codeOf(() => fields.next('second')), 'DER_INVALID')
  t.equal(codeOf(() => c.fields(node('3003 020101')).end()), 'DER_INVALID')
})

t.test('what the writer writes the reader reads back', async t => {
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }), value => c.integer(c.readDer(c.der.integer(value))) === value), { seed: 1 })
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), value => c.octets(c.readDer(c.der.octets(value))).equals(value)), { seed: 2 })
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), value => c.utf8(c.readDer(c.der.utf8(value))) === value), { seed: 3 })
  fc.assert(fc.property(fc.date({ min: new Date('1950-01-01T00:00:00Z'), max: new Date('2049-12-31T23:59:59Z'), noInvalidDate: true }), value => {
    const whole = new Date(Math.floor(value.getTime() / 1000) * 1000)
    return [c.der.utcTime(whole), c.der.generalizedTime(whole)].every(bytes => c.time(c.readDer(bytes)).getTime() === whole.getTime())
  }), { seed: 4 })
  const arcs = fc.tuple(fc.nat(2), fc.nat(39), fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n }), { maxLength: 4 }))
  fc.assert(fc.property(arcs, ([root, second, rest]) => {
    const text = [root, second, ...rest].join('.')
    return c.oid(c.readDer(c.der.oid(text))) === text
  }), { seed: 5 })
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 5 })), values => {
    c.readDer(c.der.set(...values.map(value => c.der.octets(value))))
    return true
  }), { seed: 6 })
})

t.test('a mutant is read or refused by a DerError, and never anything else', async t => {
  const keys = c.generateSm2KeyPair()
  const good = c.issueCertificate({
    subject: [['C', 'CN'], ['O', '示例'], ['CN', 'mutant']],
    publicKey: keys.publicKey,
    issuerKey: keys.privateKey,
    notBefore: new Date('2025-01-01T00:00:00Z'),
    notAfter: new Date('2035-01-01T00:00:00Z'),
    ca: true,
    pathLength: 1,
    keyUsage: ['keyCertSign'],
    certificatePolicies: ['1.2.3'],
    nameConstraints: { permitted: [{ dns: 'example' }] },
    subjectAltName: [{ dns: 'a.example' }, { ip: Buffer.from([1, 2, 3, 4]) }, { directory: [['CN', 'x']] }],
    crlDistributionPoints: ['http://a.example/list']
  })
  let refused = 0
  fc.assert(fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length - 1), fc.nat(255), (i, a, j, b) => {
    const mutant = Buffer.from(good)
    mutant[i] = a
    mutant[j] = b
    for (const read of [c.readDer, c.parseCertificate, c.parseCrl]) {
      try { read(mutant) } catch (error) {
        if (!(error instanceof Failure)) throw error
        refused++
      }
    }
    return true
  }), { seed: 7, numRuns: 3_000 })
  t.ok(refused > 3_000)
})
