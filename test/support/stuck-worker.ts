import { parentPort } from 'node:worker_threads'
import type { ToWorker } from '../../services/verification/worker.js'

/** A worker that does not answer, runs out of memory, or ends, as the document's first byte says. For tests of the pool. */
parentPort?.on('message', (message: ToWorker) => {
  if (message.kind !== 'gather') return
  switch (message.bytes[0]) {
    case 1: for (;;); // never comes back
    case 2: {
      const held: string[][] = []
      for (;;) held.push(new Array<string>(1e6).fill('x'))
    }
    case 3: process.exit(0)
    // falls through, for a compiler that does not know that exit ends it
    default: parentPort?.postMessage({ id: message.id, gathered: { facts: { version: 1, kind: 'unknown', format: [], dialects: [], signatures: [] }, metadata: {} } })
  }
})
