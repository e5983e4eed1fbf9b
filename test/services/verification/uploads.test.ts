import { EventEmitter } from 'node:events'
import type { FastifyReply, FastifyRequest } from 'fastify'
import t from 'tap'
import { UploadRoom } from '../../../services/verification/routes/uploads.js'

const MOST = 100
function asked (contentLength?: string, client = 'window') {
  const raw = new EventEmitter()
  return { request: { caller: { client }, headers: contentLength === undefined ? {} : { 'content-length': contentLength } } as FastifyRequest, reply: { raw } as unknown as FastifyReply, close: () => { raw.emit('close') } }
}

t.test('room is taken by what a request says it sends, or by the most that it may', async t => {
  const room = new UploadRoom(150, 100)
  const taken = (contentLength?: string) => {
    const before = room.taken
    const { request, reply, close } = asked(contentLength)
    room.take(request, reply, MOST)
    const took = room.taken - before
    close()
    return took
  }
  t.same([taken('30'), taken(undefined), taken('1e3'), taken('999'), taken('0')], [30, MOST, MOST, MOST, 0])
  t.equal(room.taken, 0)
})

t.test('a client takes up its share and no more, and others what is left', async t => {
  const room = new UploadRoom(100, 30)
  const take = (client: string, contentLength: string) => {
    const one = asked(contentLength, client)
    room.take(one.request, one.reply, MOST)
    return one
  }
  take('a', '10')
  const second = take('a', '20')
  t.throws(() => take('a', '1'), { code: 'UPLOADS_TOO_MANY' })
  take('b', '30')
  take('c', '30')
  t.throws(() => take('d', '11'), { code: 'QUEUE_FULL' })
  second.close()
  take('a', '20')
  t.equal(room.taken, 90)
})

t.test('a handler that goes on after its request has ended keeps its room until it ends, and gives it back once', async t => {
  const room = new UploadRoom(50, 100)
  const { request, reply, close } = asked('20')
  room.take(request, reply, MOST)
  let end = (): void => {}
  const work = room.hold(request, async () => { await new Promise<void>(resolve => { end = resolve }) })
  close()
  room.ended(request)
  t.equal(room.taken, 20)
  end()
  await work
  t.equal(room.taken, 0)
  room.ended(request)
  t.equal(room.taken, 0)
  const failing = asked('20')
  room.take(failing.request, failing.reply, MOST)
  await t.rejects(room.hold(failing.request, async () => { throw new Error('no form') }))
  t.equal(room.taken, 0)
})
