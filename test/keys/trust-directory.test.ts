import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { KeyLayout, makeSeal, publishAuthorities, publishTrustList, readOwnList, readSealing, refreshCrls, revokeSeal, writeTrustDirectory } from '../../keys/index.js'
import { type Certificate, certificatesFromFile, type Crl, findPath, parseCrl, revocationOf, type RevocationAnswer } from '../../platform/crypto/index.js'
import { fixedClock } from '../../services/core/clock.js'
import { loadTrustDirectory, verifyDocument } from '../../services/verification/index.js'
import { AT, codeOf, makeAuthority, province } from './support.js'

const DAY_MS = 86_400_000
const clock = fixedClock(AT)
const later = (days: number): ReturnType<typeof fixedClock> => fixedClock(new Date(Date.parse(AT) + days * DAY_MS))

function load (folder: string): { anchors: Certificate[], intermediates: Certificate[], crls: Crl[] } {
  const files = (name: string): Buffer[] => readdirSync(join(folder, name)).map(file => readFileSync(join(folder, name, file)))
  return { anchors: files('anchors').flatMap(certificatesFromFile), intermediates: files('intermediates').flatMap(certificatesFromFile), crls: files('crls').map(parseCrl) }
}
function judge (dir: string, certificateFile: string, at: Date): { path: string, chain: number, revocation: RevocationAnswer[] } {
  const { anchors, intermediates, crls } = load(new KeyLayout(dir).trust)
  const [certificate] = certificatesFromFile(readFileSync(certificateFile)) as [Certificate]
  const { result, chain } = findPath({ certificate, anchors, intermediates, at })
  const revocation = chain.slice(0, -1).map((certificate, i) => revocationOf({ certificate, issuer: chain[i + 1] as Certificate, crls, at, intermediates }))
  return { path: result, chain: chain.length, revocation }
}

t.test('with the trust directory alone every seal leads to the root and none but the revoked one is revoked', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const layout = new KeyLayout(dir)
  const at = new Date(AT)
  const good = [...province.departments.map(({ id }) => layout.department(id).sealCertificate), layout.demonstration('catering-association').sealCertificate, layout.sealMaker.certificate]
  for (const file of good) {
    const { path, chain, revocation } = judge(dir, file, at)
    t.same([path, chain, revocation.map(({ answer }) => answer)], ['valid', 3, ['good', 'good']])
  }
  const revoked = judge(dir, layout.demonstration('market-revoked').sealCertificate, at)
  t.same([revoked.path, revoked.revocation.map(({ answer }) => answer)], ['valid', ['revoked', 'good']])
  t.same(revoked.revocation[0]?.revokedAt, new Date('2026-01-31T00:00:00Z'))
  t.equal(judge(dir, layout.demonstration('market-expired').sealCertificate, at).path, 'broken')
  t.equal(judge(dir, layout.demonstration('market-expired').sealCertificate, new Date('2023-01-01T00:00:00Z')).path, 'valid')
})

t.test('the verification engine judges every seal by the trust directory alone', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const layout = new KeyLayout(dir)
  const trust = loadTrustDirectory(layout.trust)
  const judged = async (file: string): Promise<[string, Array<string | undefined>]> => {
    const { verdict, checks } = await verifyDocument(readFileSync(file), { trust, at: '2026-03-02T09:00:00.000Z' })
    return [verdict, checks.flatMap(check => check.status === 'failed' || check.status === 'indeterminate' ? [check.code] : [])]
  }
  for (const { id } of province.departments) t.same(await judged(layout.department(id).seal), ['valid', []], id)
  t.same(await judged(layout.demonstration('catering-association').seal), ['valid', []], 'a genuine seal, whoever may use it')
  t.equal((await judged(layout.demonstration('market-expired').seal))[0], 'invalid')
})

