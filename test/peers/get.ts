/** Fetches all peers and says where each is: `node test/peers/get.ts`. */
import { fetchPeers } from './debian.ts'

for (const line of await fetchPeers()) console.log(line)
