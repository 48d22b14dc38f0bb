// The shapes that cross the wire, made from src/Contracts: do not edit. Renewed by the unit tests with DISPATCH_WRITE_DOCS=true.
// Times are ISO 8601 with offset, days yyyy-MM-dd.

export interface AcknowledgeRequest {
  answer?: string;
  saidAt?: string;
  note?: string;
}

export interface ActLine {
  id: number;
  at: string;
  by: string;
  what: string;
  subject: string;
  detail: string;
}

export interface ActsView {
  list: string;
  acts: ActLine[];
  next: number | null;
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
  doneAt?: string;
  disclaimed?: boolean;
  from: string;
}

export interface AnswerReach {
  via: string;
  accepted: number;
  medianSeconds: number | null;
  p90Seconds: number | null;
}

export interface AnswerReport {
  id: string | null;
  ref: string | null;
  key: string | null;
  phone: string | null;
  text: string | null;
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
  call?: CallCard;
  winner?: RaceWinner;
}

export interface ArrivalsView {
  category: string;
  name: string;
  nameEn: string;
  hours: number[];
}

export interface AskedView {
  key: string;
  name: string;
  nameEn: string;
  who: RespondentView[];
  need: number;
  given: number;
  onDuty: number | null;
  outside: boolean;
}

export interface AuditLine {
  seq: number;
  at: string;
  callNo: string;
  version: number;
  what: string;
  answer: string | null;
  due: string | null;
  by: string;
  detail: string[];
}

export interface AuditView {
  entries: AuditLine[];
  next: number | null;
}

export interface BesideLine {
  by: string;
  at: string;
}

export interface BesideView {
  others: BesideLine[];
}

export interface Board {
  epoch: string;
  seq: number;
  total: number;
  calls: CallCard[];
  matters?: MatterCard[];
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
  source?: string;
  cityNo?: string;
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
  guides?: string[];
  callerNotes?: number;
  petitions?: string[];
}

export interface CallDetail {
  call: CallCard;
  description: string;
  contact: MaskedContact | null;
  texts: CallText[];
  photos: CallPhoto[];
  timeline: TimelineLine[];
  guide: LeadCard | null;
  exemptions: ExemptionView[];
  commands: string[];
  acknowledgeable?: string[];
  releasable?: string[];
  petitions?: PleaView[];
  extensions?: ExtensionView[];
  erasure?: Erasure;
}

export interface CallPhoto {
  id: string;
  kind: string;
  at: string;
  width: number;
  height: number;
  version?: number;
}

export interface CallText {
  kind: string;
  by: string;
  at: string;
  words: string;
  version: number;
}

export interface CallbackLine {
  callNo: string;
  phone: boolean;
  tries: number;
  lastTry: string | null;
}

export interface CalloutChoice {
  kinds: string[] | null;
  communities: string[] | null;
  teams: string[] | null;
  grids: string[] | null;
}

export interface CalloutCount {
  asked: number;
  absent: number;
  silent: number;
}

export interface CalloutEnd {
  note: string | null;
}

export interface CalloutFigures {
  asked: number;
  answered: number;
  inTime: number;
  absent: number;
  medianSeconds: number | null;
}

export interface CalloutLine {
  callNo: string;
  drill: boolean;
  openedAt: string;
  endedAt: string | null;
  figures: CalloutFigures;
}

export interface CalloutList {
  since: string;
  limitMinutes: number;
  callouts: CalloutLine[];
  sums: CalloutSum[];
  plan: DrillPlan;
  safety: SafetyPlan;
}

export interface CalloutPart {
  callNo: string;
  community: string;
  asked: number;
  answered: number;
  rung: string;
}

export interface CalloutPost {
  post: string;
  kind: string | null;
  community: string | null;
  team: string | null;
  grid: string | null;
  state: string;
  answeredAt: string | null;
  seconds: number | null;
  via: string | null;
  onDuty: boolean;
  told: CalloutTold[];
}

export interface CalloutReceipt {
  callNo: string;
  asked: number;
  absent: number;
}

