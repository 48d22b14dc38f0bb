// The shapes that cross the wire, made from src/Contracts: do not edit. Renewed by the unit tests with DISPATCH_WRITE_DOCS=true.
// Times are ISO 8601 with offset, days yyyy-MM-dd.

export interface AcknowledgeRequest {
  answer?: string;
}

export interface AnswerCard {
  key: string;
  kind: string;
  party: string;
  due: string;
  met: boolean;
  breached: boolean;
  required: boolean;
  metAt: string | null;
  released?: boolean;
  from: string;
}

export interface AnswerTimesView {
  kind: string;
  level: string;
  met: number;
  late: number;
  owed: number;
  bins: number[];
  p50: number | null;
  p90: number | null;
  p99: number | null;
  limit: number | null;
}

export interface ApiProblem {
  type: string;
  title: string;
  detail: string;
  status: number;
  code: string;
  traceId: string;
}

export interface ArrivalsView {
  category: string;
  name: string;
  nameEn: string;
  hours: number[];
}

export interface Board {
  epoch: string;
  seq: number;
  total: number;
  calls: CallCard[];
}

export interface CallCard {
  callNo: string;
  version: number;
  category: string;
  level: string;
  flags: string[];
  community: string;
  grid: string;
  station: string | null;
  state: string;
  rung: string;
  teams: string[];
  lead: LeadCard | null;
  answers: AnswerCard[];
  nextDue: string | null;
  breachAt: string | null;
  openedAt: string;
  suspendedUntil?: string;
  mergedInto?: string;
  parent?: string;
  others?: number;
  petitions?: string[];
}

export interface CallDetail {
  call: CallCard;
  description: string;
  contact: MaskedContact | null;
  texts: CallText[];
  timeline: TimelineLine[];
  commands: string[];
}

export interface CallText {
  kind: string;
  by: string;
  at: string;
  words: string;
}

export interface CategoryView {
  code: string;
  name: string;
  nameEn: string;
  level: string;
}

export interface CommunityView {
  code: string;
  name: string;
  nameEn: string;
}

export interface ContactRequest {
  name?: string;
  phone?: string;
}

export interface EvaluationRequest {
  solved?: boolean;
  satisfaction?: string;
  words?: string;
}

export interface FeedFrame {
  epoch: string;
  kind: string;
  from: number;
  through: number;
  serverTime: string;
  calls: CallCard[];
  gone: string[];
}

export interface GridView {
  code: string;
  name: string;
  nameEn: string;
  community: string;
  outline: number[][];
}

export interface HistoryView {
  from: string;
  to: string;
  total: number | null;
  calls: CallCard[];
  next: string | null;
}

export interface JournalLine {
  seq: number;
  callNo: string;
  version: number;
  at: string;
  by: string;
  what: string;
  answer: string | null;
  due: string | null;
  detail: string[];
  card: CallCard;
}

export interface JournalPage {
  epoch: string;
  head: number;
  entries: JournalLine[];
}

export interface LeadCard {
  team: string | null;
  post: string;
  community: string | null;
}

export interface LinkReply {
  url: string;
  until: string;
}

export interface LocationRequest {
  lat?: number;
  lon?: number;
  datum?: string;
}

export interface LoginReply {
  accessToken: string;
  expiresIn: number;
  tokenType: string;
}

export interface LoginRequest {
  userName?: string;
  password?: string;
}

export interface MaskedContact {
  name: string | null;
  phone: string | null;
}

export interface Me {
  userName: string;
  role: string;
  post: string | null;
  postKind: string | null;
  team: string | null;
  community: string | null;
  grid: string | null;
  onDuty: boolean;
}

export interface NoteRequest {
  note?: string;
}

export interface OrderRequest {
  note?: string;
  team?: string;
  category?: string;
  level?: string;
  grid?: string;
  party?: string;
  answer?: string;
  kind?: string;
  hours?: number;
  until?: string;
  granted?: boolean;
  into?: string;
  number?: string;
  result?: string;
  solved?: boolean;
  satisfaction?: string;
}

