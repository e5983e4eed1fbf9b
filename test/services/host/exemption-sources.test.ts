import t from 'tap'
import { exemptionSources, type ExemptionSources } from '../../../services/host/exemption-sources.js'

/** Only what the register of licences is asked for. */
function registerOver (heldBy: (holder: string, question: { type?: string, limit: number }) => Promise<{ items: object[], next?: string }>) {
  const licences = { heldBy } as unknown as ExemptionSources['licences']
  return exemptionSources({ matters: { matters: [], forms: new Map() }, licences, sharing: {}, catalogue: {} } as unknown as ExemptionSources).register
}
const held = (licenceId: string, state: string): object => ({ licenceId, state, facts: { number: '1', holder: { name: '示例面馆', code: '92990106MAYYY0021M' }, validFrom: '2026-03-02', face: {} }, issuer: { uscc: '11990000YYYY01015Y', name: '示例省市场监督管理局' } })

t.test('of who held more licences once than are looked through nobody says how they stand; as many as asked for suffice', async t => {
  t.match(await registerOver(async () => ({ items: [held('one', 'valid'), held('two', 'revoked')] })).heldBy('92990106MAYYY0021M', ['t'], 3), [{ licenceId: 'one', inForce: true }, { licenceId: 'two', inForce: false }])
  t.equal((await registerOver(async () => ({ items: [held('one', 'valid'), held('two', 'valid')], next: 'more' })).heldBy('92990106MAYYY0021M', ['t'], 2)).length, 2)
  await t.rejects(registerOver(async () => ({ items: [held('one', 'valid')], next: 'more' })).heldBy('92990106MAYYY0021M', ['t'], 2), { code: 'ROWS_TOO_MANY' })
})
