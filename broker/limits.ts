/** The front door's limits, each with its arithmetic; sizes of messages are in model/limits.ts. */
import { payloadBytesMax } from '../model/limits.ts'
import { dayMs, minuteMs, secondMs } from '../model/time.ts'

/** A CONNECT: client id, user name, password and a will of a few hundred bytes each. */
export const connectBytesMax = 4 * 1024

/** A topic of ours is about 50 characters; the rest of the header is a message id. */
export const publishBytesMax = payloadBytesMax + 512

/** Packets of one client that wait behind a publish which is not on disk yet; a read brings at most 64 KiB of them. */
export const packetsWaitingMax = 40_000

/** …and of those, that subscribe: of the largest 1 MB. A client sends a few, and its next ones when it has the answers. */
export const subscribesWaitingMax = 256

/**
 * Payload of one client that is read and not answered yet: two of the largest messages, or 1,300 of 200 bytes, which is
 * 50 MB a second at a commit of 5 ms. What comes on top stays in its socket. Aedes alone reads 64 KiB with every event.
 */
export const unansweredBytesMax = 2 * payloadBytesMax

/** How often those that wait for an acknowledgement count as alive: well within the shortest keepalive, 1.5 s. */
export const seenAliveEveryMs = 500

/** Ten filters of 256 bytes are 2.6 kB. */
export const subscribeBytesMax = 4 * 1024

export const filtersPerSubscribeMax = 10
/** A filter costs a look at every retained message: 0.35 µs each, so 20 over 10,000 are 70 ms. */
export const filtersPerClientMax = 20
/** …so each credential, and each address of clients without one, has of them: a class of 30 with six each that comes at once… */
export const subscribeBurst = 200
/** …and then so many: over 10,000 messages 2 % of the thread. */
export const subscribesPerSecond = 5
/** Whoever would wait longer is disconnected: 50 filters more. */
export const subscribeWaitMsMax = 10 * secondMs

/** Filters with wildcards that are looked through for each message that the hub itself would publish: 0.3 µs each. */
export const wildFiltersMax = 1_000

/** A client that does not authenticate within this time is disconnected. */
export const connectTimeoutMs = 10 * secondMs

/** 20,000 clients of about 17 KB are 340 MB. */
export const connectionsMax = 20_000

/** A whole street may stand behind one address, and a whole neighbourhood behind one proxy. */
export const connectionsPerAddressMax = 12_000

/**
 * One credential: a gateway's may be that of a hundred boxes, and each lost connection stands beside its new one for a while.
 * What they subscribe to counts against its pace.
 */
export const connectionsPerDeviceMax = 256

/** Topics whose number of listeners is remembered for each device: it publishes to two. */
export const audienceTopicsMax = 8

/**
 * Connections that have not said who they are. After a power cut 10,000 devices are in this state at once; beyond it
 * the oldest of them goes, because an honest client speaks within its first round trip.
 */
export const unknownConnectionsMax = 12_000

/** Deliveries under way at once in all; a frozen subscriber occupies its own until `drainTimeoutMs`. */
export const deliveriesMax = 100

/**
 * A subscriber with this much unread is passed over. It must be less than the 99 KB that 100 deliveries of 1 KB put
 * under way, or it never trips: measured, at 16 KB the worst gap between acknowledgements is 9 ms.
 */
export const unreadBytesMax = 16 * 1024

/** Publishes wait at the door while more deliveries than this wait for their turn (measured: flat memory, 14 ms). */
export const deliveriesWaitingMax = 500
export const deliveriesLookMs = 2

export const drainTimeoutMs = 5 * secondMs

/** A QoS 2 publish keeps its number until its PUBREL; the payload is not kept, so 1,000 are about 200 kB. */
export const inboundQos2Max = 1_000

/** A status is kept for those who subscribe later: 10,000 devices of 4 kB are 40 MB. A longer one is not kept. */
export const retainedBytesMax = 4 * 1024

/** Levels of a topic: ours have three; the matcher that Aedes uses ends at 100. */
export const topicLevelsMax = 100

/**
 * One device: a fifth of the 50,000 messages a second that two cores take, so that four gone wild leave room for the
 * rest. A month's backlog of one message a minute (43,000) is acknowledged in five seconds.
 */
export const deviceMessagesPerSecond = 10_000
export const deviceMessagesBurst = 20_000
/** …and of bytes: 128 of the largest messages a second, less than half of what a slow disk writes. */
export const deviceBytesPerSecond = 128 * payloadBytesMax
export const deviceBytesBurst = 2 * deviceBytesPerSecond

/** What waits for one absent client; when full the newest is not kept, and counted. */
export const sessionMessagesMax = 1_000
export const sessionBytesMax = 256 * 1024
/** …and for all of them: a quarter of the memory that a small board can spare. */
export const sessionsBytesMax = 64 * 1024 * 1024
/** Sessions that a device may leave behind: its own and a few of its host's programs. */
export const sessionsPerDeviceMax = 4
/** An absent client's session ends after this. */
export const sessionKeptMs = dayMs
export const sessionsLookMs = minuteMs

/** One line a minute about one thing gone wrong with one device; the rest is counted. */
export const refusalLogEveryMs = minuteMs
export const refusalsRememberedMax = 1_000

/** A WebSocket message may hold several packets. */
export const webSocketMessageBytesMax = 2 * publishBytesMax

/** Connections the kernel may queue while we are busy: a storm of 10,000 comes faster than one turn of the loop. */
export const listenBacklog = 4_096
