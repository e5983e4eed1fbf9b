import { spawnSync } from 'node:child_process'
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import * as c from '../../platform/crypto/index.js'
import { timeStampFacts } from '../../services/verification/gather/time-stamp.js'
import { stampedBy, timeStamp } from '../../services/verification/checks/time-stamp.js'
import { STRICTEST, parseTrust, type Trust } from '../../services/verification/index.js'
import { context, signature } from '../support/facts.js'
import { stampToken } from '../support/time-stamp.js'

/** openssl answers and stamps with the clock of its machine, so certificates here hold for as long as anybody will run this. */
const HELD = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2049-01-01T00:00:00Z') }
const KINDS = { rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }), ec: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }) }
const isAtHand = spawnSync('openssl', ['version']).status === 0

interface Party { certificate: c.Certificate, key: KeyObject, file: string, keyFile: string }

/** A folder with a root, a leaf, one that answers and one that stamps for it, as files that openssl reads. */
function parties (t: Test, pair: () => { publicKey: KeyObject, privateKey: KeyObject }): { base: string, root: Party, leaf: Party, responder: Party, tsa: Party } {
  const base = t.testdir()
  const make = (name: string, issuer: Party | undefined, change: Partial<c.CertificateRequest>): Party => {
    const { publicKey, privateKey } = pair()
    const der = c.issueCertificate({ subject: [['C', 'CN'], ['CN', name]], publicKey, issuerKey: issuer?.key ?? privateKey, ...(issuer !== undefined && { issuer: issuer.certificate }), ...HELD, ca: false, keyUsage: ['digitalSignature'], ...change })
    const [file, keyFile] = [join(base, `${name}.pem`), join(base, `${name}.key`)]
    writeFileSync(file, c.writePem('CERTIFICATE', der))
    writeFileSync(keyFile, privateKey.export({ format: 'pem', type: 'pkcs8' }))
    return { certificate: c.parseCertificate(der), key: privateKey, file, keyFile }
  }
  const root = make('root', undefined, { ca: true, keyUsage: ['keyCertSign', 'cRLSign', 'digitalSignature'] })
  return {
    base,
    root,
    leaf: make('leaf', root, {}),
    responder: make('responder', root, { extendedKeyUsage: [c.PURPOSES.OCSPSigning.oid], extensions: [{ oid: '1.3.6.1.5.5.7.48.1.5', value: c.der.null() }] }),
    tsa: make('tsa', root, { extensions: [{ oid: '2.5.29.37', critical: true, value: c.der.sequence(c.der.oid(c.PURPOSES.timeStamping.oid)) }] })
  }
}

/** All that it says, on either stream. */
function openssl (cwd: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync('openssl', args, { cwd, encoding: 'utf8' })
  return `${stdout}${stderr}`
}

