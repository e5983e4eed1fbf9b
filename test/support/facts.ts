import type { CertificateFacts, Facts, PathLink, SealFacts, SignatureFacts } from '../../services/verification/facts.js'
import { STRICTEST, type Policy } from '../../services/verification/policy.js'
import type { Context } from '../../services/verification/checks/check.js'

/** Facts of a licence with which everything is right; a test changes the one thing that it is about. */
export const AT = '2026-06-01T00:00:00.000Z'
export const SIGNED = '2026-03-02T01:00:00.000Z'
export const OWNER = '11990000YYYY01015Y'
export const SM2 = '1.2.156.10197.1.501'

const link = (name: string): PathLink => ({
  name, fingerprint: name, notBefore: '2026-01-01T00:00:00.000Z', notAfter: '2030-01-01T00:00:00.000Z', algorithm: SM2, revocation: { answer: 'good' }
})
const anchor = ({ revocation: _, ...rest }: PathLink): PathLink => rest

export function certificate (changes: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    name: '99000000000101',
    owner: OWNER,
    keyUsage: ['digitalSignature', 'nonRepudiation'],
    path: { at: SIGNED, result: 'valid', links: [link('leaf'), link('ca'), anchor(link('root'))] },
    ...changes
  }
}

/** The leaf's link changed. */
export function withLeaf (changes: Partial<PathLink>): CertificateFacts {
  const facts = certificate()
  return { ...facts, path: { ...facts.path, links: facts.path.links.map((item, index) => index === 0 ? { ...item, ...changes } : item) } }
}

export function seal (changes: Partial<SealFacts> = {}): SealFacts {
  return {
    version: 4,
    id: '99000000000101',
    name: '示例省市场监督管理局',
    createdAt: '2026-01-05T00:00:00.000Z',
    validFrom: '2026-01-05T00:00:00.000Z',
    validTo: '2028-01-05T00:00:00.000Z',
    value: { algorithm: SM2, fitsKey: true, right: true },
    signerListed: 'yes',
    unknownCritical: [],
    maker: certificate({ name: 'maker' }),
    ...changes
  }
}

export function signature (changes: Partial<SignatureFacts> = {}): SignatureFacts {
  return {
    id: 's001',
    type: 'Seal',
    form: 'ses',
    dialects: [],
    checkMethod: '1.2.156.10197.1.401',
    references: { count: 7, wrong: { count: 0, some: [] }, missing: { count: 0, some: [] }, notCompared: 0 },
    dataHash: 'equal',
    propertyInfo: { said: '/a.xml', expected: '/a.xml' },
    covers: { files: 5, of: 5, list: true },
    stamps: { count: 1, pagesMissing: [] },
    value: { algorithm: SM2, fitsKey: true, right: true },
    signedAt: SIGNED,
    sealFile: 'equal',
    seal: seal(),
    signer: certificate(),
    unknownCritical: [],
    ...changes
  }
}

export function facts (changes: Partial<Facts> = {}): Facts {
  return {
    version: 1,
    kind: 'ofd',
    input: { sha256: 'a'.repeat(64), sm3: 'b'.repeat(64), size: 1 },
    format: [],
    dialects: [],
    package: {
      documents: 1,
      reachable: 5,
      lists: { named: 1, empty: [], missing: [] },
      uncovered: { count: 0, some: [] },
      stray: { count: 0, some: [] },
      orphans: { count: 0, some: [] }
    },
    signatures: [signature()],
    licence: {
      id: '1.2.156.3005.2.x',
      parts: { type: '11990000YYYY010074002', issuer: OWNER, check: 'right' },
      ambiguous: false,
      authorities: [{ issuer: OWNER, regions: ['990000'], from: '2026-01-01', to: '2026-12-31' }]
    },
    register: { answer: 'found', status: 'active', file: 'same', recordedAt: '2026-03-02T02:00:00.000Z', compared: [], differing: [] },
    ...changes
  }
}

export function context (changes: Partial<Facts> = {}, policy: Partial<Policy> = {}, at = AT): Context {
  return { facts: facts(changes), policy: { ...STRICTEST, ...policy }, at }
}
