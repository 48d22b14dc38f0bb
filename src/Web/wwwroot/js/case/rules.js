// What the domain says of a case, made from Verbs.cs and CallState.cs: do not edit. Renewed by the unit tests with DISPATCH_WRITE_DOCS=true.

/** @typedef {{path: string, kind?: string, mayWait?: true, daily?: true}} Verb the body's kind, where a path is shared; whether a phone without network keeps it; whether it has a button of its own */

/** By their names in CallDetail.commands, in the order in which a page offers them. @type {Record<string, Verb>} */
export const VERBS = {
  verify: { path: 'verify', mayWait: true, daily: true },
  accept: { path: 'accept', mayWait: true, daily: true },
  arrive: { path: 'arrive', mayWait: true, daily: true },
  resolve: { path: 'resolve', mayWait: true, daily: true },
  acknowledge: { path: 'acknowledge', daily: true },
  callback: { path: 'callback', daily: true },
  ruleExtension: { path: 'rule', kind: 'extension', daily: true },
  ruleSuspension: { path: 'rule', kind: 'suspension', daily: true },
  ruleDecline: { path: 'rule', kind: 'decline', daily: true },
  ruleExemption: { path: 'rule', kind: 'exemption', daily: true },
  resume: { path: 'resume', daily: true },
  unmerge: { path: 'unmerge', daily: true },
  designate: { path: 'designate', daily: true },
  summon: { path: 'summon', daily: true },
  return: { path: 'return', mayWait: true, daily: true },
  attend: { path: 'attend' },
  release: { path: 'release' },
  correct: { path: 'correct' },
  requestExtension: { path: 'request', kind: 'extension', mayWait: true },
  requestSuspension: { path: 'request', kind: 'suspension', mayWait: true },
  requestDecline: { path: 'request', kind: 'decline', mayWait: true },
  difficult: { path: 'difficult' },
  handUp: { path: 'handUp' },
  merge: { path: 'merge' },
  child: { path: 'child' },
  emergency: { path: 'emergency' },
  requestExemption: { path: 'request', kind: 'exemption' },
  recuse: { path: 'recuse' },
  note: { path: 'note', mayWait: true },
};

/** The states in which a case goes no further. */
export const ENDED = ['closed', 'declined', 'merged', 'withdrawn'];
