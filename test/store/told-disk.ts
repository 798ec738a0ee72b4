import { realDisk } from '../../src/store/disk.ts'
import type { Disk } from '../../src/store/disk.ts'

type Call = Exclude<keyof Disk, 'close'>

/** The real disk, which fails on demand and tells what it was asked for. */
export function toldDisk() {
  const failing = new Map<Call, { code: string; of: RegExp }>()
  const held = new Map<Call, Promise<void>>()
  const names = new Map<number, string>()
  const asked: { call: Call; file: string; bytes: number }[] = []

  async function ask(call: Call, file: string, bytes = 0): Promise<void> {
    asked.push({ call, file, bytes })
    await held.get(call)
    const fault = failing.get(call)
    if (fault?.of.test(file)) throw Object.assign(new Error(`${fault.code}: ${call}`), { code: fault.code })
  }
  const nameOf = (fd: number) => names.get(fd) ?? ''

  const disk: Disk = {
    async open(file, flags) {
      await ask('open', file)
      const fd = await realDisk.open(file, flags)
      names.set(fd, file)
      return fd
    },
    async write(fd, bytes, at) {
      try {
        await ask('write', nameOf(fd), bytes.length)
      } catch (fault) {
        // A full disk takes what it still can.
        await realDisk.write(fd, bytes.subarray(0, bytes.length / 2), at)
        throw fault
      }
      await realDisk.write(fd, bytes, at)
    },
    async read(fd, at, length) {
      await ask('read', nameOf(fd), length)
      return realDisk.read(fd, at, length)
    },
    async sync(fd) {
      await ask('sync', nameOf(fd))
      await realDisk.sync(fd)
    },
    async truncate(fd, length) {
      await ask('truncate', nameOf(fd))
      await realDisk.truncate(fd, length)
    },
    close: (fd) => realDisk.close(fd),
    async rename(from, to) {
      await ask('rename', to)
      await realDisk.rename(from, to)
    },
    async link(file, name) {
      await ask('link', file)
      await realDisk.link(file, name)
    },
    async remove(file) {
      await ask('remove', file)
      await realDisk.remove(file)
    },
    async text(file) {
      const text = await realDisk.text(file)
      await ask('text', file, text?.length ?? 0)
      return text
    },
    list: (folder) => realDisk.list(folder),
    makeFolder: (folder) => realDisk.makeFolder(folder),
  }

  return {
    disk,
    asked,
    /** From now on this call fails, for files whose path fits. */
    fail: (call: Call, code: string, of = /(?:)/) => void failing.set(call, { code, of }),
    mend: () => failing.clear(),
    /** From now on this call waits until the answer is called. */
    hold(call: Call): () => void {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      held.set(
        call,
        promise.then(() => undefined),
      )
      return () => {
        held.delete(call)
        resolve(undefined)
      }
    },
    count: (call: Call, of: RegExp) => asked.filter((one) => one.call === call && of.test(one.file)).length,
    bytes: (call: Call, of: RegExp) =>
      asked.filter((one) => one.call === call && of.test(one.file)).reduce((sum, one) => sum + one.bytes, 0),
  }
}