export interface CalloutRequest {
  text?: string;
  drill?: boolean;
  choose?: CalloutChoice;
}

export interface CalloutSum {
  drill: boolean;
  callouts: number;
  figures: CalloutFigures;
}

export interface CalloutTold {
  by: string;
  state: string;
  why: string | null;
  at: string | null;
}

export interface CalloutView {
  callNo: string;
  drill: boolean;
  text: string | null;
  now: string;
  openedAt: string;
  endedAt: string | null;
  climbsAt: string | null;
  until: string | null;
  sending: boolean;
  mayEnd: boolean;
  limitMinutes: number;
  figures: CalloutFigures;
  parts: CalloutPart[];
  posts: CalloutPost[];
}

export interface CandidateTeam {
  team: string;
  nearness: string;
  onDuty: number;
  free: number;
  open: number;
  taken: number;
  share: number | null;
  metres: number | null;
  minutes: number | null;
  onTime: boolean | null;
  post: string | null;
  grid: string | null;
  skilled: boolean | null;
  returned?: boolean;
}

export interface CandidatesView {
  order: string;
  teams: CandidateTeam[];
  own?: OwnChoice;
}

export interface CaseTold {
  messages: ToldMessage[];
}

export interface CategoryView {
  code: string;
  name: string;
  nameEn: string;
  level: string;
}

export interface ChainDay {
  day: string;
  first: number;
  last: number;
  root: string;
  hash: string;
  signature: string;
  isOver: boolean;
}

export interface ChainView {
  link: number;
  hash: string;
  at: string;
  fingerprint: string;
  publicKey: string;
  days: ChainDay[];
}

export interface ChannelReach {
  by: string;
  called: number;
  sent: number;
  noNumber: number;
  failed: number;
  medianSeconds: number | null;
  p90Seconds: number | null;
}

export interface ChannelRequest {
  kind?: string;
  addresses?: string[];
  url?: string;
  secret?: string;
  enabled?: boolean;
  perMinute?: number;
  timeoutSeconds?: number;
  firstRetrySeconds?: number;
  propertyReads?: boolean;
  template?: string;
  okField?: string;
  okValue?: string;
  answers?: boolean;
}

export interface ChannelView {
  code: string;
  kind: string;
  addresses: string[];
  host: string | null;
  hasSecret: boolean;
  enabled: boolean;
  perMinute: number;
  timeoutSeconds: number;
  firstRetrySeconds: number;
  propertyReads: boolean;
  template: string | null;
  okField: string | null;
  okValue: string | null;
  failingSince: string | null;
  answers: boolean;
}

export interface ChannelsView {
  channels: ChannelView[];
}

export interface ChildLine {
  callNo: string;
  category: string;
  state: string;
  trackingUrl: string;
}

export interface ChildMatter {
  callNo: string;
  procedure: Named;
  isOpen: boolean;
  trackingUrl: string;
}

export interface CommunityView {
  code: string;
  name: string;
  nameEn: string;
  dutyPhone?: string;
}

export interface ContactRequest {
  name?: string;
  phone?: string;
}

export interface ContactView {
  name: string | null;
  phone: string | null;
  position?: PositionView;
}

export interface DrillPlan {
  on: boolean;
  from: string | null;
  until: string | null;
  text: string | null;
  choose: CalloutChoice | null;
}

export interface DryRunRow {
  stage: string;
  outcome: string | null;
  asked: string[];
  due: string | null;
  skipped: string[];
  next: string | null;
}

export interface DryRunView {
  mistakes: MistakeView[];
  rows: DryRunRow[];
  unreached: string[];
}

export interface DutyGaps {
  asOf: string;
  gaps: RosterGap[];
}

export interface DutyNote {
  at: string;
  by: string;
  words: string;
}

export interface DutyRequest {
  unit?: string;
  from?: string;
  until?: string;
  note?: string;
  kind?: string;
  ticked?: string[];
}

export interface DutyRules {
  hours: Record<string, string> | null;
  seasons: DutySeason[] | null;
}

export interface DutySeason {
  from: string;
  until: string;
}