t.test('the authority list gives each department its own licence types, and nobody else any', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const { items } = JSON.parse(readFileSync(join(dir, 'trust', 'authorities.json'), 'utf8')) as { items: Array<{ issuer: string, licenceType: string }> }
  const expected = province.departments.flatMap(({ uscc, licences }) => licences.map(({ type }) => `${uscc} ${type}`))
  t.same(items.map(({ issuer, licenceType }) => `${issuer} ${licenceType}`), expected)
})

t.test('the policy states every setting, status off since files cannot know it', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  t.same(JSON.parse(readFileSync(join(dir, 'trust', 'policy.json'), 'utf8')), {
    revocation: 'required', signingTime: 'proven', authority: 'required', status: 'off', signatureAlgorithms: ['1.2.156.10197.1.501'], digestAlgorithms: ['1.2.156.10197.1.401']
  })
})

t.test('lists of revoked certificates are signed anew after half of their life, not before', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const layout = new KeyLayout(dir)
  const half = 15 * DAY_MS
  t.same(refreshCrls(dir, fixedClock(new Date(Date.parse(AT) + half - 1))), [])
  t.same(refreshCrls(dir, fixedClock(new Date(Date.parse(AT) + half))), ['root', 'seal-makers', 'departments'])
  const seal = layout.department('market').sealCertificate
  t.same(judge(dir, seal, later(44).now()).revocation.map(({ answer }) => answer), ['good', 'good'])
  t.same(judge(dir, seal, later(46).now()).revocation.map(({ answer }) => answer), ['unknown', 'unknown'], 'stale again without another start')
  t.same(refreshCrls(dir, later(400)), ['root', 'seal-makers', 'departments'], 'after a year in the drawer')
  t.same(judge(dir, seal, later(400).now()).revocation.map(({ answer }) => answer), ['good', 'good'])
  t.equal(judge(dir, layout.demonstration('market-revoked').sealCertificate, later(400).now()).revocation[0]?.answer, 'revoked', 'what was revoked stays so')
})

t.test('a start on old data refreshes the lists by itself, and numbers only go up', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const number = (): bigint | undefined => parseCrl(readFileSync(join(dir, 'trust', 'crls', 'departments.crl'))).number
  const numbers = [number()]
  await makeAuthority(dir, { clock: later(20) })
  numbers.push(number())
  refreshCrls(dir, later(60))
  numbers.push(number())
  t.same(numbers, [1n, 2n, 3n])
})

t.test('without an authority of one’s own there is nothing to refresh', async t => {
  t.same(refreshCrls(t.testdir(), clock), [])
})

t.test('a seal is revoked from an instant on, once', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const layout = new KeyLayout(dir)
  const at = new Date('2026-03-01T00:00:00Z')
  const answer = (): RevocationAnswer | undefined => judge(dir, layout.department('health').sealCertificate, new Date('2026-03-02T10:00:00Z')).revocation[0]
  t.equal(answer()?.answer, 'good')
  t.equal(revokeSeal(dir, 'health', { at, clock, reason: 'cessationOfOperation' }), true)
  t.same([answer()?.answer, answer()?.revokedAt, answer()?.reason], ['revoked', at, 'cessationOfOperation'])
  t.equal(revokeSeal(dir, 'health', { at: new Date('2026-02-01T00:00:00Z'), clock }), false)
  t.same(answer()?.revokedAt, at, 'the first instant stands')
  await makeAuthority(dir, { clock: later(40) })
  t.equal(judge(dir, layout.department('health').sealCertificate, later(40).now()).revocation[0]?.answer, 'revoked', 'and a later start forgets nothing')
})

t.test('nothing is revoked that is not there, or from tomorrow on', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  t.equal(await codeOf(() => revokeSeal(dir, 'nobody', { at: new Date(AT), clock })), 'NOT_FOUND')
  t.equal(await codeOf(() => revokeSeal(dir, '../departments/market', { at: new Date(AT), clock })), 'NOT_FOUND')
  t.equal(await codeOf(() => revokeSeal(dir, 'market', { at: later(1).now(), clock })), 'INPUT_INVALID')
})