if (!isAtHand) t.test('openssl', { skip: 'openssl is not on the PATH: OCSP answers and time-stamps of others were not read, ours by nobody else' }, async () => {})
else {
  for (const [kind, pair] of Object.entries(KINDS)) {
    t.test(`${kind}: OCSP answers of openssl are read and weighed here, and ours there`, async t => {
      const { base, root, leaf, responder } = parties(t, pair)
      const serial = leaf.certificate.serialNumber.toUpperCase()
      const index = { good: `V\t490101000000Z\t\t${serial}\tunknown\t/CN=leaf\n`, revoked: `R\t490101000000Z\t250501000000Z,keyCompromise\t${serial}\tunknown\t/CN=leaf\n`, unknown: '' }
      for (const [expected, text] of Object.entries(index)) {
        writeFileSync(join(base, 'index.txt'), text)
        for (const [by, hash, ...more] of [[responder, 'sha1'], [responder, 'sha256', '-resp_key_id'], [root, 'sha256']] as Array<[Party, string, ...string[]]>) {
          openssl(base, 'ocsp', '-index', 'index.txt', '-CA', 'root.pem', '-rsigner', by.file, '-rkey', by.keyFile, `-${hash}`, '-issuer', 'root.pem', '-cert', 'leaf.pem', '-ndays', '7', '-noverify', '-respout', 'out.der', ...more)
          const answer = c.parseOcspAnswer(readFileSync(join(base, 'out.der')))
          const [status] = answer.statuses(leaf.certificate, root.certificate)
          const found = c.revocationOf({ certificate: leaf.certificate, issuer: root.certificate, anchor: root.certificate, crls: [], ocsp: [answer], at: status?.thisUpdate ?? new Date(0) })
          t.equal(found.answer, expected, `${expected} by ${by.file.endsWith('root.pem') ? 'the issuer' : 'a delegate'}, ${hash}`)
          if (expected === 'revoked') t.same([found.revokedAt, found.reason], [new Date('2025-05-01T00:00:00Z'), 'keyCompromise'])
        }
      }
      const now = new Date()
      const window = { thisUpdate: new Date(now.getTime() - 60_000), nextUpdate: new Date(now.getTime() + 3_600_000) }
      for (const [by, hash] of [[root, 'sha1'], [responder, 'sha256']] as Array<[Party, 'sha1' | 'sha256']>) {
        for (const status of ['good', { revokedAt: new Date('2025-05-01T00:00:00Z'), reason: 'superseded' }] as const) {
          writeFileSync(join(base, 'ours.der'), c.issueOcspAnswer({
            responder: by.certificate, responderKey: by.key, producedAt: window.thisUpdate, certificates: by === root ? [] : [by.certificate], byKey: by === root, statuses: [{ issuer: root.certificate, serialNumber: leaf.certificate.serialNumber, status, hash, ...window }]
          }))
          const said = openssl(base, 'ocsp', '-respin', 'ours.der', '-issuer', 'root.pem', `-${hash}`, '-cert', 'leaf.pem', '-CAfile', 'root.pem', '-no_nonce')
          t.match(said, 'Response verify OK')
          t.match(said, status === 'good' ? /leaf\.pem: good/ : /leaf\.pem: revoked[^]*superseded/)
        }
      }
    })

    t.test(`${kind}: time-stamps of openssl are believed here, and ours there`, async t => {
      const { base, root, tsa } = parties(t, pair)
      const value = randomBytes(71)
      writeFileSync(join(base, 'value'), value)
      writeFileSync(join(base, 'other'), randomBytes(71))
      const trust: Trust = parseTrust({ anchors: [], intermediates: [], crls: [], timestampAnchors: [{ name: 'root', bytes: root.certificate.bytes }], digest: '' })
      const policy = { ...STRICTEST, revocation: 'if-known' } as const
      const configured = (essHash: string, more = ''): void => {
        writeFileSync(join(base, 'serial'), '01\n')
        writeFileSync(join(base, 'ts.cnf'), ['[tsa]', 'default_tsa = one', '[one]', 'serial = serial', 'crypto_device = builtin', 'default_policy = 1.2.3.4.1', 'digests = sha256, sha384, sha512, sm3', 'signer_digest = sha256', `ess_cert_id_alg = ${essHash}`, more, ''].join('\n'))
      }
      const stamped = (hash: string, ...more: string[]): Buffer => {
        openssl(base, 'ts', '-query', '-data', 'value', `-${hash}`, '-cert', '-out', 'q.tsq')
        openssl(base, 'ts', '-reply', '-config', 'ts.cnf', '-queryfile', 'q.tsq', '-signer', 'tsa.pem', '-inkey', 'tsa.key', '-out', 'r.der', ...more)
        return readFileSync(join(base, 'r.der'))
      }
      const judged = (token: Uint8Array, over: Uint8Array = value): string => {
        const facts = timeStampFacts(token, over, { trust, at: new Date() })
        const { signedAt: _, ...timeless } = signature({ timeStamp: facts })
        const outcome = timeStamp.run(timeless, { ...context(), policy })
        return 'code' in outcome ? outcome.code : stampedBy({ timeStamp: facts }, policy) === undefined ? `${outcome.status} ${outcome.detail ?? ''}` : 'believed'
      }
      for (const [hash, ess] of [['sha256', 'sha1'], ['sha512', 'sha256'], ['sm3', 'sha256']] as Array<[string, string]>) {
        configured(ess)
        t.equal(judged(stamped(hash, '-token_out')), 'believed', `${hash}, bound by ${ess}`)
      }
      configured('sha384', 'accuracy = secs:1, millisecs:500, microsecs:100\nordering = yes\ntsa_name = yes\ness_cert_id_chain = no\nclock_precision_digits = 3')
      const token = stamped('sha256', '-token_out')
      t.equal(judged(token), 'believed', 'with accuracy, ordering, name and fractions')
      t.equal(judged(stamped('sha256')), 'believed', 'the whole response')
      t.equal(judged(token, randomBytes(71)), 'TIMESTAMP_OTHER')
      const last = Buffer.from(token)
      last[last.length - 1] = (last.at(-1) as number) ^ 1
      t.equal(judged(last), 'TIMESTAMP_INVALID')

      for (const boundBy of ['sha1', 'sha256'] as const) {
        writeFileSync(join(base, 'ours.der'), stampToken(value, { certificate: tsa.certificate, key: tsa.key }, { boundBy }))
        const verify = (data: string): string => openssl(base, 'ts', '-verify', '-in', 'ours.der', '-token_in', '-data', data, '-CAfile', 'root.pem')
        t.match(verify('value'), 'Verification: OK', `bound by ${boundBy}`)
        t.notMatch(verify('other'), 'Verification: OK')
      }
    })
  }
}