export interface DutyView {
  post: string | null;
  onDuty: boolean;
  until: string | null;
  posts: RosterPost[];
  colleagues: RosterPost[];
  shifts: RosterShift[];
  swaps: SwapView[];
  gaps: RosterGap[];
  notes: DutyNote[];
}

export interface EntryLine {
  code: string;
  kind: Named;
  name: string;
  nameEn: string;
  place: Named;
  isOver: boolean;
}

export interface EntryTie {
  role: Named;
  place: Named;
  to: string | null;
  from: string | null;
  until: string | null;
}

export interface EntryView {
  entry: EntryLine;
  version: number;
  from: string | null;
  until: string | null;
  expiresAt: string | null;
  fields: FieldValue[];
  holds: EntryTie[];
  answers: ResolveView[];
  teams: Named[];
}

export interface EraseRequest {
  callNo?: string;
  phone?: string;
  reason?: string;
}

export interface ErasedView {
  erased: string[];
  waiting: string[];
  entries?: string[];
  kept?: string[];
  elsewhere?: HeldElsewhere[];
}

export interface Erasure {
  at: string;
  doneAt: string | null;
}

export interface EvaluationRequest {
  solved?: boolean;
  satisfaction?: string;
  words?: string;
}

export interface ExemptionView {
  answer: string;
  reason: string;
  granted: boolean | null;
}

export interface ExtensionView {
  hours: number;
  newDue: string;
}

export interface FailingChannel {
  by: string;
  since: string;
}

export interface FeedFrame {
  epoch: string;
  kind: string;
  from: number;
  through: number;
  serverTime: string;
  calls: CallCard[];
  gone: string[];
  matters: MatterCard[] | null;
  mattersGone: string[] | null;
}

export interface FieldValue {
  key: string;
  name: string;
  nameEn: string;
  kind: string;
  value: string | null;
  hidden: string | null;
  valueEn: string | null;
}

export interface FieldView {
  key: string;
  name: string;
  nameEn: string;
  kind: string;
  required: boolean;
  privacy: string;
  max: number;
  choices: Named[] | null;
}

export interface FollowedMatter {
  callNo: string;
  version: number;
  procedure: Named;
  openedAt: string;
  promised: string | null;
  promiseKept: string | null;
  overdue: boolean;
  suspendedUntil: string | null;
  stages: MatterStage[];
  mine: OwedView[];
  items: MatterItem[];
  told: FormLine[];
  said: SaidLine[];
  looks: LookLine[];
  erasure?: Erasure;
  outcome: string | null;
  outcomeName: string | null;
  outcomeNameEn: string | null;
  canCancel: boolean;
  reader: string;
}

export interface FormLine {
  at: string;
  name: string | null;
  nameEn: string | null;
  values: FieldValue[];
}

export interface FormView {
  key: string;
  fields: FieldView[];
}

export interface FormerView {
  kind: string;
  code: string;
  name: string;
  nameEn: string;
}

export interface GridView {
  code: string;
  name: string;
  nameEn: string;
  community: string;
  outline: number[][];
}

export interface HandOverItem {
  key: string;
  kind: string;
  callNo: string | null;
  category: string | null;
  community: string | null;
  grid: string | null;
  count: number;
}

export interface HandOverLine {
  at: string;
  what: string;
  by: string;
  ticked: number;
  left: number;
}

export interface HandOverView {
  asOf: string;
  items: HandOverItem[];
  last: HandOverLine | null;
}

export interface HeldCase {
  callNo: string;
  openedAt: string;
  isOver: boolean;
  name: string | null;
  phone: string | null;
  position: HeldPosition | null;
  words: HeldWords[];
  photos: CallPhoto[];
  messages: HeldMessage[];
  looks: HeldLook[];
  erasure?: Erasure;
}

export interface HeldConsent {
  what: string;
  at: string;
  by: string;
  endedAt: string | null;
}

export interface HeldElsewhere {
  kind: string;
  code: string;
  name: string;
  nameEn: string;
}

