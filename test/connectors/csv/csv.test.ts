import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { csvFolder, type CsvFolderOptions } from '../../../connectors/csv/index.js'
import type { RejectedRow, SourceRow } from '../../../connectors/sdk/index.js'
import { CONTRACT_ROW_BYTES, connectorContract } from '../../contract/connector.js'

const LIMITS = { fileBytes: 1_000_000, rowBytes: CONTRACT_ROW_BYTES, columns: 10 }
const OPTIONS: Omit<CsvFolderOptions, 'dir'> = {
  resource: 'shops', key: ['编号'], columns: [{ heading: '名称', required: true }, { heading: '面积', type: 'number' }], limits: LIMITS
}
const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`

t.test('a folder of CSV files as a connector', async t => {
  connectorContract(t, async t => {
    const dir = join(t.testdir({ register: {} }), 'register')
    const file = join(dir, 'shops.csv')
    const header = (withoutName: boolean, withMore: boolean): string => ['编号', ...withoutName ? [] : ['名称'], '面积', '开业日期', '内部备注', ...withMore ? ['更多'] : []].join(',')
    return {
      source: csvFolder({ ...OPTIONS, columns: [...OPTIONS.columns, { heading: '开业日期', type: 'day' }], dir }),
      tellsEmpty: false,
      write: async (rows, { withoutName = false, withMore = false } = {}) => {
        const lines = rows.map(({ key, name, size = '', day = '' }) => [quote(key), ...withoutName ? [] : [quote(name ?? '')], String(size), day, 'not published', ...withMore ? ['更多'] : []].join(','))
        writeFileSync(file, header(withoutName, withMore) + '\r\n' + lines.map(line => `${line}\r\n`).join(''))
      },
      spoil: async () => { appendFileSync(file, 'one field alone\r\n') },
      spoilSize: async key => { appendFileSync(file, `${key},name,many,,\r\n`) },
      spoilDay: async key => { appendFileSync(file, `${key},name,,2026-02-30,\r\n`) },
      breakOff: { when: 'before', code: 'SOURCE_INVALID', now: async () => { appendFileSync(file, 'x,"half a row') } },
      lockOut: async () => {
        renameSync(dir, `${dir}-away`)
        return async () => { renameSync(`${dir}-away`, dir) }
      },
      lockedOutCode: 'SOURCE_INVALID'
    }
  })
})

/** Reads files with these contents, and says what came out or why not. */
async function read (t: Test, files: Record<string, string | Buffer>, options: Partial<CsvFolderOptions> = {}): Promise<{ rows: SourceRow[], rejected: RejectedRow[] }> {
  const dir = join(t.testdirName, 'in')
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content)
  const rows: SourceRow[] = []
  const rejected: RejectedRow[] = []
  for await (const batch of csvFolder({ ...OPTIONS, dir, ...options }).read(undefined)) {
    rows.push(...batch.rows)
    rejected.push(...batch.rejected ?? [])
  }
  return { rows, rejected }
}
const HEADING = '编号,名称,面积\n'

t.test('reading files', async t => {
  t.beforeEach(t => { t.testdir() })

  t.test('a fault in quotation makes the whole file unreadable, and with it the folder, naming the line', async t => {
    for (const [fault, at] of [['2,two"2,\n', 3], ['2,"two"x,\n', 3], ['2,"two" ,\n', 3], ['2,"two,\n', 4]] as const) {
      await t.rejects(read(t, { 'a.csv': `${HEADING}1,one,\n${fault}3,three,\n`, 'b.csv': `${HEADING}9,nine,\n` }), { code: 'SOURCE_INVALID', message: new RegExp(`^a\\.csv:${at === 4 ? '[45]' : at}:`) })
    }
    t.equal((await read(t, { 'a.csv': `${HEADING}1,"one ""1""",\n` })).rows[0]?.values['名称'], 'one "1"')
  })

  t.test('GB18030 is read byte by byte, characters of four bytes too, and a byte that it does not have is refused', async t => {
    // 编号,名称,面积 / 1,㐀店, in GB18030; U+3400 takes four bytes
    const bytes = Buffer.from('b1e0bac52cc3fbb3c62cc3e6bbfd0a312c8139ee39b5ea2c0a', 'hex')
    t.same((await read(t, { 'a.csv': bytes }, { encoding: 'gb18030' })).rows, [{ key: '1', values: { 名称: '㐀店', 面积: null } }])
    await t.rejects(read(t, { 'a.csv': Buffer.concat([bytes, Buffer.from([0x32, 0x2c, 0xff, 0x2c, 0x0a])]) }, { encoding: 'gb18030' }), { code: 'SOURCE_INVALID' })
    await t.rejects(read(t, { 'a.csv': bytes }), { code: 'SOURCE_INVALID' }, 'nor is it taken for UTF-8')
  })

  t.test('a byte order mark and either end of line are taken, half a character is not', async t => {
    t.equal((await read(t, { 'a.csv': `\ufeff${HEADING}1,one,\r\n\r\n2,two,\n` })).rows.length, 2)
    await t.rejects(read(t, { 'a.csv': Buffer.concat([Buffer.from(`${HEADING}1,`), Buffer.from('证').subarray(0, 2)]) }), { code: 'SOURCE_INVALID' })
  })

  t.test('headings are each there once, none empty, all that were declared', async t => {
    t.equal((await read(t, { 'a.csv': '面积,更多,编号,名称\n5,x,1,one\n' })).rows[0]?.values['面积'], 5, 'in any order')
    for (const heading of ['编号,名称,名称,面积', '编号,名称,,面积', '编号,名称', '名称,面积', '', Array.from({ length: 8 }, (_, n) => `c${n},`).join('') + '编号,名称,面积']) {
      await t.rejects(read(t, { 'a.csv': `${heading}\n` }), { code: 'SOURCE_INVALID' }, heading)
    }
    t.equal((await read(t, { 'a.csv': `${Array.from({ length: 7 }, (_, n) => `c${n},`).join('')}编号,名称,面积\n` })).rows.length, 0, 'ten columns are within the limit')
  })

  t.test('a value that is not what its column says rejects its row, by code and line', async t => {
    const { rows, rejected } = await read(t, {
      'a.csv': HEADING + ['1,one,1', '2,two,0.5', '3,three,-7', '4,,1', '5,five,1e3', '6,six,01', '7,seven,9007199254740993', '8,eight,1.2.3', ',nine,1', '10,ten', '11,a\u0001b,1', '12\u202e,x,1'].join('\n')
    })
    t.same(rows.map(({ key, values }) => [key, values['面积']]), [['1', 1], ['2', 0.5], ['3', -7]])
    t.same(rejected.map(({ at, code }) => `${at} ${code}`), [
      'a.csv:5 ROW_VALUE', 'a.csv:6 ROW_VALUE', 'a.csv:7 ROW_VALUE', 'a.csv:8 ROW_VALUE', 'a.csv:9 ROW_VALUE', 'a.csv:10 ROW_KEY', 'a.csv:11 ROW_WIDTH', 'a.csv:12 ROW_VALUE', 'a.csv:13 ROW_KEY'
    ])
    t.notMatch(JSON.stringify(rejected), /seven|1e3/, 'values stay in the department')
  })

  t.test('what is wrong is told in Chinese first, English beside it, with the place', async t => {
    const { rejected } = await read(t, { 'a.csv': `${HEADING}1,,1\n2,two,x\n,three,1\n4,four\n5,five,1\n5,six,1\n` })
    t.same(rejected.filter(({ message }) => !/^[^/]*[\u4e00-\u9fff][^/]* \/ [ -~\u4e00-\u9fff]+$/.test(message)), [])
    t.ok(rejected.some(({ message }) => message === '面积 不是数字 / 面积 is not a number'))
    for (const text of ['', '编号,名称\n', `${HEADING}1,"one,\n`, `${HEADING}1,"o"ne,\n`, `${HEADING}1,o"ne,\n`]) {
      await t.rejects(read(t, { 'a.csv': text }), { code: 'SOURCE_INVALID', message: /^a\.csv(?::\d+)?: [\u4e00-\u9fff][^/]* \/ [a-z]/ }, text)
    }
  })

  t.test('days are days of the calendar', async t => {
    const columns = [{ heading: '日期', name: '成立日期', type: 'day' as const }]
    const { rows, rejected } = await read(t, { 'a.csv': '编号,日期\n1,2024-02-29\n2,2026-02-29\n3,2026-2-1\n' }, { columns })
    t.same([rows, rejected.length], [[{ key: '1', values: { 成立日期: '2024-02-29' } }], 2])
  })

  t.test('a key of several columns keeps rows apart whose parts run together', async t => {
    const { rows } = await read(t, { 'a.csv': '甲,乙,名称,面积\na|,b,x,\na,|b,x,\na\\,b,x,\na,\\|b,x,\na,b,x,\n' }, { key: ['甲', '乙'] })
    t.equal(new Set(rows.map(({ key }) => key)).size, 5)
    t.equal(rows[4]?.key, 'a|b')
  })

  t.test('files of one folder make one register, and a key stands once in all of them', async t => {
    const { rows, rejected } = await read(t, { 'b.csv': `${HEADING}2,two,\n1,other,\n`, 'a.csv': `${HEADING}1,one,\n3,three,\n`, 'c.txt': 'not read' })
    t.same(rows.map(({ key }) => key), ['3', '2'])
    t.same(rejected.map(({ at, code, key }) => [at, code, key]), [['a.csv:2', 'ROW_KEY_TWICE', '1'], ['b.csv:3', 'ROW_KEY_TWICE', '1']])
  })

  t.test('an empty folder, an empty file and a folder that is not there are mishaps, not empty registers', async t => {
    await t.rejects(read(t, {}), { code: 'SOURCE_INVALID' })
    await t.rejects(read(t, { 'a.csv': '' }), { code: 'SOURCE_INVALID' })
    await t.rejects(read(t, { 'a.csv': HEADING }, { dir: join(t.testdirName, 'nowhere') }), { code: 'SOURCE_INVALID' })
    t.same(await read(t, { 'a.csv': HEADING }), { rows: [], rejected: [] }, 'a heading alone is an empty one')
  })

  t.test('a file may be as large as the limit and not a byte larger; a row without end is not waited for', async t => {
    const content = `${HEADING}1,one,\n`
    const fileBytes = Buffer.byteLength(content)
    t.equal((await read(t, { 'a.csv': content }, { limits: { ...LIMITS, fileBytes } })).rows.length, 1)
    await t.rejects(read(t, { 'a.csv': content }, { limits: { ...LIMITS, fileBytes: fileBytes - 1 } }), { code: 'SOURCE_INVALID' })
    await t.rejects(read(t, { 'a.csv': `${HEADING}1,${'x'.repeat(100_000)},\n` }), { code: 'SOURCE_INVALID' })
  })

  t.test('a row may hold as many bytes as the limit, its separators included, and not one more', async t => {
    const rowBytes = Buffer.byteLength('1,证照,5\n')
    const row = async (limit: number): Promise<string[]> =>
      (await read(t, { 'a.csv': `${HEADING}1,证照,5\n` }, { limits: { ...LIMITS, rowBytes: limit } })).rejected.map(({ code }) => code)
    t.same([await row(rowBytes), await row(rowBytes - 1)], [[], ['ROW_TOO_LARGE']])
  })

  t.test('a file that changes between the two readings is refused', async t => {
    const dir = join(t.testdirName, 'in')
    mkdirSync(dir)
    const many = HEADING + Array.from({ length: 600 }, (_, n) => `${n},name,\n`).join('')
    writeFileSync(join(dir, 'a.csv'), many)
    const batches = csvFolder({ ...OPTIONS, dir }).read(undefined)[Symbol.asyncIterator]()
    writeFileSync(join(dir, 'b.csv'), `${HEADING}x,late,\n`) // not begun yet: it is part of the folder
    await batches.next()
    writeFileSync(join(dir, 'b.csv'), `${HEADING}x,changed,\n`)
    await t.rejects(async () => { for (;;) if ((await batches.next()).done === true) return }, { code: 'SOURCE_INVALID', message: /changed/ })
  })

  t.test('a declaration that makes no sense is refused before anything is read', async t => {
    const bad: Array<Partial<CsvFolderOptions>> = [{ resource: '' }, { resource: 'a b' }, { key: [] }, { columns: [] }, { columns: [{ heading: 'a' }, { heading: 'b', name: 'a' }] }]
    for (const options of bad) t.throws(() => csvFolder({ ...OPTIONS, dir: '.', ...options }), { code: 'CONFIG_INVALID' })
  })
})