export interface PartyNameView {
  code: string;
  name: string;
  nameEn: string;
  kind: string;
}

export interface PartyView {
  callNo: string;
  party: string;
  partyName: string;
  partyNameEn: string;
  category: string;
  level: string;
  grid: string;
  station: string | null;
  state: string;
  description: string;
  openedAt: string;
  due: string;
  met: boolean;
  released: boolean;
}

export interface PromisedAnswer {
  kind: string;
  due: string;
}

export interface RateView {
  value: number | null;
  low: number | null;
  high: number | null;
  of: number;
}

export interface RatesLine {
  code: string;
  name: string;
  nameEn: string;
  rank: number | null;
  cases: number;
  breached: number;
  exempt: number;
  score: RateView;
  response: RateView;
  solved: RateView;
  satisfied: RateView;
  callback: RateView;
  firstTeam: RateView;
  returned: RateView;
  redone: RateView;
  resolvedOnTime: RateView;
  time: TimeView;
}

export interface RatesView {
  from: string;
  to: string;
  by: string;
  asOf: string;
  rankedFrom: number;
  groups: RatesLine[];
}

export interface ReadLine {
  id: number;
  at: string;
  by: string;
  post: string;
  callNo: string;
  looked: string;
  reason: string | null;
}

export interface ReadsView {
  reads: ReadLine[];
  next: number | null;
}

export interface Reply {
  ok: boolean;
  code: string;
  message: string;
  messageEn: string;
  call: CallCard | null;
}

export interface ResolveRequest {
  report?: string;
}

export interface ReturnRequest {
  reason?: string;
  note?: string;
}

export interface SimilarCall {
  callNo: string;
  category: string;
  level: string;
  grid: string;
  state: string;
  openedAt: string;
  score: number;
}

export interface StandardView {
  key: string;
  class: string;
  className: string;
  item: string;
  itemName: string;
  condition: string;
  closing: string;
  limit: string;
  limitEn: string;
  category: string | null;
}

export interface StandardsView {
  standards: StandardView[];
}

export interface StationView {
  code: string;
  name: string;
  nameEn: string;
  grid: string;
}

export interface StatsView {
  from: string;
  to: string;
  asOf: string;
  cases: number;
  arrivals: ArrivalsView[];
  answers: AnswerTimesView[];
}

export interface StreetView {
  name: string;
  nameEn: string;
  communities: CommunityView[];
  grids: GridView[];
  stations: StationView[];
  teams: TeamView[];
  categories: CategoryView[];
  parties: PartyNameView[];
}

export interface TeamView {
  code: string;
  name: string;
  nameEn: string;
  community: string;
  grids: string[];
}

export interface TimeView {
  push: number;
  reach: number;
  human: number;
  department: number;
  pause: number;
}

export interface TimelineLine {
  version: number;
  at: string;
  by: string;
  what: string;
  answer: string | null;
  detail: string[];
}

export interface TodayView {
  day: string;
  asOf: string;
  received: number;
  over: number;
  late: number;
  hours: number[];
}

export interface TrackedCall {
  callNo: string;
  version: number;
  category: string;
  level: string;
  state: string;
  grid: string;
  station: string | null;
  openedAt: string;
  steps: AnswerCard[];
  lead: LeadCard | null;
  overdue: boolean;
  canWithdraw: boolean;
  canEvaluate: boolean;
  evaluateBy: string | null;
  together?: boolean;
  suspendedUntil?: string;
  reason?: string;
}

export interface VerifyRequest {
  passed?: boolean;
  note?: string;
}

export interface WhistleReceipt {
  callNo: string;
  trackingCode: string;
  trackingUrl: string;
  answers: PromisedAnswer[];
}

export interface WhistleRequest {
  station?: string;
  grid?: string;
  location?: LocationRequest;
  category?: string;
  description?: string;
  danger?: boolean;
  hideFromProperty?: boolean;
  contact?: ContactRequest;
  photos?: string[];
  standard?: string;
  source?: string;
  drill?: boolean;
  joins?: string;
}
