import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'

const GRACE_MS = 2000 // beyond the limit that the database itself keeps, so that its own answer comes first

/** Waits for a database that may have fallen silent: its own limits help only as long as it is there. */
export async function withinTime<T> (answer: Promise<T>, timeoutMs: number, giveUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Failure('SOURCE_UNAVAILABLE', told(`数据库没有在 ${timeoutMs} 毫秒内答复`, `the database did not answer within ${timeoutMs} ms`)))
      giveUp()
    }, timeoutMs + GRACE_MS)
  })
  answer.catch(() => {}) // given up, it fails later on, when nobody listens any more
  try { return await Promise.race([answer, late]) } finally { clearTimeout(timer) }
}
