/** The few calls to the file system that the store makes, so that tests can let each of them fail. */
import { close, fdatasync, ftruncate, open, read, write } from 'node:fs'
import { link, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { systemCode } from './fault.ts'

export type Disk = {
  /** @returns a file descriptor; what is made is for its owner only */
  open(file: string, flags: 'r' | 'r+' | 'w+'): Promise<number>
  /** Writes all bytes from this place of the file on. */
  write(fd: number, bytes: Buffer, at: number): Promise<void>
  read(fd: number, at: number, length: number): Promise<Buffer>
  sync(fd: number): Promise<void>
  truncate(fd: number, length: number): Promise<void>
  close(fd: number): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Gives a file a second name. */
  link(file: string, name: string): Promise<void>
  remove(file: string): Promise<void>
  /** The whole text, undefined where there is no such file. */
  text(file: string): Promise<Buffer | undefined>
  list(folder: string): Promise<string[]>
  makeFolder(folder: string): Promise<void>
}

const calls = {
  open: promisify(open),
  read: promisify(read),
  write: promisify(write),
  sync: promisify(fdatasync),
  truncate: promisify(ftruncate),
  close: promisify(close),
}

export const realDisk: Disk = {
  open: (file, flags) => calls.open(file, flags, 0o600),
  async write(fd, bytes, at) {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await calls.write(fd, bytes, done, bytes.length - done, at + done)
      done += bytesWritten
    }
  },
  async read(fd, at, length) {
    const bytes = Buffer.alloc(length)
    const { bytesRead } = await calls.read(fd, bytes, 0, length, at)
    return bytes.subarray(0, bytesRead)
  },
  sync: calls.sync,
  truncate: calls.truncate,
  close: calls.close,
  rename,
  link,
  remove: (file) => rm(file, { force: true }),
  async text(file) {
    try {
      return await readFile(file)
    } catch (cause) {
      if (systemCode(cause) === 'ENOENT') return undefined
      throw cause
    }
  },
  list: (folder) => readdir(folder),
  async makeFolder(folder) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  },
}

/**
 * Puts a file in the place of another at one stroke: after a power cut there is the old one or the new one.
 * @param keep a name under which the old one stays
 */
export async function replaceFile(disk: Disk, file: string, bytes: Buffer, keep?: string): Promise<void> {
  const fresh = `${file}.new`
  try {
    const fd = await disk.open(fresh, 'w+')
    try {
      await disk.write(fd, bytes, 0)
      await disk.sync(fd)
    } finally {
      await disk.close(fd)
    }
    if (keep !== undefined) await keepOld(disk, file, keep)
    await disk.rename(fresh, file)
  } catch (cause) {
    await disk.remove(fresh).catch(() => undefined)
    throw cause
  }
  await syncFolder(disk, dirname(file))
}

/** The old file is a second chance, no more: where there is none, or no second names are to be had, it is gone. */
async function keepOld(disk: Disk, file: string, keep: string): Promise<void> {
  await disk.remove(keep)
  await disk.link(file, keep).catch(() => undefined)
}

/** A rename is on the disk when its folder is (Windows opens no folders). */
async function syncFolder(disk: Disk, folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const fd = await disk.open(folder, 'r')
  try {
    await disk.sync(fd)
  } finally {
    await disk.close(fd)
  }
}
