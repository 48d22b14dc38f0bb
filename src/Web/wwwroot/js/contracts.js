// The shapes that cross the wire, for the type checker only: no script imports this file when it runs.

/**
 * @typedef {object} AnswerCard
 * @property {string} key
 * @property {'accept'|'arrive'|'resolve'|'acknowledge'|'attend'} kind
 * @property {string} party
 * @property {string} due
 * @property {boolean} met
 * @property {boolean} breached
 * @property {boolean} required
 * @property {string|null} [metAt]
 * @property {boolean} [released] the lead waits for a called party no longer
 * @property {string} from
 */

/** @typedef {{team: string|null, post: string, community: string|null}} LeadCard */

/**
 * @typedef {object} CallCard
 * @property {string} callNo
 * @property {number} version
 * @property {string} category
 * @property {'S1'|'S2'|'S3'} level
 * @property {string[]} flags
 * @property {string} community
 * @property {string} grid
 * @property {string|null} [station]
 * @property {'ringing'|'accepted'|'onScene'|'resolved'|'verified'|'closed'|'withdrawn'|'handedUp'|'merged'|'declined'} state
 * @property {string} rung
 * @property {string[]} teams
 * @property {LeadCard|null} [lead]
 * @property {AnswerCard[]} answers
 * @property {string|null} [nextDue]
 * @property {string|null} [breachAt]
 * @property {string} openedAt
 * @property {string} [suspendedUntil]
 * @property {string} [mergedInto]
 * @property {string} [parent]
 * @property {number} [others] how many other whistles it stands for
 * @property {string[]} [petitions] extension, suspension, decline, exemption
 */

/**
 * @typedef {object} FeedFrame
 * @property {string} epoch
 * @property {'snapshot'|'delta'|'beat'|'resync'} kind
 * @property {number} from
 * @property {number} through
 * @property {string} serverTime
 * @property {CallCard[]} calls
 * @property {string[]} gone
 */

/** @typedef {{ok: boolean, code: string, message: string, messageEn: string, call?: CallCard|null}} Reply */

/**
 * @typedef {object} CallDetail
 * @property {CallCard} call
 * @property {string} description
 * @property {{name?: string|null, phone?: string|null}|null} [contact]
 * @property {{kind: string, by: string, at: string, words: string}[]} texts
 * @property {{version: number, at: string, by: string, what: string, answer?: string|null, detail: string[]}[]} timeline
 * @property {LeadCard|null} [guide] 首问: the post that guides the caller to the end
 * @property {{answer: string, reason: string, granted: boolean|null}[]} [exemptions]
 * @property {{id: string, kind: 'whistle'|'note'|'before'|'after', at: string, width: number, height: number}[]} [photos]
 * @property {string[]} commands
 */

/** @typedef {{callNo: string, category: string, level: string, grid: string, state: string, openedAt: string, score: number}} SimilarCall */

/**
 * @typedef {object} CandidateTeam
 * @property {string} team
 * @property {'own'|'adjacent'|'community'|'elsewhere'} nearness
 * @property {number} onDuty
 * @property {number} free
 * @property {number} open
 * @property {number} taken within 30 days
 * @property {number|null} share
 * @property {number|null} metres
 * @property {number|null} minutes
 * @property {boolean|null} onTime
 * @property {string|null} post
 * @property {string|null} grid
 * @property {boolean|null} skilled
 * @property {boolean} [returned]
 */

/** @typedef {{order: string, teams: CandidateTeam[], own?: {suggested: boolean, taken: number, teamTaken: number}}} Candidates */

/** @typedef {{url: string, until: string}} LinkReply */

/** @typedef {{epoch: string, seq: number, total: number, calls: CallCard[]}} Board */

/** @typedef {{code: string, name: string, nameEn: string}} Named */

/**
 * @typedef {object} StreetView
 * @property {string} name
 * @property {string} nameEn
 * @property {Named[]} communities
 * @property {(Named & {community: string})[]} grids
 * @property {(Named & {grid: string})[]} stations
 * @property {(Named & {community: string, grids: string[]})[]} teams
 * @property {(Named & {level: string})[]} categories
 * @property {(Named & {kind: string})[]} parties
 * @property {{minutes: number, cases: number}} [surge] from when on whistles about one kind of thing are a surge
 */

/** @typedef {{userName: string, role: string, post?: string|null, postKind?: string|null, team?: string|null, community?: string|null, grid?: string|null, onDuty: boolean}} Me */

export {};
