import t from 'tap'
import { ENGINE_LIMITS, verifyDocument } from '../../../../services/verification/engine.js'
import type { Report } from '../../../../services/verification/report.js'
import { ground, groundTrust } from '../../../support/ofd-ground.js'
import { MUTATIONS } from '../../../support/ofd-mutations.js'
import { VARIATIONS } from '../../../support/ofd-variations.js'
import { SAMPLE_AT } from '../../../support/sample-licence.js'

const AT = SAMPLE_AT.toISOString()
const genuine = await ground()
const trust = groundTrust(genuine)

async function verify (bytes: Uint8Array): Promise<Report> {
  return await verifyDocument(bytes, { trust, at: AT, limits: ENGINE_LIMITS })
}

/** Checks that did not pass, each with its code. */
function findings ({ checks, signatures }: Report): Record<string, string> {
  const all = [...checks, ...signatures.flatMap(({ checks }) => checks)]
  return Object.fromEntries(all.flatMap(check => check.status === 'failed' || check.status === 'indeterminate' ? [[check.name, check.code]] : []))
}

t.test('the genuine licences are valid', async t => {
  for (const draft of [genuine.sealed, genuine.other]) {
    const report = await verify(draft.bytes())
    t.same([report.verdict, findings(report)], ['valid', {}])
  }
})

t.test('each mutation of a genuine licence is caught by the check that it is aimed at, and by no other', async t => {
  t.ok(MUTATIONS.length >= 40)
  t.equal(new Set(MUTATIONS.map(({ title }) => title)).size, MUTATIONS.length, 'titles differ')
  for (const { title, check, code, verdict, also, make } of MUTATIONS) {
    const report = await verify(make(genuine))
    t.same([report.verdict, findings(report)], [verdict, { [check]: code, ...also }], title)
  }
})

t.test('each honest variation stays valid, and dialects are told', async t => {
  t.ok(VARIATIONS.length >= 10)
  for (const { title, dialects = [], make } of VARIATIONS) {
    const report = await verify(make(genuine))
    t.same([report.verdict, findings(report)], ['valid', {}], title)
    const detail = report.checks.find(({ name }) => name === 'format')
    t.same((detail as { detail?: string }).detail ?? '', dialects.join(', '), `${title}: dialects`)
  }
})