export interface HeldEntry {
  code: string;
  kind: Named;
  name: string;
  nameEn: string;
  place: Named;
  fields: FieldValue[];
  looks: HeldLook[];
  isTheirs: boolean;
  from: string | null;
  until: string | null;
  holds: EntryTie[];
  consents?: HeldConsent[];
  requests?: HeldWords[];
  link?: HeldPersonalLink;
  householdLink?: HeldHouseholdLink;
  photo: boolean;
}

export interface HeldHouseholdLink {
  at: string;
  by: string;
  until: string;
}

export interface HeldLook {
  at: string;
  by: string;
  looked: string;
  reason: string | null;
}

export interface HeldMessage {
  event: string;
  channel: string;
  state: string;
  at: string;
}

export interface HeldPersonalLink {
  since: string;
  reports: number;
}

export interface HeldPosition {
  lat: number;
  lon: number;
  datum: string;
}

export interface HeldRequest {
  callNo?: string;
  phone?: string;
  purpose?: string;
}

export interface HeldView {
  at: string;
  cases: HeldCase[];
  more: boolean;
  entries?: HeldEntry[];
  elsewhere?: HeldElsewhere[];
}

export interface HeldWords {
  callNo: string;
  kind: string;
  by: string;
  at: string;
  words: string;
}

export interface HistoryView {
  from: string;
  to: string;
  total: number | null;
  calls: CallCard[];
  next: string | null;
}

