/** The bot's RTP endpoint with bare phones around it, for one file of tests. */
import { createMediaEndpoint } from '../../src/media/endpoint.ts'
import type { Format, MediaEndpoint, MediaPort, PortListener, RemoteMedia } from '../../src/media/endpoint.ts'
import { RtpPhone } from './phone.ts'

export const PCMA: Format = { codec: 'PCMA', type: 8 }
export const PCMU: Format = { codec: 'PCMU', type: 0 }
export const G722: Format = { codec: 'G722', type: 9 }
export const event = (type: number): Format => ({ codec: 'telephone-event', type })
const EVENT = event(101)

/** Hears nothing. */
export const deaf: PortListener = { digit: () => undefined, sound: () => undefined, speaks: () => undefined }

export class MediaStage {
  #media: MediaEndpoint | undefined
  readonly #phones: RtpPhone[] = []

  async open(ports: readonly [number, number]): Promise<void> {
    this.#media = await createMediaEndpoint({ bind: '127.0.0.1', ports, country: 'ES' })
  }

  async close(): Promise<void> {
    for (const phone of this.#phones) phone.close()
    await this.media.stop()
  }

  get media(): MediaEndpoint {
    if (!this.#media) throw new Error('the stage is not open')
    return this.#media
  }

  async phone(source?: number): Promise<RtpPhone> {
    const made = await RtpPhone.open(source)
    this.#phones.push(made)
    return made
  }

  /** A port whose far side is this phone. */
  async portTo(
    far: RtpPhone,
    {
      onDigit = () => undefined,
      onSound = () => undefined,
      onSpeaks = () => undefined,
      ...remote
    }: Partial<RemoteMedia> & {
      onDigit?: (digit: string) => void
      onSound?: (silent: boolean) => void
      onSpeaks?: (on: boolean) => void
    } = {},
  ): Promise<MediaPort> {
    const port = await this.media.open({ digit: onDigit, sound: onSound, speaks: onSpeaks }, 'leg')
    port.remote(remoteFor(far, remote))
    return port
  }
}

/** What this phone's description says. */
export function remoteFor(far: RtpPhone, remote: Partial<RemoteMedia> = {}): RemoteMedia {
  return {
    address: '127.0.0.1',
    port: far.port,
    send: [PCMA, EVENT],
    receive: [PCMA, PCMU, EVENT],
    listens: true,
    speaks: true,
    ...remote,
  }
}
