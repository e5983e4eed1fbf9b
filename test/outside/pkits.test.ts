import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { projectRoot } from '../../services/core/project-root.js'
import * as c from '../../platform/crypto/index.js'

const folder = join(projectRoot(), '../shared/corpus/pkits')

interface Case {
  name: string,
  cert: string,
  other_certs?: string[],
  crls?: string[],
  revocation?: boolean,
  error?: { class: string },
  notice?: string
  params?: { user_initial_policy_set?: string[], initial_explicit_policy?: boolean, initial_policy_mapping_inhibit?: boolean, initial_any_policy_inhibit?: boolean }
}

if (!existsSync(folder)) t.test('outside corpus', { skip: 'NIST PKITS is not here (../shared/corpus/pkits): certification paths were judged by nobody else' }, async () => {})
else {
  const certificate = (file: string): c.Certificate => c.parseCertificate(readFileSync(join(folder, 'certs', file)))
  const crl = (file: string): c.Crl => c.parseCrl(readFileSync(join(folder, 'crls', file)))
  const anchor = certificate('TrustAnchorRootCertificate.crt')
  const at = new Date('2020-01-01T00:00:00Z')
  // DSA with SHA-1 is part of the suite and not of our policy: it is let in here by name.
  const allowed = new Set<c.SignatureName>([...c.STRONG_ALGORITHMS, 'dsa-sha1'])

  const path = ({ cert, other_certs: others = [], params = {} }: Case): c.PathResult => c.findPath({
    certificate: certificate(cert),
    anchors: [anchor],
    intermediates: others.map(certificate),
    at,
    allowed,
    policies: {
      ...(params.user_initial_policy_set === undefined ? {} : { initialPolicySet: params.user_initial_policy_set }),
      requireExplicitPolicy: params.initial_explicit_policy ?? false,
      inhibitPolicyMapping: params.initial_policy_mapping_inhibit ?? false,
      inhibitAnyPolicy: params.initial_any_policy_inhibit ?? false
    }
  })
  const outcome = (example: Case): string => {
    const { result, chain } = path(example)
    if (result !== 'valid' || example.revocation === false) return result
    const crls = [...example.crls ?? [], 'TrustAnchorRootCRL.crl'].map(crl)
    const intermediates = (example.other_certs ?? []).map(certificate)
    for (let i = chain.length - 2; i >= 0; i--) {
      const { answer } = c.revocationOf({ certificate: chain[i] as c.Certificate, issuer: chain[i + 1] as c.Certificate, crls, at, anchor, intermediates, allowed })
      if (answer !== 'good') return answer
    }
    return 'valid'
  }
  const wanted = ({ error }: Case): string => error === undefined ? 'valid' : error.class === 'RevokedError' ? 'revoked' : error.class === 'PathValidationError' ? 'broken' : 'unknown'
  const read = (file: string): Case[] => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Case[]

  t.test('NIST PKITS: every case comes out in the right one of four ways', async t => {
    const cases = read('pkits.json')
    t.equal(cases.length, 246)
    for (const example of cases) t.equal(outcome(example), wanted(example), example.name)
  })

  t.test('NIST PKITS: the user notice of the policy that holds is at hand', async t => {
    for (const example of read('pkits-user-notice.json')) {
      const notices = (path(example).policies ?? []).flatMap(({ qualifiers }) => qualifiers.map(c.userNotice))
      t.ok(notices.includes(example.notice), example.name)
    }
  })

  t.test('without DSA with SHA-1 among the algorithms its certificates are refused by name', async t => {
    const result = c.findPath({ certificate: certificate('ValidDSASignaturesTest4EE.crt'), anchors: [anchor], intermediates: [certificate('DSACACert.crt')], at })
    t.equal(result.result, 'broken')
    t.equal(result.problem?.code, 'ALGORITHM_NOT_ALLOWED')
  })
}