t.test('a new version of a list reaches the trust directory, and what left the list leaves it', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const layout = new KeyLayout(dir)
  const { items } = readOwnList(layout, 'authority-list').list
  t.equal(publishAuthorities(dir, items.slice(1), { clock, crlDays: 30 }).version, 2)
  t.equal((JSON.parse(readFileSync(join(dir, 'trust', 'authorities.json'), 'utf8')) as { items: unknown[] }).items.length, items.length - 1)
  const { version, issuedAt, ...content } = readOwnList(layout, 'trust-list').list
  t.equal(publishTrustList(dir, { ...content, intermediates: content.intermediates.slice(0, 1) }, { clock, crlDays: 30 }).version, version + 1)
  t.equal(readdirSync(join(dir, 'trust', 'intermediates')).length, 1)
  t.equal(await codeOf(() => publishAuthorities(dir, [{ ...items[0], issuer: 'x' } as typeof items[0] & object], { clock, crlDays: 30 })), 'INPUT_INVALID')
  t.equal(readOwnList(layout, 'authority-list').list.version, 2, 'a refused list leaves the last one in force')
})

t.test('a copy that was touched is put right from the signed list', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const file = join(dir, 'trust', 'authorities.json')
  const before = readFileSync(file, 'utf8')
  writeFileSync(file, before.replaceAll('11990000YYYY01015Y', '51990000YYYY02018B'))
  writeFileSync(join(dir, 'trust', 'anchors', 'stranger.cer'), readFileSync(new KeyLayout(dir).sealMaker.certificate))
  const { made } = await makeAuthority(dir)
  t.same(made, ['trust/authorities.json'])
  t.equal(readFileSync(file, 'utf8'), before)
  t.equal(readdirSync(join(dir, 'trust', 'anchors')).length, 1)
})

t.test('time-stamp anchors have a folder only where there are any', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const trust = readOwnList(new KeyLayout(dir), 'trust-list').list
  const write = (timestampAnchors: typeof trust.anchors): void => {
    writeTrustDirectory(join(dir, 'other'), { trustList: { ...trust, timestampAnchors }, authorities: Buffer.from('{}'), crls: new Map() })
  }
  write(trust.anchors)
  t.equal(readdirSync(join(dir, 'other', 'timestamp-anchors')).length, 1)
  write([])
  t.notOk(existsSync(join(dir, 'other', 'timestamp-anchors')))
})

t.test('a department that makes itself a seal is not among the makers', async t => {
  const dir = t.testdir()
  await makeAuthority(dir)
  const layout = new KeyLayout(dir)
  const own = readSealing(layout.department('civil'))
  const seal = makeSeal({
    esId: '99000000000101',
    name: '示例省市场监督管理局',
    type: 1,
    picture: { type: 'PNG', data: Buffer.from('89504e47', 'hex'), widthMm: 40, heightMm: 40 },
    certificates: [own.certificate],
    createdAt: new Date('2026-01-01T00:00:00Z'),
    validFrom: new Date('2026-01-01T00:00:00Z'),
    validUntil: new Date('2027-01-01T00:00:00Z')
  }, own)
  const judged = async (): Promise<Array<string | undefined>> => {
    const { checks } = await verifyDocument(seal, { trust: loadTrustDirectory(layout.trust), at: '2026-03-02T09:00:00.000Z' })
    return checks.flatMap(check => check.status === 'failed' || check.status === 'indeterminate' ? [check.code] : [])
  }
  t.same(await judged(), ['MAKER_NOT_LISTED'])
  const { list: { sealMakers: _makers, ...withoutMakers } } = readOwnList(layout, 'trust-list')
  publishTrustList(dir, withoutMakers, { clock, crlDays: 30 })
  t.same(await judged(), [], 'a list that names no makers asks for none')
})
