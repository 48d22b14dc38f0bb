// Time left, by the server's clock; and times in the street's time zone, wherever the screen is.

import { w } from '../kernel/words.js';

const AMBER_SHARE = 0.25;
const AMBER_MOST = 10 * 60_000;
const SECONDS_BELOW = 600;

const HALF_A_DAY = 12 * 3_600_000;

const hourMinute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Shanghai' });
const dayOf = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'Asia/Shanghai' });

/** A long story asks for the same day again and again. */
let today = { now: NaN, day: '' };

/** @param {number} now */
function dayAt(now) {
  if (now !== today.now) today = { now, day: dayOf.format(now) };
  return today.day;
}

/** "14:05" today, otherwise with month and day. @param {string} iso @param {number} now */
export function when(iso, now) {
  const at = Date.parse(iso);
  const day = dayOf.format(at);
  if (day === dayAt(now)) return hourMinute.format(at);
  const [, month, date] = day.split('-').map(Number);
  return w('ui.date', month, date, hourMinute.format(at));
}

/** Beside a running clock, which tells the day of a time that is near: the time alone, or beyond half a day the month and day alone. @param {string} iso @param {number} now */
export function whenNear(iso, now) {
  const at = Date.parse(iso);
  if (Math.abs(at - now) < HALF_A_DAY) return hourMinute.format(at);
  const [, month, date] = dayOf.format(at).split('-').map(Number);
  return `${month}/${date}`;
}

/** In a narrow row beside a running clock, also after midnight: a time that is near alone, any other with its day. @param {string} iso @param {number} now */
export const whenBeside = (iso, now) => (Math.abs(Date.parse(iso) - now) < HALF_A_DAY ? hourMinute.format(Date.parse(iso)) : when(iso, now));

/** As people say it, "12 分钟", "3小时12分", "4天23小时"; with seconds when they matter: "02:31". @param {number} ms time left; negative if overdue */
export function span(ms) {
  const s = Math.floor(Math.abs(ms) / 1000);
  const minutes = Math.floor(s / 60);
  const pad = (/** @type {number} */ n) => String(n).padStart(2, '0');
  if (s < (ms < 0 ? 3_600 : SECONDS_BELOW)) return `${pad(minutes)}:${pad(s % 60)}`;
  if (minutes < 60) return w('ui.minutes', minutes);
  if (s < 48 * 3_600) return minutes % 60 ? w('ui.hoursMinutes', Math.floor(minutes / 60), minutes % 60) : w('ui.hours', minutes / 60);
  return w('ui.days', Math.floor(s / 86_400), Math.floor((s % 86_400) / 3600));
}

/** The same in the largest unit, for screen readers and residents. @param {number} ms */
export function roughly(ms) {
  const minutes = Math.max(1, Math.floor(Math.abs(ms) / 60_000));
  if (minutes < 60) return w('time.minutes', minutes);
  if (minutes >= 24 * 60) return w('time.days', Math.floor(minutes / (24 * 60)));
  return minutes % 60 ? w('time.hoursMinutes', Math.floor(minutes / 60), minutes % 60) : w('time.hours', minutes / 60);
}

/**
 * The state of one answer's clock: the time left, its share for the ring, and whether it is calm, amber (under a quarter or ten
 * minutes, whichever is shorter) or overdue.
 * @param {{from: string, due: string}} answer @param {number} now
 */
export function standing(answer, now) {
  const due = Date.parse(answer.due);
  const whole = Math.max(1, due - Date.parse(answer.from));
  const left = due - now;
  const amberFrom = due - Math.min(whole * AMBER_SHARE, AMBER_MOST);
  const tone = left < 0 ? 'over' : now > amberFrom ? 'amber' : 'calm';
  return { left, share: Math.max(0, Math.min(1, left / whole)), tone, amberFrom };
}
