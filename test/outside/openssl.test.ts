import { execFileSync, spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import * as c from '../../platform/crypto/index.js'

const isAtHand = spawnSync('openssl', ['version']).status === 0
const YEAR = { notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2025-12-31T23:59:59Z') }

if (!isAtHand) t.test('openssl', { skip: 'openssl is not on the PATH: certificates and lists of ours were read by nobody else' }, async () => {})
else {
  t.test('openssl takes the certificates and lists that we issue, and refuses the one that we revoked', async t => {
    const folder = mkdtempSync(join(tmpdir(), 'mianzheng-'))
    t.teardown(() => { rmSync(folder, { recursive: true }) })
    const kinds = { sm2: () => c.generateSm2KeyPair(), ec: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }), rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }) }
    for (const [kind, pair] of Object.entries(kinds)) {
      const top = pair()
      const below = pair()
      const root = c.parseCertificate(c.issueCertificate({ subject: [['C', 'CN'], ['CN', '根']], publicKey: top.publicKey, issuerKey: top.privateKey, ...YEAR, ca: true, keyUsage: ['keyCertSign', 'cRLSign'] }))
      const leaf = c.parseCertificate(c.issueCertificate({ subject: [['C', 'CN'], ['CN', '叶']], issuer: root, publicKey: below.publicKey, issuerKey: top.privateKey, ...YEAR, ca: false, keyUsage: ['digitalSignature'] }))
      const list = (...serialNumbers: string[]): Buffer => c.issueCrl({
        issuer: root, issuerKey: top.privateKey, number: 1, thisUpdate: new Date('2025-05-01T00:00:00Z'), nextUpdate: new Date('2025-07-01T00:00:00Z'), revoked: serialNumbers.map(serialNumber => ({ serialNumber, revokedAt: new Date('2025-04-01T00:00:00Z'), reason: 'keyCompromise' as const }))
      })
      const write = (name: string, label: string, der: Uint8Array): string => {
        const path = join(folder, `${kind}-${name}.pem`)
        writeFileSync(path, c.writePem(label, der))
        return path
      }
      const rootFile = write('root', 'CERTIFICATE', root.bytes)
      const leafFile = write('leaf', 'CERTIFICATE', leaf.bytes)
      const identity = kind === 'sm2' ? ['-vfyopt', 'distid:1234567812345678'] : []
      const verify = (...more: string[]): boolean =>
        spawnSync('openssl', ['verify', '-x509_strict', '-attime', '1748736000', ...identity, '-CAfile', rootFile, ...more, leafFile]).status === 0
      t.ok(verify(), `${kind}: the leaf`)
      const good = write('good', 'X509 CRL', list())
      const bad = write('bad', 'X509 CRL', list(leaf.serialNumber))
      t.match(execFileSync('openssl', ['crl', '-in', bad, '-noout', '-text']).toString(), /Key Compromise/)
      if (kind === 'sm2') continue // openssl has no way to say the identity under which a list is signed
      t.ok(verify('-crl_check', '-CRLfile', good), `${kind}: with a list that does not name it`)
      t.notOk(verify('-crl_check', '-CRLfile', bad), `${kind}: with a list that names it`)
    }
  })
}
