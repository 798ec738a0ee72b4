import { storeContract } from './contract.ts'
import { freshFolder, openStore } from './folder.ts'
import type { Store } from '../../src/store/store.ts'

const folders = new WeakMap<Store, ReturnType<typeof freshFolder>>()

async function open(folder = freshFolder()): Promise<Store> {
  const { store } = await openStore(folder.path)
  folders.set(store, folder)
  return store
}

storeContract('lowdb', {
  open: () => open(),
  async reopen(store) {
    await store.close()
    return open(folders.get(store))
  },
  async dispose(store) {
    await store.close()
    folders.get(store)?.[Symbol.dispose]()
  },
})
