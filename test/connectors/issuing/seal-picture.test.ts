import { PNG } from 'pngjs'
import t from 'tap'
import { sealPicture, sealPictures } from '../../../connectors/issuing/seal-picture.js'
import { sealDrawing } from '../../../connectors/issuing/seal-drawing.js'
import { Failure } from '../../../services/core/failure.js'

const seal = { name: '示例省市场监督管理局', id: '99000000000101' }
const square = () => ({ path: 'M0 0L10 0L10 10Z', advance: 200 })

t.test('a seal picture is a red PNG on transparent ground, 40 mm across', async t => {
  const picture = await sealPicture(seal)
  t.match(picture, { type: 'PNG', widthMm: 40, heightMm: 40 })
  const { width, height, data } = PNG.sync.read(picture.data)
  t.same([width, height], [400, 400])
  const pixel = (x: number, y: number) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)]
  t.same(pixel(200, 200), [0xe6, 0, 0x12, 255], 'the star')
  t.same(pixel(200, 8), [0xe6, 0, 0x12, 255], 'the ring')
  t.equal(pixel(0, 0)[3], 0, 'outside the ring')
  t.equal(pixel(200, 300)[3], 0, 'between star and number')
})

t.test('the same seal gives the same bytes, alone or among others, and another name others', async t => {
  const [first, second, other] = await sealPictures([seal, seal, { ...seal, name: '示例省公安厅' }])
  t.ok(first?.data.equals(second?.data as Buffer))
  t.ok((await sealPicture(seal)).data.equals(first?.data as Buffer))
  t.notOk(first?.data.equals(other?.data as Buffer))
})

t.test('a character without an outline is refused by name', async t => {
  await t.rejects(sealPicture({ ...seal, name: '示例省龘龘局' }), { name: 'Failure', code: 'GLYPH_MISSING', message: /龘/ })
})

t.test('a font that cannot be read is refused', async t => {
  await t.rejects(sealPicture(seal, { font: Buffer.from('no font') }), { name: 'Failure', code: 'FONT_INVALID' })
})

t.test('a name has 2 to 40 characters, a number 1 to 20', async t => {
  const draw = (name: number, id: number) => () => sealDrawing({ name: '省'.repeat(name), id: '1'.repeat(id) }, square)
  for (const [name, id] of [[2, 1], [40, 20]] as const) t.doesNotThrow(draw(name, id))
  for (const [name, id] of [[1, 1], [41, 1], [2, 0], [2, 21]] as const) t.throws(draw(name, id), { code: 'INPUT_INVALID' } as unknown as Failure)
})
