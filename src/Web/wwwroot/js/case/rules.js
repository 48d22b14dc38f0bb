// What the domain says of a case, made from Verbs.cs and CallState.cs: do not edit. Renewed by the unit tests with DISPATCH_WRITE_DOCS=true.

/** @typedef {{path: string, kind?: string, mayWait?: true, button?: number}} Verb the body's kind, where a path is shared; whether a phone without network keeps it; its place among the buttons, where it has one */

/** By their names in CallDetail.commands. @type {Record<string, Verb>} */
export const VERBS = {
  accept: { path: 'accept', mayWait: true, button: 2 },
  arrive: { path: 'arrive', mayWait: true, button: 3 },
  resolve: { path: 'resolve', mayWait: true, button: 4 },
  return: { path: 'return', mayWait: true, button: 15 },
  acknowledge: { path: 'acknowledge', button: 5 },
  verify: { path: 'verify', mayWait: true, button: 1 },
  callback: { path: 'callback', button: 6 },
  summon: { path: 'summon', button: 14 },
  help: { path: 'help', button: 18 },
  come: { path: 'come', mayWait: true, button: 16 },
  cannotCome: { path: 'cannotCome', mayWait: true, button: 17 },
  attend: { path: 'attend' },
  release: { path: 'release' },
  designate: { path: 'designate', button: 13 },
  correct: { path: 'correct' },
  requestExtension: { path: 'request', kind: 'extension', mayWait: true },
  requestSuspension: { path: 'request', kind: 'suspension', mayWait: true },
  requestDecline: { path: 'request', kind: 'decline', mayWait: true },
  ruleExtension: { path: 'rule', kind: 'extension', button: 7 },
  ruleSuspension: { path: 'rule', kind: 'suspension', button: 8 },
  ruleDecline: { path: 'rule', kind: 'decline', button: 9 },
  resume: { path: 'resume', button: 11 },
  difficult: { path: 'difficult' },
  handUp: { path: 'handUp' },
  merge: { path: 'merge' },
  unmerge: { path: 'unmerge', button: 12 },
  child: { path: 'child' },
  emergency: { path: 'emergency' },
  requestExemption: { path: 'request', kind: 'exemption' },
  ruleExemption: { path: 'rule', kind: 'exemption', button: 10 },
  recuse: { path: 'recuse' },
  note: { path: 'note', mayWait: true },
  tell: { path: 'tell' },
};

/** The states in which a case goes no further. */
export const ENDED = ['closed', 'declined', 'merged', 'withdrawn'];
