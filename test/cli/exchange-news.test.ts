import t from 'tap'
import { tellingExchange } from '../../cli/exchange-news.js'

t.test('a person is told at once, again as the waits grow, and when it is back', async t => {
  const lines: string[] = []
  const tell = tellingExchange('http://127.0.0.1:9', line => { lines.push(line) })
  for (const [at, nextTryMs] of [375, 750, 1500, 2999, 3000, 24_000].entries()) tell({ kind: 'away', why: 'ECONNREFUSED', nextTryMs, triesLeft: 7 - at })
  t.match(lines, [/联系不上（ECONNREFUSED），约 1 秒后再试，还有 7 次/, /约 3 秒后再试，还有 3 次/, /约 24 秒后再试，还有 2 次/])
  tell({ kind: 'back', afterMs: 12_400 })
  t.match(lines[3], /已恢复应答，等了约 12 秒/)
  t.equal(lines.length, 4)
  tell({ kind: 'silent' })
  tell({ kind: 'silent' })
  tell({ kind: 'away', why: '503', nextTryMs: 400, triesLeft: 7 })
  t.match(lines.slice(4), [/还没有应答/], 'told of once')
  for (const line of lines) t.match(line, /^[^\n]+\n$/)
})
