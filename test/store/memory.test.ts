import { openMemoryStore } from '../../src/store/memory.ts'
import { storeContract } from './contract.ts'

storeContract('memory', {
  open: () => Promise.resolve(openMemoryStore()),
  reopen: (store) => Promise.resolve(store),
  dispose: (store) => store.close(),
})
