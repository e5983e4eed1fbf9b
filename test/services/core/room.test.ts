import fc from 'fast-check'
import t from 'tap'
import { Room, type Share } from '../../../services/core/room.js'

const share = (of: string, most: number): Share => ({ of, most })

t.test('up to the limit, and one alone beyond it', async t => {
  const room = new Room(50)
  const first = room.take(20)
  const second = room.take(30)
  t.throws(() => room.take(1), { code: 'QUEUE_FULL' })
  second()
  t.throws(() => room.take(31), { code: 'QUEUE_FULL' })
  room.take(30)()
  first()
  const large = room.take(90)
  t.throws(() => room.take(1), { code: 'QUEUE_FULL' })
  large()
  t.equal(room.taken, 0)
})

t.test('up to a share, and one alone beyond it; what was given back is free again, once', async t => {
  const room = new Room(100)
  const first = room.take(10, share('a', 25))
  const second = room.take(15, share('a', 25))
  t.throws(() => room.take(1, share('a', 25)), { code: 'UPLOADS_TOO_MANY' })
  room.take(25, share('b', 25))()
  first()
  first()
  t.equal(room.taken, 15)
  t.throws(() => room.take(11, share('a', 25)), { code: 'UPLOADS_TOO_MANY' })
  room.take(10, share('a', 25))()
  second()
  const large = room.take(60, share('a', 25))
  t.throws(() => room.take(1, share('a', 25)), { code: 'UPLOADS_TOO_MANY' })
  large()
  t.equal(room.taken, 0)
})

t.test('of several shares each holds, and what is refused takes up none of them', async t => {
  const room = new Room(100)
  room.take(20, share('system', 50), share('person', 25))
  t.throws(() => room.take(6, share('system', 50), share('person', 25)), { code: 'UPLOADS_TOO_MANY' })
  const other = room.take(30, share('system', 50), share('other', 25))
  t.throws(() => room.take(1, share('system', 50), share('third', 25)), { code: 'UPLOADS_TOO_MANY' })
  other()
  room.take(25, share('system', 50), share('third', 25))
  t.equal(room.taken, 45)
})

t.test('whatever one sender does, another finds room for an upload', async () => {
  const [limit, most] = [100, 25]
  fc.assert(fc.property(fc.array(fc.record({ bytes: fc.integer({ min: 1, max: most }), ends: fc.boolean() }), { maxLength: 60 }), fc.integer({ min: 1, max: most }), (uploads, bytes) => {
    const room = new Room(limit)
    const held: Array<() => void> = []
    for (const { bytes, ends } of uploads) {
      try { held.push(room.take(bytes, share('greedy', most))) } catch { /* turned away, and tries the next */ }
      if (ends) held.shift()?.()
    }
    room.take(bytes, share('patient', most))()
  }), { seed: 197 })
})
