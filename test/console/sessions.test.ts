import t from 'tap'
import { part } from '../../console/api.js'
import type { Keeper } from '../../console/ports.js'
import { Sessions, type KeptSession } from '../../console/sessions.js'
import { fixedClock } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'

const who = { client: 'approval-window', organisation: 'x', organisationName: 'x', roles: ['approval'], person: { id: 'w-1', name: '李明' } }
const tokens = { accessToken: 'a', accessUntil: '2026-11-23T02:00:00.000Z', refreshToken: 'r' }

/** Sessions in memory; `between` runs after each reading, as another request would. */
function memory (between: () => Promise<void>): Keeper<KeptSession> {
  const rows = new Map<string, { document: KeptSession, version: number }>()
  const conflict = (): never => { throw new Failure('VERSION_CONFLICT', 'another version stands there') }
  return {
    get: async id => {
      const found = rows.get(id)
      await between()
      return found
    },
    put: async (document, replaces) => {
      if ((rows.get(document.id)?.version ?? 0) !== replaces) conflict()
      rows.set(document.id, { document, version: replaces + 1 })
    },
    set: async documents => { for (const document of documents) rows.set(document.id, { document, version: (rows.get(document.id)?.version ?? 0) + 1 }) },
    delete: async (id, replaces) => {
      if (rows.get(id)?.version !== replaces) conflict()
      rows.delete(id)
    },
    find: async () => ({ items: [] })
  }
}

t.test('whoever signs out while a token is renewed stays signed out', async t => {
  let between = async (): Promise<void> => {}
  const sessions = new Sessions({ kept: memory(async () => { await between() }), clock: fixedClock(new Date('2026-11-23T02:00:00Z')), idleSeconds: 900 })
  const session = await sessions.begin({ who, scopes: [], tokens, seconds: 28_800 })
  await sessions.renew(session, { tokens: { ...tokens, accessToken: 'b' }, scopes: [] })
  t.equal((await sessions.find(session.number))?.tokens.accessToken, 'b')
  between = async () => {
    between = async () => {}
    await sessions.end(session)
  }
  await t.rejects(sessions.renew(session, { tokens, scopes: [] }), { code: 'SESSION_ENDED' })
  t.equal(await sessions.find(session.number), undefined)
})

t.test('a part of an address stays one part', t => {
  t.equal(part('../x?y#z'), '..%2Fx%3Fy%23z')
  t.equal(part('...'), '...')
  for (const text of ['', '.', '..']) t.throws(() => part(text), { code: 'NOT_FOUND' }, text)
  t.end()
})
