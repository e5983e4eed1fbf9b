import t from 'tap'
import { ApiProblem, type Asking } from '../../console/api.js'
import { Names } from '../../console/names.js'
import { fixedClock } from '../../services/core/clock.js'

const [OWN, MARKET, NOBODY] = ['11990000YYYY010074', '11990000YYYY01015Y', '11990000YYYY01103D']
const by = (scopes = ['catalogue:read']): Asking => ({ address: '127.0.0.1', session: { who: { organisation: OWN, organisationName: '示例省政务服务管理局' }, scopes } as unknown as Asking['session'] })

function ask ({ fails }: { fails?: unknown } = {}) {
  const asked: string[][] = []
  const divisionsAsked: string[][] = []
  const clock = fixedClock('2026-11-23T02:00:00.000Z')
  const names = new Names({
    organisations: async (_by, usccs) => {
      asked.push([...usccs])
      if (fails !== undefined) throw fails
      return { items: usccs.filter(uscc => uscc === MARKET).map(uscc => ({ uscc, name: '示例省市场监督管理局' })) }
    },
    divisions: async (_by, codes) => {
      divisionsAsked.push([...codes])
      if (fails !== undefined) throw fails
      return { items: codes.filter(code => code === '990104').map(code => ({ code, name: '示例省云川市青泽县' })) }
    }
  }, clock)
  return { asked, divisionsAsked, clock, names }
}

t.test('names are asked once for a page, remembered for a minute, and one\'s own is known', async t => {
  const { asked, clock, names } = ask()
  const nameOf = await names.of(by(), [OWN, MARKET, MARKET, NOBODY, undefined, '云川市食品公司'])
  t.same([OWN, MARKET, NOBODY, '云川市食品公司'].map(nameOf), ['示例省政务服务管理局', '示例省市场监督管理局', NOBODY, '云川市食品公司'])
  t.same(asked, [[MARKET, NOBODY]])
  clock.set(new Date(clock.now().getTime() + 59_999))
  t.equal((await names.of(by(), [MARKET, NOBODY]))(MARKET), '示例省市场监督管理局')
  t.equal(asked.length, 1)
  clock.set(new Date(clock.now().getTime() + 1))
  await names.of(by(), [MARKET])
  t.equal(asked.length, 2)
})

t.test('at most a hundred are asked for at once', async t => {
  const { asked, names } = ask()
  await names.of(by(), Array.from({ length: 101 }, (_, index) => `11990000YYYY${String(index).padStart(6, '0')}`))
  t.same(asked.map(({ length }) => length), [100, 1])
})

t.test('identifiers stand where the catalogue refuses or may not be asked; a fault of our own is not hidden', async t => {
  const refused = ask({ fails: new ApiProblem({ status: 503, contentType: '', body: Buffer.from('{}') }) })
  t.equal((await refused.names.of(by(), [MARKET]))(MARKET), MARKET)
  const unasked = ask()
  t.equal((await unasked.names.of(by([]), [MARKET]))(MARKET), MARKET)
  t.same(unasked.asked, [])
  await t.rejects(ask({ fails: new TypeError('broken') }).names.of(by(), [MARKET]), TypeError)
})

t.test('an operator is told names of organisations, and asks for no divisions', async t => {
  const { asked, divisionsAsked, names } = ask()
  const operator = by(['quarantine:manage'])
  t.equal((await names.of(operator, [MARKET]))(MARKET), '示例省市场监督管理局')
  t.same(asked, [[MARKET]])
  t.equal((await names.ofDivisions(operator, ['990104']))('990104'), '990104')
  t.same(divisionsAsked, [])
})

t.test('a division is named with its code beside it; what is no code is not asked for, and what is no division stays', async t => {
  const { divisionsAsked, names } = ask()
  const nameOf = await names.ofDivisions(by(), ['990104', '990199', '9901', 'x'])
  t.same(['990104', '990199', '9901', 'x'].map(nameOf), ['示例省云川市青泽县（990104）', '990199', '9901', 'x'])
  t.same(divisionsAsked, [['990104', '990199']])
  t.equal((await ask({ fails: new ApiProblem({ status: 503, contentType: '', body: Buffer.from('{}') }) }).names.ofDivisions(by(), ['990104']))('990104'), '990104')
})