export interface Inbox {
  owed: OwedItem[];
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
  card: CallCard | null;
  kind?: string;
  matter?: MatterCard;
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

export interface LinkSent {
  messages: number;
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
  code?: string;
}

export interface LookLine {
  at: string;
  by: string;
  looked: string;
}

export interface LookupRequest {
  purpose?: string;
  call?: string;
}

export interface LookupView {
  code: string;
  purpose: string;
  at: string;
  fields: FieldValue[];
}

export interface MaskedContact {
  name: string | null;
  phone: string | null;
  phoneAt?: string;
  position?: boolean;
}

export interface MatterCard {
  callNo: string;
  version: number;
  kind: string;
  procedure: string;
  procedureVersion: number;
  community: string;
  grid: string | null;
  stage: string | null;
  outcome: string | null;
  visibility: string;
  rung: string;
  flags: string[];
  owed: OwedCard[];
  from: string | null;
  due: string | null;
  breached: boolean;
  promised: string | null;
  promiseKept: string | null;
  nextDue: string | null;
  breachAt: string | null;
  openedAt: string;
  suspendedUntil: string | null;
  parent: string | null;
  items: number | null;
  itemsHeld: number | null;
  petitions: string[] | null;
  callerNotes: number | null;
  rings: boolean | null;
}

export interface MatterChild {
  callNo: string;
  outcome: string | null;
}

export interface MatterDetail {
  matter: MatterCard;
  procedure: Named;
  stages: MatterStage[];
  asked: AskedView[];
  mine: OwedView[];
  petitions: PleaView[] | null;
  extensions?: ExtensionView[];
  items: MatterItem[];
  timeline: MatterLine[];
  children: MatterChild[];
  commands: string[];
  contact: MaskedContact | null;
  chooses: Named[] | null;
  erasure?: Erasure;
}

export interface MatterFact {
  name: string;
  of: string | null;
  ofName: string | null;
  ofNameEn: string | null;
}

export interface MatterItem {
  number: number;
  receipt: string;
  at: string;
  returnedAt: string | null;
  values: FieldValue[];
}

export interface MatterLine {
  version: number;
  at: string;
  by: string;
  what: string;
  facts: MatterFact[];
  values: FieldValue[] | null;
  words: string | null;
}

export interface MatterList {
  total: number;
  matters: MatterCard[];
  next: string | null;
}

export interface MatterOrder {
  owed: string | null;
  says: string | null;
  form: Record<string, string> | null;
  key: string | null;
  posts: string[] | null;
  kind: string | null;
  minutes: number | null;
  until: string | null;
  granted: boolean | null;
  note: string | null;
  anyway?: boolean;
}

export interface MatterReceipt {
  callNo: string;
  trackingCode: string | null;
  trackingUrl: string | null;
  promised: string | null;
  phoneNoText?: boolean;
}

export interface MatterReply {
  ok: boolean;
  code: string;
  message: string;
  messageEn: string;
  matter: MatterCard | null;
  receipt: string | null;
}

export interface MatterRequest {
  procedure?: string;
  grid?: string;
  community?: string;
  origin?: string;
  parent?: string;
  form?: Record<string, string>;
  contact?: ContactRequest;
  chosen?: Record<string, string[]>;
  drill?: boolean;
  anyway?: boolean;
}

export interface MatterReveal {
  contact: ContactView | null;
  forms: MatterLine[];
}

export interface MatterStage {
  key: string;
  name: string;
  nameEn: string;
  state: string;
  from: string | null;
  to: string | null;
  due: string | null;
  outcome: string | null;
  outcomeName: string | null;
  outcomeNameEn: string | null;
  late: boolean;
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
  posts?: MyPost[];
}

export interface MistakeView {
  member: string;
  message: string;
  messageEn: string;
}

export interface MyPost {
  post: string;
  postKind: string;
  team: string | null;
  community: string | null;
  grid: string | null;
  onDuty: boolean;
}

export interface Named {
  code: string;
  name: string;
  nameEn: string;
}

export interface NoteRequest {
  note?: string;
  photos?: string[];
  shows?: string;
}

export interface OrderRequest {
  note?: string;
  team?: string;
  instead?: string;
  category?: string;
  level?: string;
  grid?: string;
  party?: string;
  answer?: string;
  kind?: string;
  reason?: string;
  hours?: number;
  until?: string;
  cityNo?: string;
  saidAt?: string;
  granted?: boolean;
  into?: string;
  number?: string;
  result?: string;
  solved?: boolean;
  satisfaction?: string;
}

export interface OutboxLine {
  id: number;
  key: string;
  channel: string;
  address: string;
  event: string;
  callNo: string;
  level: string;
  state: string;
  why: string;
  attempts: number;
  createdAt: string;
  notBefore: string;
  nextAt: string | null;
  doneAt: string | null;
}

export interface OutboxPage {
  counts: Record<string, number>;
  lines: OutboxLine[];
}

export interface OwedCard {
  key: string;
  ask: string;
  asked: string[];
  need: number;
  given: number;
  item: number | null;
}

export interface OwedItem {
  climbed: boolean;
  decides: PleaView[] | null;
  matter: MatterCard;
  procedure: Named;
  stage: Named;
  owed: OwedView[];
  rings: boolean;
  alarms: boolean;
  walks: boolean;
  text: string | null;
  items: MatterItem[];
}

export interface OwedView {
  key: string;
  name: string;
  nameEn: string;
  says: Named[];
  form: FormView | null;
  item: MatterItem | null;
}

export interface OwnChoice {
  suggested: boolean;
  taken: number;
  teamTaken: number;
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
  kind?: string;
  done?: boolean;
  disclaimed?: boolean;
}

export interface PatternRequest {
  unit?: string;
  code?: string;
  name?: string;
  start?: string;
  end?: string;
  standby?: boolean;
  kinds?: ShiftKindRequest[];
  cycle?: string[][];
  crews?: string[][];
  stride?: number;
  withdrawn?: boolean;
}

export interface PhoneRequest {
  phone?: string;
  anyway?: boolean;
}

export interface PhotoReceipt {
  id: string;
}

export interface PlacePresence {
  kind: string;
  code: string;
  onDuty: number;
  online: number;
  reachable: number;
}

export interface PleaView {
  kind: string;
  minutes: number | null;
  until: string | null;
  newDue: string | null;
  decideBy: string;
}

export interface PositionView {
  lat: number;
  lon: number;
  datum: string;
  wgs84: number[];
  gcj02: number[];
}

export interface PresenceView {
  at: string;
  online: string[];
  places: PlacePresence[];
  unreachable: UnreachablePost[];
  failing: FailingChannel[];
}

export interface ProcedureList {
  procedures: ProcedureView[];
}

export interface ProcedureRequest {
  document?: string;
  grid?: string;
  community?: string;
}

export interface ProcedureView {
  code: string;
  version: number;
  name: string;
  nameEn: string;
  about: string;
  aboutEn: string;
  place: string;
  visibility: string;
  mayStart: boolean;
  hasCaller: boolean;
  form: FormView | null;
  stages: Named[];
  chooses: Named[] | null;
}

export interface PromiseView {
  level: string;
  answer: string;
  clock: string;
  hours: number;
}

export interface PromisedAnswer {
  kind: string;
  due: string;
}

export interface PublicMatter {
  callNo: string;
  procedure: Named;
  stage: Named | null;
  openedAt: string;
  due: string | null;
  outcome: string | null;
  outcomeName: string | null;
  outcomeNameEn: string | null;
  values: FieldValue[];
}

export interface PushRequest {
  endpoint?: string;
  p256dh?: string;
  auth?: string;
}

export interface RaceWinner {
  team: string | null;
  post: string;
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

export interface ReachFigures {
  since: string;
  channels: ChannelReach[];
  answers: AnswerReach[];
  teams: TeamReach[];
}

export interface ReachRequest {
  rules: unknown;
}

export interface ReachView {
  version: number;
  rules: unknown;
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

export interface RegisterList {
  entries: EntryLine[];
  found: number;
}

export interface Reply {
  ok: boolean;
  code: string;
  message: string;
  messageEn: string;
  call: CallCard | null;
  already?: boolean;
}

export interface ResolveRequest {
  report?: string;
}

export interface ResolveView {
  role: Named;
  place: string;
  at: string;
  foundAt: Named;
  holders: EntryLine[];
}

export interface RespondentView {
  role: string;
  area: string | null;
  code: string | null;
  answered: boolean;
}

export interface ReturnRequest {
  reason?: string;
  note?: string;
}

export interface RhythmCount {
  rhythm: string;
  name: string;
  nameEn: string;
  places: number;
  stops: number;
}

export interface RhythmDay {
  day: string;
  rounds: RhythmCount[];
}

export interface RhythmsView {
  version: number;
  document: string;
  ahead: RhythmDay[];
}

export interface RosterAbsence {
  post: string;
  from: string;
  until: string;
  kind: string;
}

export interface RosterFeed {
  url: string;
}

export interface RosterGap {
  unit: string;
  from: string;
  until: string;
  fallback: boolean;
}

export interface RosterLine {
  id: number;
  at: string;
  by: string;
  byPost: string | null;
  what: string;
  unit: string;
  post: string | null;
  shift: number | null;
  from: string | null;
  until: string | null;
  detail: string;
}

export interface RosterNight {
  from: string;
  until: string;
  posts: RosterPost[];
  units: RosterNightUnit[];
}

export interface RosterNightUnit {
  unit: string;
  shifts: RosterShift[];
  gaps: RosterGap[];
}

export interface RosterPage {
  lines: RosterLine[];
}

export interface RosterPattern {
  code: string;
  version: number;
  pattern: PatternRequest;
}

export interface RosterPost {
  id: string;
  kind: string;
  unit: string;
  grid: string | null;
  name: string | null;
}

export interface RosterRangeRequest {
  unit?: string;
  fromDay?: string;
  toDay?: string;
  post?: string;
  from?: string;
  until?: string;
  kind?: string;
  userName?: string;
  team?: string;
}

export interface RosterRefused {
  line: number;
  code: string;
  message: string;
  messageEn: string;
}

export interface RosterShift {
  id: number;
  version: number;
  post: string;
  from: string;
  until: string | null;
  pattern: string | null;
  fixed: boolean;
  standby: boolean;
}

export interface RosterTaken {
  made: number;
  moved: number;
  dropped: number;
  refused: RosterRefused[];
}

export interface RosterView {
  unit: string;
  from: string;
  to: string;
  now: string;
  mayEdit: boolean;
  units: string[];
  freeDays: string[];
  posts: RosterPost[];
  shifts: RosterShift[];
  gaps: RosterGap[];
  absences: RosterAbsence[];
  patterns: RosterPattern[];
}

export interface RoundList {
  day: string;
  rounds: RoundView[];
}

export interface RoundStop {
  place: string;
  name: string;
  nameEn: string;
  kind: string;
  at: string | null;
  found: boolean | null;
  whistles?: string[];
}

export interface RoundView {
  rhythm: string;
  name: string;
  nameEn: string;
  community: string | null;
  grid: string | null;
  callNo: string | null;
  state: string;
  from: string;
  due: string | null;
  mine: boolean;
  homes?: string;
  checks: Named[];
  stops: RoundStop[];
}

export interface SafetyPlan {
  on: boolean;
  minutes: number;
  nightFrom: string | null;
  nightUntil: string | null;
}

export interface SaidLine {
  at: string;
  kind: string;
  words: string;
}

export interface SearchHit {
  call: CallCard;
  by: string;
}

export interface SearchRequest {
  q?: string;
}

export interface SearchView {
  hits: SearchHit[];
  cut: boolean;
}

export interface ShiftKindRequest {
  code?: string;
  from?: string;
  until?: string;
  days?: string;
}

export interface ShiftRequest {
  post?: string;
  from?: string;
  until?: string;
  standby?: boolean;
  version?: number;
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
  position?: number[];
}

export interface StatsView {
  from: string;
  to: string;
  asOf: string;
  cases: number;
  arrivals: ArrivalsView[];
  answers: AnswerTimesView[];
}

export interface StopReply {
  ok: boolean;
  code: string;
  whistle?: string;
  done: boolean;
}

export interface StopRequest {
  place?: string;
  rest?: string[];
  found?: boolean;
  category?: string;
  words?: string;
  danger?: boolean;
  photos?: string[];
}

export interface StreetView {
  name: string;
  nameEn: string;
  communities: CommunityView[];
  grids: GridView[];
  stations: StationView[];
  teams: TeamView[];
  categories: CategoryView[];
  dutyPhone: string | null;
  parties: PartyNameView[];
  surge: SurgeView | null;
  promises: PromiseView[];
  former: FormerView[];
}

export interface SurgeView {
  minutes: number;
  cases: number;
}

export interface SwapRequest {
  shift?: number;
  with?: string;
  for?: number;
}

export interface SwapView {
  id: number;
  state: string;
  mine: boolean;
  by: string;
  with: string;
  shift: RosterShift | null;
  for: RosterShift | null;
}

export interface TeamReach {
  team: string;
  called: number;
  reached: number;
  firstSeconds: number | null;
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
  ledBy: string | null;
}

export interface ToldLine {
  at: string;
  code: string;
  text: string;
  textEn: string;
}

export interface ToldMessage {
  to: string;
  kind: string | null;
  team: string | null;
  community: string | null;
  grid: string | null;
  by: string;
  event: string;
  state: string;
  why: string | null;
  dueAt: string;
  sentAt: string | null;
  answer: string | null;
  answeredAt: string | null;
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
  phone?: string;
  canMendPhone?: boolean;
  steps: AnswerCard[];
  lead: LeadCard | null;
  overdue: boolean;
  canWithdraw: boolean;
  canEvaluate: boolean;
  evaluateBy: string | null;
  noRating?: boolean;
  together?: boolean;
  withdrew?: boolean;
  told: ToldLine[];
  waits?: ToldLine;
  said: SaidLine[];
  looks: LookLine[];
  erasure?: Erasure;
  children?: ChildLine[];
  matters?: ChildMatter[];
  suspendedUntil?: string;
  guide: LeadCard | null;
  guidePhone?: string;
  reason?: string;
}

export interface UnreachablePost {
  post: string;
  kind: string;
  team: string | null;
  community: string | null;
  since: string;
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
  leftOut?: string[];
  phoneUnusual?: boolean;
  phoneNoText?: boolean;
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
  anyway?: boolean;
}
